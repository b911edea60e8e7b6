//! NPS, CSAT and CES. n counts answers only: a skipped question is no opinion.

use super::answers::Answer;
use serde::Serialize;

/// Below this many answers there are counts and no score: one shopper more could turn it around.
pub const MIN_N: u64 = 30;

/// The three scores of a set of answers.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Scores {
    /// Would recommend, 0 to 10.
    pub nps: Nps,
    /// Satisfied, 1 to 5.
    pub csat: Scale<5>,
    /// Easy, 1 to 7.
    pub ces: Scale<7>,
}

/// Net promoter score.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Nps {
    /// Answers.
    pub n: u64,
    /// 9 and 10.
    pub promoters: u64,
    /// 7 and 8.
    pub passives: u64,
    /// 0 to 6.
    pub detractors: u64,
    /// Share of promoters less share of detractors, −100 to 100; none below [`MIN_N`].
    pub score: Option<i64>,
    /// Half of the 95 % interval, in points.
    pub margin: Option<f64>,
}

/// A scale from 1 to `TOP` on which high is good: the top answers count as good ones.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scale<const TOP: usize> {
    /// Answers.
    pub n: u64,
    /// 4 and 5 of 5, 5 to 7 of 7.
    pub good: u64,
    /// How often each answer was given, from 1 up.
    pub counts: Vec<u64>,
    /// Good answers per cent; none below [`MIN_N`].
    pub score: Option<f64>,
    /// Mean; none below [`MIN_N`].
    pub mean: Option<f64>,
}

impl<const TOP: usize> Default for Scale<TOP> {
    fn default() -> Self {
        Self { n: 0, good: 0, counts: vec![0; TOP], score: None, mean: None }
    }
}

impl Scores {
    /// Counts an answer, if it is one of the three and on its scale.
    pub fn add(&mut self, answer: &Answer) {
        match (answer.ask.as_str(), answer.score) {
            ("nps", Some(score)) => self.nps.add(score),
            ("csat", Some(score)) => self.csat.add(score, 4),
            ("ces", Some(score)) => self.ces.add(score, 5),
            _ => (),
        }
    }
}

impl Nps {
    fn add(&mut self, score: i64) {
        match score {
            0..=6 => self.detractors += 1,
            7..=8 => self.passives += 1,
            9..=10 => self.promoters += 1,
            _ => return,
        }
        self.n += 1;
        if self.n < MIN_N {
            return;
        }
        let n = self.n as f64;
        let (p, d) = (self.promoters as f64 / n, self.detractors as f64 / n);
        self.score = Some(((p - d) * 100.0).round() as i64);
        self.margin = Some(round(1.96 * ((p + d - (p - d).powi(2)) / n).sqrt() * 100.0));
    }
}

impl<const TOP: usize> Scale<TOP> {
    fn add(&mut self, score: i64, good_from: usize) {
        let Some(index) = usize::try_from(score).ok().and_then(|score| score.checked_sub(1)) else {
            return;
        };
        let Some(count) = self.counts.get_mut(index) else {
            return;
        };
        *count += 1;
        self.n += 1;
        if index + 1 >= good_from {
            self.good += 1;
        }
        if self.n < MIN_N {
            return;
        }
        let n = self.n as f64;
        let sum: f64 = (1_u64..).zip(&self.counts).map(|(value, count)| (value * count) as f64).sum();
        self.score = Some(round(self.good as f64 / n * 100.0));
        self.mean = Some(round(sum / n));
    }
}

/// One decimal: more would pretend.
fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(ask: &str, values: impl IntoIterator<Item = i64>) -> Scores {
        let mut scores = Scores::default();
        for score in values {
            scores.add(&Answer { ask: ask.into(), score: Some(score), ..Answer::default() });
        }
        scores
    }

    #[test]
    fn nps_needs_thirty_answers() {
        let few = scores("nps", [10; 29]).nps;
        assert_eq!((few.n, few.promoters, few.score), (29, 29, None));
        // 20 promoters, 5 passives, 10 detractors of 35: 57.14 % − 28.57 %.
        let nps = scores("nps", [9; 20].into_iter().chain([7; 5]).chain([6; 10])).nps;
        assert_eq!((nps.n, nps.score), (35, Some(29)));
        // 1.96 · √((0.8571 − 0.2857²) / 35) · 100
        assert_eq!(nps.margin, Some(29.2));
    }

    #[test]
    fn csat_and_ces_count_the_top_of_their_scale() {
        let csat = scores("csat", [5; 20].into_iter().chain([4; 4]).chain([1; 6])).csat;
        assert_eq!((csat.n, csat.good, csat.score, csat.mean), (30, 24, Some(80.0), Some(4.1)));
        let ces = scores("ces", [7; 15].into_iter().chain([5; 6]).chain([2; 9])).ces;
        assert_eq!((ces.good, ces.score, ces.mean), (21, Some(70.0), Some(5.1)));
        assert_eq!(ces.counts, [0, 9, 0, 0, 6, 0, 15]);
    }

    #[test]
    fn what_is_off_the_scale_is_not_counted() {
        assert_eq!(scores("nps", [-1, 11]).nps.n, 0);
        assert_eq!(scores("csat", [0, 6, -3]).csat.n, 0);
        assert_eq!(scores("rating", [5]), Scores::default());
    }
}

//! NPS, CSAT and CES. n counts answers only: a skipped question is no opinion.

use super::answers::Answer;
use super::facts::Feeling;
use serde::Serialize;

/// Below this many answers there are counts and no score: one shopper more could turn it around.
pub const MIN_N: u64 = 30;

/// How many standard deviations 95 % of a normal distribution lie within.
pub const Z: f64 = 1.96;

/// The scores of a set of answers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Scores {
    /// Would recommend, 0 to 10.
    pub nps: Nps,
    /// Satisfied, 1 to 5.
    pub csat: Scale<5>,
    /// Easy, 1 to 7.
    pub ces: Scale<7>,
    /// Easy, 1 to 5. Not the same as 1 to 7: neither its mean nor its share may be put together with the other.
    pub ces5: Scale<5>,
}

/// Net promoter score.
#[derive(Debug, Clone, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Nps {
    /// Answers.
    pub n: u64,
    /// 9 and 10.
    pub promoters: u64,
    /// 7 and 8.
    pub passives: u64,
    /// 0 to 6.
    pub detractors: u64,
    /// How often each answer was given, from 0 up.
    pub counts: [u64; 11],
    /// Share of promoters less share of detractors, −100 to 100; none below [`MIN_N`].
    pub score: Option<i64>,
    /// Half of the 95 % interval, in points.
    pub margin: Option<f64>,
}

/// A scale from 1 to `TOP` on which high is good: the top answers count as good ones.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Scale{TOP}")]
pub struct Scale<const TOP: usize> {
    /// Answers.
    pub n: u64,
    /// 4 and 5 of 5, 5 to 7 of 7.
    pub good: u64,
    /// How often each answer was given, from 1 up.
    pub counts: Vec<u64>,
    /// Good answers per cent; none below [`MIN_N`].
    pub score: Option<f64>,
    /// Where the 95 % interval of `score` begins.
    pub low: Option<f64>,
    /// Where it ends.
    pub high: Option<f64>,
    /// Mean; none below [`MIN_N`].
    pub mean: Option<f64>,
    /// Half of the 95 % interval of the mean.
    pub margin: Option<f64>,
}

impl<const TOP: usize> Default for Scale<TOP> {
    fn default() -> Self {
        Self { n: 0, good: 0, counts: vec![0; TOP], score: None, low: None, high: None, mean: None, margin: None }
    }
}

/// Which of the scores an answer belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Would recommend.
    Nps,
    /// Satisfied.
    Csat,
    /// Easy, 1 to 7.
    Ces,
    /// Easy, 1 to 5.
    Ces5,
}

impl Asked {
    /// By the kind of the question and the points of its scale.
    pub fn of(ask: &str, scale: Option<i64>) -> Option<Self> {
        Some(match ask {
            "nps" => Self::Nps,
            "csat" => Self::Csat,
            "ces" if scale == Some(5) => Self::Ces5,
            "ces" => Self::Ces,
            _ => return None,
        })
    }

    /// Whether a score is on the scale.
    pub fn holds(self, score: i64) -> bool {
        match self {
            Self::Nps => (0..=10).contains(&score),
            Self::Csat | Self::Ces5 => (1..=5).contains(&score),
            Self::Ces => (1..=7).contains(&score),
        }
    }

    /// How a score feels, as it does on the page: see docs/journey.md.
    pub fn feeling(self, score: i64) -> Option<Feeling> {
        let (bad, good) = match self {
            Self::Nps => (6, 9),
            Self::Csat | Self::Ces5 => (2, 4),
            Self::Ces => (2, 5),
        };
        self.holds(score).then_some(match score {
            score if score >= good => Feeling::Satisfied,
            score if score <= bad => Feeling::Frustrated,
            _ => Feeling::Neutral,
        })
    }
}

impl Scores {
    /// Counts an answer, if it is one of these and on its scale.
    pub fn add(&mut self, answer: &Answer) {
        if let (Some(asked), Some(score)) = (Asked::of(&answer.ask, answer.scale), answer.score) {
            self.tally(asked, score);
            self.reckon();
        }
    }

    /// Counts an answer that is on the scale, and leaves the score to [`Scores::reckon`]: of a million answers it is reckoned once.
    pub fn tally(&mut self, asked: Asked, score: i64) {
        match asked {
            Asked::Nps => self.nps.tally(score),
            Asked::Csat => self.csat.tally(score),
            Asked::Ces => self.ces.tally(score),
            Asked::Ces5 => self.ces5.tally(score),
        }
    }

    /// Adds what others counted; the scores are left to [`Scores::reckon`].
    pub fn join(&mut self, other: &Self) {
        self.nps.join(&other.nps);
        self.csat.join(&other.csat);
        self.ces.join(&other.ces);
        self.ces5.join(&other.ces5);
    }

    /// Makes scores of what was counted.
    pub fn reckon(&mut self) {
        self.nps.reckon();
        self.csat.reckon();
        self.ces.reckon();
        self.ces5.reckon();
    }
}

impl Nps {
    /// Counts an answer that is on the scale.
    pub fn add(&mut self, score: i64) {
        self.tally(score);
        self.reckon();
    }

    fn tally(&mut self, score: i64) {
        let Some(count) = usize::try_from(score).ok().and_then(|score| self.counts.get_mut(score)) else { return };
        *count += 1;
        match score {
            ..=6 => self.detractors += 1,
            7..=8 => self.passives += 1,
            9.. => self.promoters += 1,
        }
        self.n += 1;
    }

    fn join(&mut self, other: &Self) {
        self.n += other.n;
        self.promoters += other.promoters;
        self.passives += other.passives;
        self.detractors += other.detractors;
        self.counts.iter_mut().zip(other.counts).for_each(|(mine, more)| *mine += more);
    }

    /// Makes a score of what was counted.
    pub(super) fn reckon(&mut self) {
        if self.n < MIN_N {
            return;
        }
        let n = self.n as f64;
        let (p, d) = (self.promoters as f64 / n, self.detractors as f64 / n);
        // Of whole numbers, so that a half is a half.
        self.score = Some(((self.promoters as f64 - self.detractors as f64) * 100.0 / n).round() as i64);
        self.margin = Some(round(Z * ((p + d - (p - d).powi(2)) / n).sqrt() * 100.0));
    }
}

impl<const TOP: usize> Scale<TOP> {
    /// The lowest good answer: 4 of 5, 5 of 7.
    const GOOD: usize = TOP.div_ceil(2) + 1;

    /// Counts an answer that is on the scale.
    pub fn add(&mut self, score: i64) {
        self.tally(score);
        self.reckon();
    }

    fn tally(&mut self, score: i64) {
        let Some(index) = usize::try_from(score).ok().and_then(|score| score.checked_sub(1)) else {
            return;
        };
        let Some(count) = self.counts.get_mut(index) else {
            return;
        };
        *count += 1;
        self.n += 1;
        if index + 1 >= Self::GOOD {
            self.good += 1;
        }
    }

    fn join(&mut self, other: &Self) {
        self.n += other.n;
        self.good += other.good;
        self.counts.iter_mut().zip(&other.counts).for_each(|(mine, more)| *mine += more);
    }

    fn reckon(&mut self) {
        if self.n < MIN_N {
            return;
        }
        let (low, high) = interval(self.good, self.n);
        self.score = Some(round(self.good as f64 / self.n as f64 * 100.0));
        (self.low, self.high) = (Some(low), Some(high));
        let (mean, margin) = mean((1..).zip(self.counts.iter().copied()));
        (self.mean, self.margin) = (Some(mean), Some(margin));
    }
}

/// The mean of values that were each given so often, and half of its 95 % interval: 1.96 · s / √n.
pub fn mean(counts: impl Iterator<Item = (i64, u64)>) -> (f64, f64) {
    let (mut n, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for (value, count) in counts {
        let (value, count) = (value as f64, count as f64);
        n += count;
        sum += value * count;
        squares += value * value * count;
    }
    let mean = sum / n;
    let variance = ((squares - n * mean * mean) / (n - 1.0)).max(0.0);
    (round(mean), round(Z * (variance / n).sqrt()))
}

/// The 95 % interval of a share, per cent, after Wilson: the simpler one shrinks to nothing where all agree, and leaves 0 to 100.
pub fn interval(part: u64, n: u64) -> (f64, f64) {
    let (low, high) = wilson(part, n);
    (round(low * 100.0), round(high * 100.0))
}

/// The same, from 0 to 1 and not rounded.
pub fn wilson(part: u64, n: u64) -> (f64, f64) {
    let (n, p) = (n as f64, part as f64 / n as f64);
    let z2 = Z * Z / n;
    let middle = (p + z2 / 2.0) / (1.0 + z2);
    let half = Z * (p * (1.0 - p) / n + z2 / (4.0 * n)).sqrt() / (1.0 + z2);
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

/// One decimal: more would pretend.
pub fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(ask: &str, scale: Option<i64>, values: impl IntoIterator<Item = i64>) -> Scores {
        let mut scores = Scores::default();
        for score in values {
            scores.add(&Answer { ask: ask.into(), score: Some(score), scale, ..Answer::default() });
        }
        scores
    }

    /// Promoters, passives and detractors; what the formula gives by hand.
    #[test]
    fn nps_is_what_it_is_by_hand() {
        let cases = [
            // 57.14 − 28.57 = 28.57; 1.96 · √((0.5714 + 0.2857 − 0.2857²) / 35) = 0.2916
            (20, 5, 10, Some(29), Some(29.2)),
            // 100 − 0; everybody says the same, the interval is nothing.
            (30, 0, 0, Some(100), Some(0.0)),
            (0, 0, 30, Some(-100), Some(0.0)),
            (0, 30, 0, Some(0), Some(0.0)),
            // 50 − 50; 1.96 · √(1 / 30) = 0.3578
            (15, 0, 15, Some(0), Some(35.8)),
            // 10 − 11 of 200: −0.5, which is a half and goes away from nothing; 1.96 · √((0.105 − 0.000025) / 200) = 0.0449
            (10, 179, 11, Some(-1), Some(4.5)),
            // 11 − 10 of 200: 0.5
            (11, 179, 10, Some(1), Some(4.5)),
            // 1 of 3 each: 333 / 1000 − 334 / 1000 = −0.1
            (333, 333, 334, Some(0), Some(5.1)),
            // One too few for a score.
            (29, 0, 0, None, None),
            (0, 0, 0, None, None),
        ];
        for (promoters, passives, detractors, score, margin) in cases {
            let given = [(9, promoters), (8, passives), (6, detractors)];
            let values = given.into_iter().flat_map(|(value, n)| std::iter::repeat_n(value, n));
            let nps = scores("nps", None, values).nps;
            assert_eq!((nps.score, nps.margin), (score, margin), "{promoters} {passives} {detractors}");
            assert_eq!(nps.n, (promoters + passives + detractors) as u64);
        }
    }

    #[test]
    fn each_point_of_nps_belongs_to_one_group() {
        let nps = scores("nps", None, 0..=10).nps;
        assert_eq!((nps.detractors, nps.passives, nps.promoters), (7, 2, 2));
        assert_eq!(nps.counts, [1; 11]);
    }

    #[test]
    fn csat_and_ces_are_what_they_are_by_hand() {
        // 24 of 30 are 4 or 5: 80 %. Wilson: (0.8 + 0.0640) / 1.1281 = 0.7659 ± 1.96 · √(0.16 / 30 + 0.001067) / 1.1281 = 0.1390.
        // Mean 122 / 30 = 4.07; squares 500 + 64 + 6 = 570, s² = (570 − 30 · 16.538) / 29 = 2.547, 1.96 · √(2.547 / 30) = 0.571.
        let csat = scores("csat", None, [5; 20].into_iter().chain([4; 4]).chain([1; 6])).csat;
        assert_eq!((csat.n, csat.good, csat.score, csat.mean), (30, 24, Some(80.0), Some(4.1)));
        assert_eq!((csat.low, csat.high, csat.margin), (Some(62.7), Some(90.5), Some(0.6)));
        // 21 of 30 are 5, 6 or 7: 70 %. (0.7 + 0.0640) / 1.1281 = 0.6773 ± 1.96 · √(0.21 / 30 + 0.001067) / 1.1281 = 0.1561.
        // Mean 153 / 30 = 5.1; squares 735 + 150 + 36 = 921, s² = (921 − 780.3) / 29 = 4.852, 1.96 · √(4.852 / 30) = 0.788.
        let ces = scores("ces", None, [7; 15].into_iter().chain([5; 6]).chain([2; 9])).ces;
        assert_eq!((ces.good, ces.score, ces.mean), (21, Some(70.0), Some(5.1)));
        assert_eq!((ces.low, ces.high, ces.margin), (Some(52.1), Some(83.3), Some(0.8)));
        assert_eq!(ces.counts, [0, 9, 0, 0, 6, 0, 15]);
        // All agree: 30 / 30 is not certainty. (1 + 0.0640) / 1.1281 = 0.9432 ± 1.96 · √(0.001067) / 1.1281 = 0.0568.
        let all = scores("csat", None, [5; 30]).csat;
        assert_eq!(
            (all.score, all.low, all.high, all.mean, all.margin),
            (Some(100.0), Some(88.6), Some(100.0), Some(5.0), Some(0.0))
        );
    }

    #[test]
    fn the_good_answers_of_each_scale() {
        let good = |scores: Scores| (scores.csat.good, scores.ces.good, scores.ces5.good);
        assert_eq!(good(scores("csat", None, 1..=5)), (2, 0, 0), "4, 5");
        assert_eq!(good(scores("ces", None, 1..=7)), (0, 3, 0), "5, 6, 7");
        assert_eq!(good(scores("ces", Some(7), 1..=7)), (0, 3, 0));
        assert_eq!(good(scores("ces", Some(5), 1..=5)), (0, 0, 2), "4, 5");
    }

    #[test]
    fn what_is_off_the_scale_is_not_counted() {
        assert_eq!(scores("nps", None, [-1, 11, i64::MAX, i64::MIN]), Scores::default());
        assert_eq!(scores("csat", None, [0, 6, -3]), Scores::default());
        assert_eq!(scores("ces", Some(5), [0, 6, 7]), Scores::default());
        assert_eq!(scores("rating", None, [5]), Scores::default());
    }
}

//! The one object that is told of a journey: the engine's own `journey_summary`, else what its events say.

use super::tree::Tree;
use polku_core::Name;
use serde_json::Value;

/// The design's stages, in order.
const STAGES: [&str; 5] = ["awareness", "consideration", "decision", "retention", "advocacy"];

/// What is known of a scripted journey. One that lies idle for long enough is more than one journey to the engine.
#[derive(Debug, Default)]
pub(crate) struct Summary(Vec<Visit>);

/// What is known of a journey by the engine's word.
#[derive(Debug, Default)]
struct Visit {
    id: String,
    converted: bool,
    stages: Vec<Counts>,
    /// The engine's own: its tab, its revision, and all of it. The last one of each tab.
    told: Vec<(Option<Tree>, u64, Tree)>,
}

#[derive(Debug, Default)]
struct Counts {
    stage: String,
    touchpoints: u64,
    friction: Vec<(&'static str, u64)>,
}

impl Summary {
    /// An event was taken.
    pub(crate) fn add(&mut self, id: &str, name: &str, stage: Option<&str>, data: Option<&str>) {
        let at = self.0.iter().position(|visit| visit.id == id).unwrap_or_else(|| {
            self.0.push(Visit { id: id.to_owned(), ..Visit::default() });
            self.0.len() - 1
        });
        let visit = &mut self.0[at];
        if name == Name::JourneySummary.as_str() {
            visit.tell(data.unwrap_or("{}"));
            return;
        }
        visit.converted |= name == Name::Purchase.as_str();
        if let Some(stage) = stage
            && name != Name::StageEnter.as_str()
        {
            visit.count(stage, name);
        }
    }

    /// All of a journey is to be deleted.
    pub(crate) fn forget(&mut self, id: &str) {
        self.0.retain(|visit| visit.id != id);
    }

    /// The object, as JSON: the engine's own where there is one.
    pub(crate) fn json(&self) -> String {
        let mut told = self.0.iter().flat_map(|visit| &visit.told).map(|(.., told)| told);
        let Some(mut all) = told.next().cloned() else {
            return self.assembled();
        };
        // The last one, with what only the journeys before it know.
        let mut journeys = 1;
        for later in told {
            journeys += 1;
            let furthest = [&all, later].into_iter().filter_map(|it| it.get("furthest"));
            let furthest = furthest.max_by_key(|stage| place(stage.text().unwrap_or_default())).cloned();
            let rest = [("furthest", furthest), ("door", all.get("door").cloned()), ("rev", later.get("rev").cloned())];
            all.add(later.clone());
            for (key, value) in rest {
                if let Some(value) = value {
                    all.set(key, value);
                }
            }
        }
        if journeys > 1 {
            all.set("journeys", Tree::Leaf(journeys.into()));
        }
        serde_json::to_string(&all).unwrap_or_default()
    }

    fn assembled(&self) -> String {
        let mut all = Visit::default();
        for visit in &self.0 {
            all.converted |= visit.converted;
            for counts in &visit.stages {
                let sum = all.stage(&counts.stage);
                sum.touchpoints += counts.touchpoints;
                for (name, count) in &counts.friction {
                    sum.add(name, *count);
                }
            }
        }
        // Stages of a framework that is not the design's stay in the order in which they were entered.
        all.stages.sort_by_key(|counts| place(&counts.stage));
        let furthest = all.stages.last().map_or("null".to_owned(), |counts| format!("{:?}", counts.stage));
        let stages: Vec<String> = all.stages.iter().map(Counts::json).collect();
        format!(r#"{{"converted":{},"furthest":{furthest},"stages":{{{}}}}}"#, all.converted, stages.join(","))
    }
}

/// Where a stage stands among the others.
fn place(stage: &str) -> usize {
    STAGES.iter().position(|known| *known == stage).unwrap_or(STAGES.len())
}

impl Visit {
    /// The engine's own summary of a tab so far: the highest revision wins.
    fn tell(&mut self, data: &str) {
        let Ok(told) = serde_json::from_str::<Tree>(data) else { return };
        let rev = if let Some(Tree::Leaf(Value::Number(rev))) = told.get("rev") { rev.as_u64() } else { None };
        let (tab, rev) = (told.get("tab").cloned(), rev.unwrap_or_default());
        match self.told.iter_mut().find(|(known, ..)| *known == tab) {
            Some((_, newest, old)) if rev >= *newest => (*newest, *old) = (rev, told),
            Some(_) => {}
            None => self.told.push((tab, rev, told)),
        }
    }

    fn count(&mut self, stage: &str, name: &str) {
        let counts = self.stage(stage);
        counts.touchpoints += 1;
        if let Some(name) = Name::parse(name).filter(|name| name.is_friction()) {
            counts.add(name.as_str(), 1);
        }
    }

    fn stage(&mut self, stage: &str) -> &mut Counts {
        let at = self.stages.iter().position(|counts| counts.stage == stage).unwrap_or_else(|| {
            self.stages.push(Counts { stage: stage.to_owned(), ..Counts::default() });
            self.stages.len() - 1
        });
        &mut self.stages[at]
    }
}

impl Counts {
    fn add(&mut self, name: &'static str, count: u64) {
        match self.friction.iter_mut().find(|(known, _)| *known == name) {
            Some((_, sum)) => *sum += count,
            None => self.friction.push((name, count)),
        }
    }

    fn json(&self) -> String {
        let friction: Vec<_> = self.friction.iter().map(|(name, count)| format!(r#""{name}":{count}"#)).collect();
        format!(r#"{:?}:{{"touchpoints":{},"friction":{{{}}}}}"#, self.stage, self.touchpoints, friction.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_the_engines_own_it_is_made_of_the_events() {
        let mut summary = Summary::default();
        assert_eq!(summary.json(), r#"{"converted":false,"furthest":null,"stages":{}}"#);
        for (name, stage) in [
            ("stage_enter", "decision"),
            ("rage_click", "decision"),
            ("purchase", "decision"),
            ("rage_click", "decision"),
            ("page_view", "awareness"),
        ] {
            summary.add("a", name, Some(stage), None);
        }
        assert_eq!(
            summary.json(),
            concat!(
                r#"{"converted":true,"furthest":"decision","stages":{"awareness":{"touchpoints":1,"friction":{}},"#,
                r#""decision":{"touchpoints":3,"friction":{"rage_click":2}}}}"#
            )
        );
    }

    #[test]
    fn the_engines_own_wins_by_its_revision() {
        let mut summary = Summary::default();
        summary.add("a", "page_view", Some("awareness"), None);
        for data in [r#"{"tab":1,"rev":1}"#, r#"{"tab":1,"rev":3,"x":1}"#, r#"{"tab":1,"rev":2}"#] {
            summary.add("a", "journey_summary", None, Some(data));
        }
        assert_eq!(summary.json(), r#"{"tab":1,"rev":3,"x":1}"#);
        // Idle for long enough, a script is two journeys: their sum stands for it.
        let first = r#"{"tab":"t1","rev":9,"stages":{"decision":{"friction":{"dead_click":1}}},"converted":true,"door":"mail","furthest":"decision"}"#;
        let second = r#"{"tab":"t1","rev":2,"stages":{"awareness":{},"decision":{"friction":{"dead_click":2}}},"converted":false,"door":"direct","furthest":"awareness"}"#;
        summary.add("b", "journey_summary", None, Some(first));
        summary.add("c", "journey_summary", None, Some(second));
        summary.forget("a");
        assert_eq!(
            summary.json(),
            concat!(
                r#"{"tab":"t1","rev":2,"stages":{"decision":{"friction":{"dead_click":3}},"awareness":{}},"converted":true,"#,
                r#""door":"mail","furthest":"decision","journeys":2}"#
            )
        );
        summary.forget("b");
        summary.forget("c");
        assert!(summary.json().contains("\"converted\":false"));
    }
}

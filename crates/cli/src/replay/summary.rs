//! The one object that is told of a journey: the engine's own `journey_summary`, else what its events say.

use super::tree::Tree;
use polku_core::{Framework, Name, Stage};
use serde_json::Value;

/// What is known of a scripted journey. One that lies idle for long enough is more than one journey to the engine.
#[derive(Debug)]
pub(crate) struct Summary {
    visits: Vec<Visit>,
    /// Whose stages they are, for their order.
    framework: Framework,
}

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
    /// Nothing is known yet. The framework is the one of the shop's pages.
    pub(crate) fn new(framework: &str) -> Self {
        Self { visits: Vec::new(), framework: Framework::new(framework) }
    }

    /// An event was taken.
    pub(crate) fn add(&mut self, id: &str, name: &str, stage: Option<&str>, data: Option<&str>) {
        let at = self.visits.iter().position(|visit| visit.id == id).unwrap_or_else(|| {
            self.visits.push(Visit { id: id.to_owned(), ..Visit::default() });
            self.visits.len() - 1
        });
        let visit = &mut self.visits[at];
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
        self.visits.retain(|visit| visit.id != id);
    }

    /// The object, as JSON: the engine's own where there is one.
    pub(crate) fn json(&self) -> String {
        let mut told = self.visits.iter().flat_map(|visit| &visit.told).map(|(.., told)| told);
        let Some(mut all) = told.next().cloned() else {
            return self.assembled();
        };
        // The last one, with what only the journeys before it know.
        let mut journeys = 1;
        for later in told {
            journeys += 1;
            let furthest = [&all, later].into_iter().filter_map(|it| it.get("furthest"));
            let furthest = furthest.max_by_key(|stage| self.place(stage.text().unwrap_or_default())).cloned();
            let rest = [
                ("furthest", furthest),
                ("door", all.get("door").cloned()),
                ("rev", later.get("rev").cloned()),
                // What the shop wants to be judged by is not more by being told twice.
                ("targets", later.get("targets").cloned()),
            ];
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
        for visit in &self.visits {
            all.converted |= visit.converted;
            for counts in &visit.stages {
                let sum = all.stage(&counts.stage);
                sum.touchpoints += counts.touchpoints;
                for (name, count) in &counts.friction {
                    sum.add(name, *count);
                }
            }
        }
        all.stages.sort_by_key(|counts| self.place(&counts.stage));
        let furthest = all.stages.last().map_or("null".to_owned(), |counts| format!("{:?}", counts.stage));
        let stages: Vec<String> = all.stages.iter().map(Counts::json).collect();
        format!(r#"{{"converted":{},"furthest":{furthest},"stages":{{{}}}}}"#, all.converted, stages.join(","))
    }

    /// Where a stage stands among the others; one that is not among them would be the first.
    fn place(&self, stage: &str) -> Option<usize> {
        self.framework.stage(stage).map(Stage::place)
    }
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
        let mut summary = Summary::new("");
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
        let mut summary = Summary::new("");
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

    #[test]
    fn stages_are_in_the_order_of_their_framework() {
        // By their letters, and as `five-stages` has them, they would be the other way round.
        let text = r#""framework":"own","targets":{"decision":["value"]} search,decision,awareness search,0,0"#;
        let mut summary = Summary::new(text);
        for stage in ["awareness", "search", "decision"] {
            summary.add("a", "page_view", Some(stage), None);
        }
        let some = r#"{"touchpoints":1,"friction":{}}"#;
        assert_eq!(
            summary.json(),
            format!(
                r#"{{"converted":false,"furthest":"awareness","stages":{{"search":{some},"decision":{some},"awareness":{some}}}}}"#
            )
        );
        // Two journeys: the first one came further, and what both tell of the framework is told once.
        let told = r#""framework":"own","targets":{"decision":["value"]}"#;
        for (id, furthest) in [("a", "awareness"), ("b", "decision")] {
            let told = format!(r#"{{"tab":"t1","rev":1,"furthest":"{furthest}",{told}}}"#);
            summary.add(id, "journey_summary", None, Some(&told));
        }
        assert_eq!(summary.json(), format!(r#"{{"tab":"t1","rev":1,"furthest":"awareness",{told},"journeys":2}}"#));
    }
}

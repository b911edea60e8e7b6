//! The one object that is told of a journey: the engine's own `journey_summary`, else what its events say.

use polku_core::Name;
use serde::Deserialize;
use serde_json::value::RawValue;

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
    /// The engine's own, the last of each tab: its tab and revision, and all of its text.
    told: Vec<(String, u64, String)>,
}

#[derive(Debug, Default)]
struct Counts {
    stage: String,
    touchpoints: u64,
    friction: Vec<(&'static str, u64)>,
}

#[derive(Deserialize)]
struct Told<'a> {
    #[serde(borrow)]
    tab: Option<&'a RawValue>,
    #[serde(default)]
    rev: u64,
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

    /// The object, as JSON. The engine's own where there is one.
    pub(crate) fn json(&self) -> String {
        let told: Vec<_> = self.0.iter().flat_map(|visit| &visit.told).collect();
        match *told.as_slice() {
            [] => self.assembled(),
            [.., (_, _, text)] => text.clone(),
        }
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
        all.stages.sort_by_key(|counts| STAGES.iter().position(|stage| *stage == counts.stage).unwrap_or(STAGES.len()));
        let furthest = all.stages.last().map_or("null".to_owned(), |counts| format!("{:?}", counts.stage));
        let stages: Vec<String> = all.stages.iter().map(Counts::json).collect();
        format!(r#"{{"converted":{},"furthest":{furthest},"stages":{{{}}}}}"#, all.converted, stages.join(","))
    }
}

impl Visit {
    /// The engine's own summary of a tab so far: the highest revision wins.
    fn tell(&mut self, data: &str) {
        let Ok(Told { tab, rev }) = serde_json::from_str(data) else { return };
        let tab = tab.map_or("", RawValue::get);
        match self.told.iter_mut().find(|(known, ..)| known == tab) {
            Some((_, newest, text)) if rev >= *newest => (*newest, *text) = (rev, data.to_owned()),
            Some(_) => {}
            None => self.told.push((tab.to_owned(), rev, data.to_owned())),
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
        summary.forget("a");
        assert!(summary.json().contains("\"converted\":false"));
    }
}

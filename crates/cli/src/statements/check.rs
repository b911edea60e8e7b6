//! What is wrong with statements, as a sentence that names the member; and what is filled in.

use super::{Goal, Statements};
use crate::map::facts::filter::{date, day_of};
use crate::map::kpi::Kpi;

/// Of each list so many at most: it is a notebook, and each goal and change costs a walk over the journeys.
const MOST: usize = 100;
const MOST_CHANGES: usize = 500;
/// Letters of a note, a name, a word.
const NOTE: usize = 500;
const NAME: usize = 80;

/// Reads a document.
///
/// # Errors
/// Says which member is wrong, and what it may be.
pub(super) fn read(text: &[u8]) -> Result<Statements, String> {
    // A list would be read as the members in their order.
    if text.trim_ascii_start().first().is_some_and(|first| *first != b'{') {
        return Err(r#"the statements: must be an object such as {"goals":[]}"#.to_owned());
    }
    let mut json = serde_json::Deserializer::from_slice(text);
    let read: Statements = serde_path_to_error::deserialize(&mut json).map_err(|why| {
        let (path, inner) = (why.path().to_string(), why.inner().to_string());
        // The line counts in a text that no person wrote.
        let inner = inner.split(" at line ").next().unwrap_or_default().to_owned();
        if path == "." { format!("the statements: {inner}") } else { format!("{path}: {inner}") }
    })?;
    json.end().map_err(|_| "the statements: there is more after the document".to_owned())?;
    whole(&read)?;
    Ok(read)
}

/// Gives each goal that says none the day since which it counts, and puts changes into the order of their days.
pub(super) fn fill(statements: &mut Statements, before: &Statements, today: i64) -> Result<(), String> {
    statements.changes.sort_by(|a, b| a.on.cmp(&b.on));
    for (at, goal) in statements.goals.iter_mut().enumerate() {
        let known = before.goals.iter().find(|known| known.id == goal.id).and_then(|known| known.since.clone());
        let first = goal.since.get_or_insert_with(|| known.unwrap_or_else(|| day_of(today))).clone();
        days(goal, &first, &format!("goals[{at}]"))?;
    }
    Ok(())
}

fn whole(statements: &Statements) -> Result<(), String> {
    let Statements { beliefs, targets, changes, goals } = statements;
    for (name, len, most) in [
        ("beliefs", beliefs.len(), MOST),
        ("targets", targets.len(), MOST),
        ("changes", changes.len(), MOST_CHANGES),
        ("goals", goals.len(), MOST),
    ] {
        if len > most {
            return Err(format!("{name}: at most {most}; take the oldest out"));
        }
    }
    for (at, belief) in beliefs.iter().enumerate() {
        let path = format!("beliefs[{at}]");
        word(&path, "stage", &belief.stage)?;
        note(&path, "note", belief.note.as_deref())?;
        if beliefs.iter().take(at).any(|other| other.stage == belief.stage) {
            return Err(format!(
                "{path}.stage: there is a belief for \"{}\" already; one for each stage",
                belief.stage
            ));
        }
    }
    for (at, target) in targets.iter().enumerate() {
        let path = format!("targets[{at}]");
        word(&path, "stage", &target.stage)?;
        value(&path, "target", target.kpi, target.target)?;
        if targets.iter().take(at).any(|other| (&other.stage, other.kpi) == (&target.stage, target.kpi)) {
            return Err(format!("{path}.kpi: there is a target for it at \"{}\" already", target.stage));
        }
    }
    for (at, change) in changes.iter().enumerate() {
        let path = format!("changes[{at}]");
        day(&path, "on", &change.on)?;
        text(&path, "what", &change.what, NOTE)?;
        change.stage.as_deref().map_or(Ok(()), |stage| word(&path, "stage", stage))?;
    }
    for (at, goal) in goals.iter().enumerate() {
        self::goal(goal, &format!("goals[{at}]"))?;
        if goals.iter().take(at).any(|other| other.id == goal.id) {
            return Err(format!("goals[{at}].id: there is a goal \"{}\" already; give this one another name", goal.id));
        }
    }
    Ok(())
}

fn goal(goal: &Goal, path: &str) -> Result<(), String> {
    text(path, "id", &goal.id, NAME)?;
    goal.stage.as_deref().map_or(Ok(()), |stage| word(path, "stage", stage))?;
    if goal.kpi == Kpi::Reached && goal.stage.is_none() {
        return Err(format!("{path}.stage: \"reached\" needs a stage, such as decision"));
    }
    value(path, "from", goal.kpi, goal.from)?;
    value(path, "to", goal.kpi, goal.to)?;
    if goal.from == goal.to {
        return Err(format!("{path}.to: must be another value than from"));
    }
    if let Some(owner) = &goal.owner {
        text(path, "owner", owner, NAME)?;
    }
    if goal.milestones.len() > MOST {
        return Err(format!("{path}.milestones: at most {MOST}"));
    }
    day(path, "by", &goal.by)?;
    goal.since.as_deref().map_or(Ok(()), |since| day(path, "since", since))?;
    for (at, milestone) in goal.milestones.iter().enumerate() {
        let path = format!("{path}.milestones[{at}]");
        day(&path, "on", &milestone.on)?;
        value(&path, "value", goal.kpi, milestone.value)?;
    }
    goal.since.as_deref().map_or(Ok(()), |since| days(goal, since, path))
}

/// The days of a goal come one after another. As texts they sort like days.
fn days(goal: &Goal, since: &str, path: &str) -> Result<(), String> {
    if goal.by.as_str() <= since {
        return Err(format!("{path}.by: must be a day after {since}, since which the goal counts"));
    }
    let mut last = since;
    for (at, milestone) in goal.milestones.iter().enumerate() {
        if milestone.on.as_str() <= last || milestone.on.as_str() >= goal.by.as_str() {
            return Err(format!("{path}.milestones[{at}].on: must be a day after {last} and before {}", goal.by));
        }
        last = &milestone.on;
    }
    Ok(())
}

fn day(path: &str, member: &str, text: &str) -> Result<(), String> {
    date(text).map(|_| ()).ok_or_else(|| format!("{path}.{member}: must be a day such as 2026-11-30"))
}

fn value(path: &str, member: &str, kpi: Kpi, value: f64) -> Result<(), String> {
    let (low, high) = kpi.range();
    if (low..=high).contains(&value) { Ok(()) } else { Err(format!("{path}.{member}: must be from {low} to {high}")) }
}

/// A stage, as frameworks name them.
fn word(path: &str, member: &str, word: &str) -> Result<(), String> {
    let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '_' | '-');
    if (1..=NAME).contains(&word.len()) && word.chars().all(fits) {
        Ok(())
    } else {
        Err(format!("{path}.{member}: must be a stage such as decision: letters a-z, digits, _ and -"))
    }
}

fn note(path: &str, member: &str, text: Option<&str>) -> Result<(), String> {
    text.map_or(Ok(()), |text| self::text(path, member, text, NOTE))
}

fn text(path: &str, member: &str, text: &str, most: usize) -> Result<(), String> {
    if text.trim().is_empty() {
        Err(format!("{path}.{member}: must not be empty"))
    } else if text.chars().count() > most {
        Err(format!("{path}.{member}: at most {most} letters"))
    } else if text.chars().any(|letter| letter.is_control() && letter != '\n') {
        Err(format!("{path}.{member}: must be plain text"))
    } else {
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn good() -> Value {
        json!({
            "beliefs": [{"stage":"decision","emotion":"satisfied","note":"They come back"}],
            "targets": [{"stage":"decision","kpi":"conversion","target":40}],
            "changes": [{"on":"2026-11-02","what":"New checkout","stage":"decision"}],
            "goals": [{"id":"buy","kpi":"conversion","from":2,"to":3,"since":"2026-10-01","by":"2027-01-01",
                "milestones":[{"on":"2026-11-01","value":2.5},{"on":"2026-12-01","value":2.7}],"owner":"Anna"}]
        })
    }

    #[test]
    fn what_is_right_is_read_as_it_is() {
        let read = read(good().to_string().as_bytes()).unwrap();
        assert_eq!(
            serde_json::to_value(&read).unwrap()["goals"][0]["milestones"][1],
            json!({"on":"2026-12-01","value":2.7})
        );
        assert_eq!(self::read(b"{}"), Ok(Statements::default()));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let cases = [
            ("/goals/0/by", json!("soon"), "goals[0].by: must be a day"),
            ("/goals/0/by", json!("2026-02-30"), "goals[0].by: must be a day"),
            ("/goals/0/by", json!("2026-09-01"), "goals[0].by: must be a day after 2026-10-01"),
            ("/goals/0/kpi", json!("moon"), "goals[0].kpi: unknown variant `moon`"),
            ("/goals/0/kpi", json!("reached"), "goals[0].stage: \"reached\" needs a stage"),
            ("/goals/0/to", json!(101), "goals[0].to: must be from 0 to 100"),
            ("/goals/0/to", json!(2), "goals[0].to: must be another value"),
            ("/goals/0/id", json!(" "), "goals[0].id: must not be empty"),
            ("/goals/0/owner", json!("x".repeat(81)), "goals[0].owner: at most 80"),
            (
                "/goals/0/milestones/1/on",
                json!("2026-11-01"),
                "goals[0].milestones[1].on: must be a day after 2026-11-01",
            ),
            ("/goals/0/milestones/0/value", json!(null), "goals[0].milestones[0].value: invalid type: null"),
            ("/goals/0", json!({"id":"a","kpi":"nps","from":1,"to":2}), "goals[0]: missing field `by`"),
            ("/goals/0/colour", json!("red"), "goals[0].colour: unknown field `colour`"),
            ("/beliefs/0/emotion", json!("happy"), "beliefs[0].emotion: unknown variant `happy`"),
            ("/beliefs/0/stage", json!("Päätös"), "beliefs[0].stage: must be a stage"),
            ("/beliefs/0/note", json!("a\u{0}b"), "beliefs[0].note: must be plain text"),
            ("/targets/0/target", json!(-1), "targets[0].target: must be from 0 to 100"),
            ("/targets/0/target", json!("many"), "targets[0].target: invalid type"),
            ("/changes/0/on", json!("2.11.2026"), "changes[0].on: must be a day"),
            ("/changes/0/what", json!("x".repeat(501)), "changes[0].what: at most 500"),
            ("/changes", json!("none"), "changes: invalid type"),
        ];
        for (pointer, value, words) in cases {
            let mut document = good();
            match document.pointer_mut(pointer) {
                Some(place) => *place = value,
                None => document["goals"][0]["colour"] = value,
            }
            let why = read(document.to_string().as_bytes()).unwrap_err();
            assert!(why.starts_with(words), "{pointer}: {why}");
        }
        for (list, words) in [("beliefs", "beliefs[1].stage"), ("targets", "targets[1].kpi"), ("goals", "goals[1].id")]
        {
            let mut document = good();
            let again = document[list][0].clone();
            document[list].as_array_mut().unwrap().push(again);
            let why = read(document.to_string().as_bytes()).unwrap_err();
            assert!(why.starts_with(words), "{why}");
        }
        for (text, words) in [
            ("", "the statements: EOF"),
            ("[]", "the statements: must be an object"),
            ("{} {}", "the statements: there is more"),
        ] {
            let why = read(text.as_bytes()).unwrap_err();
            assert!(why.starts_with(words), "{why}");
        }
    }

    #[test]
    fn a_goal_counts_since_it_was_first_stated() {
        let goal = |since: Value| {
            let goal =
                json!({"goals":[{"id":"buy","kpi":"conversion","from":2,"to":3,"by":"2027-01-01","since":since}]});
            read(goal.to_string().as_bytes()).unwrap()
        };
        let today = date("2026-11-22").unwrap();
        let mut first = goal(Value::Null);
        fill(&mut first, &Statements::default(), today).unwrap();
        assert_eq!(first.goals[0].since.as_deref(), Some("2026-11-22"));
        let mut later = goal(Value::Null);
        fill(&mut later, &first, today + 86_400 * 7).unwrap();
        assert_eq!(later.goals[0].since.as_deref(), Some("2026-11-22"));
        let mut own = goal(json!("2026-10-01"));
        fill(&mut own, &first, today).unwrap();
        assert_eq!(own.goals[0].since.as_deref(), Some("2026-10-01"));
        assert!(fill(&mut goal(Value::Null), &Statements::default(), date("2027-01-01").unwrap()).is_err());
    }
}

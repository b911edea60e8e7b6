//! A draft becomes a definition: its languages complete, its ways leading somewhere, and nothing in it that the check refuses.

use polku_core::prompt::{Code, Level as Grade, MOST_BYTES, MOST_STEPS, Problem, Tree, problems};
use serde_json::{Value, json};

use super::draft::Draft;
use super::plain::slug;
use super::report::{Entry, Level};
use super::words::OWN;

/// More mistakes than this are no survey's.
const MOST_MISTAKES: usize = 400;

impl Draft {
    /// The definition, or why there is none; and the report.
    pub(super) fn finished(mut self) -> (Result<Value, String>, Vec<Entry>) {
        if self.steps.len() > MOST_STEPS {
            let first = self.origins[MOST_STEPS].clone();
            self.say(&first, Level::Dropped, "50 questions at most: this one and the rest are left out");
            self.steps.truncate(MOST_STEPS);
        }
        self.lead();
        self.clean();
        self.translate();
        let definition = self.settled();
        (definition, self.report)
    }

    /// Ways to steps that are not there lead to the end.
    fn lead(&mut self) {
        let ids: Vec<Value> = self.steps.iter().map(|step| step["id"].clone()).chain([json!("end")]).collect();
        let mut lost = Vec::new();
        for (step, origin) in self.steps.iter_mut().zip(&self.origins) {
            for branch in step["next"].as_array_mut().into_iter().flatten() {
                if !ids.contains(&branch["go"]) {
                    branch["go"] = json!("end");
                    lost.push(origin.clone());
                }
            }
        }
        lost.dedup();
        for origin in lost {
            self.say(&origin, Level::Lossy, "a way to a question that is not there leads to the end");
        }
    }

    /// Takes out what only the importer read: what choices were called, and fields without a value.
    fn clean(&mut self) {
        for step in &mut self.steps {
            for choice in step["choices"].as_array_mut().into_iter().flatten() {
                choice.as_object_mut().map(|choice| choice.remove("was"));
            }
            if let Some(fields) = step.as_object_mut() {
                fields.retain(|_, value| !value.is_null());
            }
        }
    }

    /// Every text in every language: where there is none the default's is shown anyway.
    fn translate(&mut self) {
        let locales: Vec<String> = self.locales.iter().cloned().collect();
        let fallback = self.fallback.clone();
        let mut lacking = vec![0_usize; locales.len()];
        let mut complete = |texts: &mut Value| {
            if let Some(own) = texts.get(OWN).cloned() {
                *texts = own;
                let Some(fields) = texts.as_object_mut() else { return };
                let english = fields.get("en").cloned().unwrap_or_default();
                fields.entry(fallback.clone()).or_insert(english);
                fields.retain(|lang, _| locales.contains(lang));
            }
            let Some(fields) = texts.as_object_mut() else { return };
            let Some(text) = fields.get(&fallback).cloned() else { return };
            for (lang, count) in locales.iter().zip(&mut lacking) {
                if !fields.contains_key(lang) {
                    *count += 1;
                    fields.insert(lang.clone(), text.clone());
                }
            }
        };
        for step in &mut self.steps {
            for field in ["text", "help", "low", "high"] {
                complete(step.get_mut(field).unwrap_or(&mut Value::Null));
            }
            for list in ["choices", "actions"] {
                for one in step.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
                    complete(one.get_mut("text").unwrap_or(&mut Value::Null));
                }
            }
        }
        for texts in
            self.head.get_mut("end").and_then(Value::as_object_mut).into_iter().flat_map(|end| end.values_mut())
        {
            complete(texts);
        }
        if let Some(text) = self.head.get_mut("ui").and_then(|ui| ui.get_mut("launcherText")) {
            complete(text);
        }
        for (lang, count) in locales.iter().zip(lacking).filter(|(_, count)| *count > 0) {
            let texts = if count == 1 { "one text has" } else { "some texts have" };
            self.say(
                "",
                Level::Ok,
                &format!("{texts} no words in {lang}: those of {fallback} are shown there, as they were"),
            );
        }
    }

    /// The definition without what the check refuses: nobody should have to find that out on a page.
    fn settled(&mut self) -> Result<Value, String> {
        for _ in 0..MOST_MISTAKES {
            if self.steps.is_empty() {
                return Err("no question of it can be asked".to_owned());
            }
            let definition = self.assembled();
            let text = definition.to_string();
            let Some(tree) = Some(text).filter(|text| text.len() <= MOST_BYTES).and_then(|text| Tree::read(&text))
            else {
                return Err("its definition would be larger than 256 KB".to_owned());
            };
            match problems(&tree).into_iter().find(|problem| problem.code.level() == Grade::Error) {
                None => return Ok(definition),
                Some(problem) => self.without(&problem)?,
            }
        }
        Err("too much of it cannot be asked".to_owned())
    }

    fn assembled(&self) -> Value {
        let mut definition = self.head.clone();
        definition.insert("v".to_owned(), json!(1));
        let name = definition.get("name").and_then(Value::as_str).map(slug).filter(|id| !id.is_empty());
        let name = name.unwrap_or_else(|| "imported".to_owned());
        definition.insert("id".to_owned(), json!(name));
        match self.who.as_slice() {
            [] => {}
            [one] => drop(definition.insert("who".to_owned(), one.clone())),
            all => drop(definition.insert("who".to_owned(), json!({ "all": all }))),
        }
        definition.insert("locales".to_owned(), json!(self.locales));
        definition.insert("defaultLocale".to_owned(), json!(self.fallback));
        definition.insert("steps".to_owned(), json!(self.steps));
        Value::Object(definition)
    }

    /// Takes out what a mistake is in.
    fn without(&mut self, problem: &Problem) -> Result<(), String> {
        let path = problem.path.as_str();
        let words = problem.sentence();
        let Some((nth, within)) = step_of(path).filter(|(nth, _)| *nth < self.steps.len()) else {
            let field = path.split(['.', '[']).next().unwrap_or_default();
            let there =
                self.head.remove(field).is_some() || (field == "who" && !std::mem::take(&mut self.who).is_empty());
            self.say(field, Level::Dropped, &format!("left out of the definition: {words}"));
            return if there { Ok(()) } else { Err(words.to_owned()) };
        };
        let origin = self.origins[nth].clone();
        if problem.code == Code::Cycle {
            self.steps[nth].as_object_mut().map(|step| step.remove("next"));
            self.say(&origin, Level::Dropped, "messages that lead to each other for ever lead on");
            return Ok(());
        }
        if let Some(way) = way_of(within)
            && let Some(next) = self.steps[nth]["next"].as_array_mut().filter(|next| way < next.len())
        {
            next.remove(way);
            self.say(&origin, Level::Dropped, &format!("a way on is left out: {words}"));
            return Ok(());
        }
        let level = if problem.code == Code::Unreachable { Level::Dropped } else { Level::Rejected };
        self.say(&origin, level, words);
        let gone = self.steps.remove(nth)["id"].clone();
        self.origins.remove(nth);
        self.names.remove(nth);
        // Whoever led there leads to what comes after it.
        let after = self.steps.get(nth).map_or(json!("end"), |step| step["id"].clone());
        for branch in self.steps.iter_mut().filter_map(|step| step["next"].as_array_mut()).flatten() {
            if branch["go"] == gone {
                branch["go"] = after.clone();
            }
        }
        for step in &mut self.steps {
            if step["next"].is_null() {
                step.as_object_mut().map(|step| step.remove("next"));
            }
        }
        Ok(())
    }
}

/// `steps[3].next[0].if`: 3, and the rest.
fn step_of(path: &str) -> Option<(usize, &str)> {
    let (nth, rest) = path.strip_prefix("steps[")?.split_once(']')?;
    Some((nth.parse().ok()?, rest))
}

/// `.next[2].if`: 2.
fn way_of(path: &str) -> Option<usize> {
    path.strip_prefix(".next[")?.split_once(']')?.0.parse().ok()
}

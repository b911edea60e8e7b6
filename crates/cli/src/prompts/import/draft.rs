//! A definition as it grows from another tool's survey.

use serde_json::{Map, Value, json};

use super::{Entry, Level};

/// Ours has 50 steps at most.
const MOST_STEPS: usize = 50;
const MOST_CHOICES: usize = 30;

/// The definition, and what is said of where it came from.
pub(super) struct Draft {
    /// Where the survey lies in its file.
    base: String,
    /// The definition's head.
    pub(super) head: Map<String, Value>,
    pub(super) steps: Vec<Value>,
    /// Each step's name in the survey, in the order of the steps.
    pub(super) names: Vec<String>,
    /// The language of texts without one.
    pub(super) fallback: String,
    locales: Vec<String>,
    report: Vec<Entry>,
}

impl Draft {
    pub(super) fn new(base: String) -> Self {
        let fallback = "en".to_owned();
        Self {
            base,
            head: Map::new(),
            steps: Vec::new(),
            names: Vec::new(),
            fallback,
            locales: Vec::new(),
            report: Vec::new(),
        }
    }

    pub(super) fn say(&mut self, path: &str, level: Level, why: &str) {
        let dot = if self.base.is_empty() || path.is_empty() { "" } else { "." };
        self.report.push(Entry { path: format!("{}{dot}{path}", self.base), level, why: why.to_owned() });
    }

    /// The survey's own language, where it is one.
    pub(super) fn speak(&mut self, lang: &str) {
        if is_locale(lang) {
            self.fallback = lang.to_owned();
        }
    }

    /// Adds a step under a name that conditions know; gives back its id.
    pub(super) fn step(&mut self, name: &str, mut step: Value) -> String {
        let mut id = slug(name);
        if id == "end" || id.is_empty() {
            id = format!("q{}", self.steps.len() + 1);
        }
        let known = |id: &str| self.steps.iter().any(|step| step["id"] == json!(id));
        let mut nth = 2;
        let first = id.clone();
        while known(&id) {
            id = format!("{}-{nth}", &first[..first.len().min(36)]);
            nth += 1;
        }
        step["id"] = json!(id);
        self.steps.push(step);
        self.names.push(name.to_owned());
        id
    }

    /// A step's id by its name in the survey.
    pub(super) fn id_of(&self, name: &str) -> Option<String> {
        let at = self.names.iter().position(|known| known == name)?;
        self.steps[at]["id"].as_str().map(str::to_owned)
    }

    /// Texts by language, of a text or of an object by language (`default` is the survey's own); nothing where there is none.
    pub(super) fn texts(&mut self, value: &Value, path: &str) -> Option<Value> {
        let mut texts = Map::new();
        match value {
            Value::String(text) => drop(texts.insert(self.fallback.clone(), json!(text))),
            Value::Object(by_lang) => {
                for (lang, text) in by_lang {
                    let lang = if lang == "default" { self.fallback.clone() } else { lang.clone() };
                    if text.is_string() && is_locale(&lang) {
                        texts.insert(lang, text.clone());
                    }
                }
            }
            _ => return None,
        }
        let mut changed = false;
        for text in texts.values_mut() {
            let (plain, tags) = plain(text.as_str().unwrap_or_default());
            changed |= tags;
            *text = json!(plain);
        }
        texts.retain(|_, text| text.as_str().is_some_and(|text| !text.is_empty()));
        if changed {
            self.say(path, Level::Lossy, "HTML became plain text");
        }
        let first = texts.values().next()?.clone();
        // Something must stand there in the default language.
        texts.entry(self.fallback.clone()).or_insert(first);
        for lang in texts.keys() {
            if !self.locales.contains(lang) {
                self.locales.push(lang.clone());
            }
        }
        Some(Value::Object(texts))
    }

    /// Adds texts to a step where there are some.
    pub(super) fn put_texts(&mut self, step: &mut Value, field: &str, value: &Value, path: &str) {
        if let Some(texts) = self.texts(value, path) {
            step[field] = texts;
        }
    }

    /// Choices of labels, each an id of its own; told where there are too many.
    pub(super) fn choices(&mut self, labels: &[Value], path: &str) -> Vec<Value> {
        let mut choices: Vec<Value> = Vec::new();
        if labels.len() > MOST_CHOICES {
            self.say(path, Level::Dropped, "more than 30 choices");
        }
        for (nth, label) in labels.iter().take(MOST_CHOICES).enumerate() {
            let Some(text) = self.texts(label, &format!("{path}[{nth}]")) else {
                self.say(&format!("{path}[{nth}]"), Level::Dropped, "a choice without a text");
                continue;
            };
            let named = slug(text[&self.fallback].as_str().unwrap_or_default());
            let taken = |id: &str| choices.iter().any(|choice| choice["id"] == json!(id));
            let id = if named.is_empty() || taken(&named) { format!("c{}", nth + 1) } else { named };
            choices.push(json!({ "id": id, "text": text }));
        }
        choices
    }

    /// The definition and the report.
    pub(super) fn finished(mut self) -> (Value, Vec<Entry>) {
        if self.steps.len() > MOST_STEPS {
            self.say("", Level::Dropped, "steps beyond the fiftieth");
            self.steps.truncate(MOST_STEPS);
        }
        self.mend();
        let mut definition = self.head;
        definition.insert("v".to_owned(), json!(1));
        let name = definition.get("name").and_then(Value::as_str).map(slug).filter(|id| !id.is_empty());
        definition.insert("id".to_owned(), json!(name.unwrap_or_else(|| "imported".to_owned())));
        self.locales.sort();
        if !self.locales.is_empty() {
            definition.insert("locales".to_owned(), json!(self.locales));
            definition.insert("defaultLocale".to_owned(), json!(self.fallback));
        }
        definition.insert("steps".to_owned(), json!(self.steps));
        (Value::Object(definition), self.report)
    }

    /// Ways to steps that are not there lead to the end.
    fn mend(&mut self) {
        let ids: Vec<Value> = self.steps.iter().map(|step| step["id"].clone()).chain([json!("end")]).collect();
        let mut lost = Vec::new();
        for (nth, step) in self.steps.iter_mut().enumerate() {
            for branch in step["next"].as_array_mut().into_iter().flatten() {
                if !ids.contains(&branch["go"]) {
                    branch["go"] = json!("end");
                    lost.push(nth);
                }
            }
            if step["next"].is_null() {
                step.as_object_mut().map(|step| step.remove("next"));
            }
        }
        for nth in lost {
            let name = self.names[nth].clone();
            self.say(&name, Level::Lossy, "a way led to a question that is not there, and leads to the end");
        }
    }
}

/// What the check takes for a language.
fn is_locale(lang: &str) -> bool {
    (2..=35).contains(&lang.len()) && lang.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// A name for events of any text: small letters, digits and hyphens, 40 at most.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for sign in text.chars() {
        let sign = match sign.to_lowercase().next().unwrap_or(sign) {
            'ä' | 'å' | 'á' | 'à' | 'â' => 'a',
            'ö' | 'ø' | 'õ' | 'ó' => 'o',
            'é' | 'è' | 'ê' => 'e',
            'ü' | 'ú' => 'u',
            sign if sign.is_ascii_alphanumeric() => sign,
            _ => '-',
        };
        if sign != '-' || !(slug.is_empty() || slug.ends_with('-')) {
            slug.push(sign);
        }
        if slug.len() >= 40 {
            break;
        }
    }
    slug.trim_matches('-').to_owned()
}

/// A text without tags, entities, signs of no width, and links of its own; whether there were tags.
pub(super) fn plain(text: &str) -> (String, bool) {
    let (mut out, mut tags) = (String::new(), false);
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let named = tag[1..].starts_with(|sign: char| sign.is_ascii_alphabetic() || matches!(sign, '/' | '!' | '?'));
        match (named, tag.find('>')) {
            (true, end) => {
                tags = true;
                // What a script or a style says is not said to anybody.
                let hidden =
                    ["script", "style"].into_iter().find(|name| tag[1..].to_ascii_lowercase().starts_with(name));
                let close = hidden.and_then(|name| tag.to_ascii_lowercase().find(&format!("</{name}")));
                let end = close.map_or(end, |from| Some(from + tag[from..].find('>')?));
                rest = end.map_or("", |end| &tag[end + 1..]);
                out.push(' ');
            }
            (false, _) => {
                out.push('<');
                rest = &tag[1..];
            }
        }
    }
    out.push_str(rest);
    for (entity, sign) in
        [("&nbsp;", " "), ("&lt;", "‹"), ("&gt;", "›"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
    {
        out = out.replace(entity, sign);
    }
    let out: String = out.chars().filter(|sign| !matches!(sign, '\u{200B}'..='\u{200D}' | '\u{FEFF}')).collect();
    // What would be a link of ours stays what it was: words.
    let out = out.replace("](", "] (");
    (out.split_whitespace().collect::<Vec<_>>().join(" "), tags)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_plain() {
        assert_eq!(plain("<p class=\"x\">How\u{200B} <b>likely</b>&nbsp;?</p>"), ("How likely ?".to_owned(), true));
        assert_eq!(plain("a<script>alert(1)</script>b 2 < 3"), ("a b 2 < 3".to_owned(), true));
        assert_eq!(plain("[x](javascript:1)").0, "[x] (javascript:1)");
        assert_eq!(plain("<img src=x onerror=alert(1)").0, "");
        assert_eq!(plain("<script>ä</scriptäää").0, "");
        assert_eq!(
            (slug("Kuinka tyytyväinen?"), slug("  "), slug("ÄÖ 1/2")),
            ("kuinka-tyytyvainen".to_owned(), String::new(), "ao-1-2".to_owned())
        );
    }
}

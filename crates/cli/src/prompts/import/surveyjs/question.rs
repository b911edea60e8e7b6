//! One element of SurveyJS as a step.

use serde_json::{Value, json};

use super::super::choices::{self, Given};
use super::super::draft::{Draft, is_set};
use super::super::report::{Level, below};
use super::super::words;
use super::rating;

/// The longest text of ours.
const LONGEST: u64 = 500;

/// The step, and the points of its scale; `None`, and said why, where no prompt asks it.
pub(super) fn read(
    element: &Value,
    longest: Option<u64>,
    draft: &mut Draft,
    path: &str,
) -> Option<(Value, Option<Vec<i64>>)> {
    let mut step = json!({});
    let mut points = None;
    let at = |field: &str| below(path, field);
    match element["type"].as_str().unwrap_or_default() {
        "rating" => points = rating::read(element, &mut step, draft, path),
        kind @ ("radiogroup" | "dropdown" | "buttongroup" | "checkbox" | "tagbox") => {
            step["ask"] = json!(if matches!(kind, "checkbox" | "tagbox") { "multi" } else { "single" });
            chosen(element, &mut step, draft, path)?;
        }
        "boolean" => boolean(element, &mut step, draft, path),
        kind @ ("comment" | "text") => words_of(element, kind, longest, &mut step, draft, path)?,
        "html" => step["ask"] = json!("info"),
        "expression" => {
            draft.say(path, Level::Dropped, "nothing is computed");
            return None;
        }
        kind => {
            draft.say(path, Level::Rejected, refused(kind));
            return None;
        }
    }
    let html = step["ask"] == json!("info");
    let (text, field) = match (html, is_set(&element["title"])) {
        (true, _) => (&element["html"], "html"),
        (_, true) => (&element["title"], "title"),
        (_, false) => (&element["name"], "name"),
    };
    draft.put_texts(&mut step, "text", text, &at(field));
    if step["text"].is_null() {
        draft.say(path, Level::Rejected, "a question without a text");
        return None;
    }
    if !html {
        draft.put_texts(&mut step, "help", &element["description"], &at("description"));
        required(element, &mut step, draft, path);
    }
    for (field, why) in [
        ("defaultValue", "nothing is answered beforehand"),
        ("defaultValueExpression", "nothing is answered beforehand"),
        ("correctAnswer", "no answer is wrong"),
        ("enableIf", "what is seen can be answered"),
        ("readOnly", "what is seen can be answered"),
        ("setValueExpression", "nothing is computed"),
    ] {
        draft.all(element, path, &[field], Level::Dropped, why);
    }
    for field in ["maxTimeToFinish", "timeLimit"] {
        draft.all(element, path, &[field], Level::Rejected, "nobody is hurried");
    }
    if is_set(&element["placeholder"]) {
        draft.once(&at("placeholder"), Level::Dropped, "fields for words are empty");
    }
    Some((step, points))
}

/// Why no prompt asks it.
fn refused(kind: &str) -> &'static str {
    match kind {
        "file" | "signaturepad" => "no files: nobody knows what is in them",
        "image" | "imagepicker" | "imagemap" => "no pictures",
        "ranking" => "no ranking: it cannot be done by touch and by keys alike in a small card",
        "paneldynamic" => "nothing is asked so many times as somebody likes",
        "multipletext" => "one field for words in a question",
        _ if kind.starts_with("matrix") => "no tables: ask one question after the other",
        _ => "no such question here",
    }
}

fn required(element: &Value, step: &mut Value, draft: &mut Draft, path: &str) {
    let when = element["requiredIf"].as_str().unwrap_or_default().replace(' ', "").to_ascii_lowercase();
    let always = matches!(when.as_str(), "true" | "1=1" | "1==1" | "true=true");
    if element["isRequired"] != json!(true) && !always {
        step["optional"] = json!(true);
        if !when.is_empty() && when != "false" {
            draft.say(&below(path, "requiredIf"), Level::Lossy, "it may always be skipped");
        }
    }
}

fn boolean(element: &Value, step: &mut Value, draft: &mut Draft, path: &str) {
    step["ask"] = json!("yesno");
    let fields = ["labelTrue", "labelFalse"];
    match fields.map(|field| is_set(&element[field])) {
        [true, true] => {
            let given = [("yes", "labelTrue"), ("no", "labelFalse")];
            let words = given.map(|(id, field)| {
                draft.texts(&element[field], &below(path, field)).map(|text| json!({ "id": id, "text": text }))
            });
            if let [Some(yes), Some(no)] = words {
                step["choices"] = json!([yes, no]);
            }
        }
        _ => draft.all(
            element,
            path,
            &fields,
            Level::Dropped,
            "both have words, or neither has: these are the widget's own",
        ),
    }
    // What conditions call them, for the draft alone.
    let value = |field: &str, none: Value| if element[field].is_null() { none } else { element[field].clone() };
    step["called"] = json!([value("valueTrue", json!(true)), value("valueFalse", json!(false))]);
}

fn words_of(
    element: &Value,
    kind: &str,
    longest: Option<u64>,
    step: &mut Value,
    draft: &mut Draft,
    path: &str,
) -> Option<()> {
    step["ask"] = json!("text");
    let at = |field: &str| below(path, field);
    const PERSONAL: &str = "personal data; a prompt asks for it in a contact step alone";
    match element["inputType"].as_str().unwrap_or("text") {
        "text" => {}
        "email" | "tel" | "password" => {
            draft.say(&at("inputType"), Level::Rejected, PERSONAL);
            return None;
        }
        _ => draft.say(&at("inputType"), Level::Lossy, "asked as plain text"),
    }
    // What a browser fills in by itself is known of the person.
    let filled = [
        "name",
        "email",
        "tel",
        "street",
        "address",
        "postal",
        "cc-",
        "bday",
        "password",
        "given-",
        "family-",
        "country",
        "sex",
        "username",
        "organization",
    ];
    let autocomplete =
        element["autocomplete"].as_str().or_else(|| element["autoComplete"].as_str()).unwrap_or_default();
    if filled.iter().any(|start| autocomplete.contains(start)) {
        draft.say(&at("autocomplete"), Level::Rejected, PERSONAL);
        return None;
    }
    let mut most = element["maxLength"].as_u64().filter(|most| *most > 0).or(longest);
    let mut reading = at("maxLength");
    for (nth, validator) in element["validators"].as_array().into_iter().flatten().enumerate() {
        let here = format!("{}[{nth}]", at("validators"));
        match validator["type"].as_str().map(|kind| kind.trim_end_matches("validator")) {
            Some("email") => {
                draft.say(&here, Level::Rejected, PERSONAL);
                return None;
            }
            Some("text") => {
                draft.all(validator, &here, &["minLength"], Level::Dropped, "no answer is too short");
                if let Some(length) = validator["maxLength"].as_u64().filter(|length| *length > 0) {
                    reading = below(&here, "maxLength");
                    most = Some(most.map_or(length, |most| most.min(length)));
                }
            }
            _ => draft.say(&here, Level::Dropped, "what is written is not judged"),
        }
    }
    draft.all(element, path, &["minLength"], Level::Dropped, "no answer is too short");
    if let Some(most) = most {
        if most > LONGEST {
            draft.say(&reading, Level::Lossy, "500 characters at most");
        }
        step["max"] = json!(most.min(LONGEST));
    }
    if kind == "text" {
        step["rows"] = json!(1);
    } else if let Some(rows) = element["rows"].as_u64() {
        step["rows"] = json!(rows.clamp(1, 20));
    }
    Some(())
}

/// A value and what is read on it: "value|text" is another way to write both.
pub(super) fn value_and_text(choice: &Value) -> (Value, Value) {
    match choice {
        Value::String(text) => match text.split_once('|') {
            Some((value, text)) => (json!(value), json!(text)),
            None => (choice.clone(), choice.clone()),
        },
        Value::Number(number) => (choice.clone(), json!(number.to_string())),
        Value::Object(_) if is_set(&choice["text"]) => (choice["value"].clone(), choice["text"].clone()),
        Value::Object(_) => match &choice["value"] {
            Value::String(text) => (json!(text), json!(text)),
            Value::Number(number) => (json!(number), json!(number.to_string())),
            _ => (Value::Null, Value::Null),
        },
        _ => (Value::Null, Value::Null),
    }
}

fn chosen(element: &Value, step: &mut Value, draft: &mut Draft, path: &str) -> Option<()> {
    let at = |field: &str| below(path, field);
    draft.all(element, path, &["choicesByUrl"], Level::Rejected, "nothing is fetched from elsewhere");
    draft.all(element, path, &["choicesFromQuestion"], Level::Rejected, "choices are the same for everybody");
    let unseen = ["choicesVisibleIf", "choicesEnableIf"];
    draft.all(element, path, &unseen, Level::Dropped, "choices are the same for everybody");
    draft.all(element, path, &["showSelectAllItem", "hasSelectAll"], Level::Dropped, "nobody chooses everything");
    draft.all(
        element,
        path,
        &["showRefuseItem", "showDontKnowItem"],
        Level::Dropped,
        "a question that may be skipped says it",
    );
    let mut given = Vec::new();
    for (nth, choice) in element["choices"].as_array().into_iter().flatten().enumerate() {
        let here = format!("{}[{nth}]", at("choices"));
        draft.all(choice, &here, &["visibleIf", "enableIf"], Level::Dropped, "choices are the same for everybody");
        let (value, text) = value_and_text(choice);
        let mut one = Given::new(text, value);
        one.none = choice["isExclusive"] == json!(true);
        given.push((here, one));
    }
    if given.is_empty() {
        draft.say(path, Level::Rejected, "a question without choices");
        return None;
    }
    let either = |names: [&str; 2]| names.iter().any(|name| element[*name] == json!(true));
    for (names, field, own, is_other) in [
        (["showOtherItem", "hasOther"], "otherText", words::other(), true),
        (["showNoneItem", "hasNone"], "noneText", words::none(), false),
    ] {
        if either(names) {
            let text = if is_set(&element[field]) { element[field].clone() } else { own };
            let mut one = Given::new(text, json!(if is_other { "other" } else { "none" }));
            (one.other, one.none) = (is_other, !is_other);
            given.push((at(field), one));
        }
    }
    let choices = choices::read(&given, draft);
    if choices.is_empty() {
        draft.say(path, Level::Rejected, "a question without choices");
        return None;
    }
    step["choices"] = json!(choices);
    match element["choicesOrder"].as_str() {
        Some("random") => step["shuffle"] = json!("all"),
        Some("asc" | "desc") => {
            draft.say(&at("choicesOrder"), Level::Lossy, "choices stay in the order in which they are written")
        }
        _ => {}
    }
    let many = step["ask"] == json!("multi");
    if many {
        for (field, name) in [("min", "minSelectedChoices"), ("max", "maxSelectedChoices")] {
            choices::bound(step, field, &element[name], draft, &at(name));
        }
    }
    for (nth, validator) in element["validators"].as_array().into_iter().flatten().enumerate() {
        let here = format!("{}[{nth}]", at("validators"));
        match validator["type"].as_str().map(|kind| kind.trim_end_matches("validator")) {
            Some("answercount") if many => {
                for (field, name) in [("min", "minCount"), ("max", "maxCount")] {
                    choices::bound(step, field, &validator[name], draft, &below(&here, name));
                }
            }
            _ => draft.say(&here, Level::Dropped, "what is chosen is not judged"),
        }
    }
    Some(())
}

//! The table of fields for those who write definitions: as JSON Schema for editors, as TypeScript for programs. Natively alone; the build puts both into
//! the package.

use super::condition::OPERATORS;
use super::fields;
use super::opening::is_touchpoint;
use super::step::ASKS;
use super::{MOST_CHOICES, MOST_STEPS};
use crate::name::Name;
use crate::words::{cut, number, parts, slice};

/// What may stand somewhere.
enum Shape {
    /// Another one, by its name.
    Ref(&'static str),
    /// A text, as the pattern has it; empty for any.
    Text(&'static str),
    /// A whole number between two.
    Whole(i64, i64),
    /// A number between two.
    Share,
    Bool,
    /// One of some words.
    Words(Vec<String>),
    /// One value, as JSON.
    Only(&'static str),
    /// A list with so many members at least and at most.
    List(Box<Self>, usize, usize),
    /// A list of two.
    Pair(Box<Self>, Box<Self>),
    /// Any of these.
    Any(Vec<Self>),
    /// An object with these fields and no others.
    Object(Vec<Field>),
    /// An object with any names, and such values.
    Named(Box<Self>),
}

use Shape::{Any, Bool, List, Named, Object, Only, Pair, Ref, Share, Text, Whole, Words};

/// A field: its name, what it holds, whether it must be there, and what it is for.
struct Field {
    name: String,
    shape: Shape,
    needed: bool,
    says: &'static str,
}

/// What each field is for, by the name of its object and its own. A `*` is any object.
const SAYS: &[(&str, &str, &str)] = &[
    ("Definition", "v", "The version of this format."),
    ("Definition", "id", "The prompt's name in events."),
    ("Definition", "version", "Of this prompt; 1 when left out. Who answered one version may be asked the next."),
    ("Definition", "name", "What the shop calls it; nobody else sees it."),
    ("Definition", "kind", "A survey, or help after trouble, which ignores the quiet times."),
    ("Definition", "locales", "The languages that it is written in."),
    (
        "Definition",
        "defaultLocale",
        "The language for everybody else; the first of locales, or English, when left out.",
    ),
    ("Definition", "contact", "Whether a step may ask for an address to answer to."),
    ("Definition", "when", "What opens it; without it only its launcher or polku.prompt.open(id) does."),
    ("Definition", "who", "For whom; for everybody when left out."),
    ("Definition", "limits", "How often."),
    ("Definition", "quiet", "What it keeps away from."),
    ("Definition", "ui", "How it looks."),
    ("Definition", "start", "The id of the first step; the first of the list when left out."),
    ("Definition", "steps", "The questions and messages."),
    ("Definition", "end", "What is said afterwards; the widget's own words when left out."),
    ("Definition", "score", "Which answer is the prompt's score."),
    ("Step", "id", "The step's name in events and conditions."),
    ("Step", "ask", "What it asks."),
    ("Step", "text", "The question."),
    ("Step", "help", "A line below the question."),
    ("Step", "optional", "Whether it may be skipped."),
    ("Step", "next", "Where it leads: to the first whose condition holds; to the step below when none does."),
    ("Step", "offsite", "What of the path outside the shop the answer tells."),
    ("Step", "scale", "The points of ces (5 or 7, which is the default) and of rating (2 to 10, 5 when left out)."),
    ("Step", "anchors", "The words at the ends of ces."),
    ("Step", "look", "How a scale is drawn."),
    ("Step", "low", "Own words for the lowest point."),
    ("Step", "high", "Own words for the highest point."),
    ("Step", "choices", "What can be chosen."),
    (
        "Step",
        "shuffle",
        "Whether choices change places from shopper to shopper; discovery keeps only its last where it is.",
    ),
    ("Step", "min", "Of multi, the fewest choices."),
    ("Step", "max", "Of multi, the most choices; of text, the most characters, 500 at most."),
    ("Step", "rows", "How high the field for words is; 1 is one line."),
    (
        "Step",
        "keep",
        "What leaves of words: themes and the words themselves (both, when left out), the themes alone, or neither.",
    ),
    ("Step", "actions", "Of handoff, what can be opened; of chat, other ways, where there is no conversation."),
    ("Choice", "id", "Its name in events and conditions."),
    ("Choice", "text", "What is read."),
    ("Choice", "other", "Whether words can be written beside it."),
    ("Choice", "none", "Whether it stands alone."),
    ("Choice", "go", "Where it leads, before next."),
    ("Action", "id", "Its name."),
    ("Action", "text", "What is read on it."),
    (
        "Action",
        "href",
        "An address: https:, mailto:, tel:, or a path of the shop. Also where to go when the adapter is missing.",
    ),
    ("Action", "adapter", "The chat that is opened; polku is the widget's own, with data-chat."),
    ("Action", "launcher", "A selector: the button of another chat, which is pressed for the shopper."),
    ("Action", "event", "An event of the page that the shop listens to."),
    ("Action", "hours", "When somebody is there."),
    ("Action", "note", "A line below: opening hours, how long to wait."),
    ("Branch", "if", "The condition; always when left out."),
    ("Branch", "go", "The id of a step, or end."),
    ("End", "thanks", "The thanks."),
    ("End", "after", "What happens next."),
    ("End", "low", "Instead of the thanks after a bad score."),
    ("End", "afterLow", "What happens next after a bad score."),
    ("Score", "metric", "What is computed: the step's own ask."),
    ("Score", "step", "The id of a step with a scale, or of thumbs."),
    ("Ui", "layout", "auto is a card, on touch screens a pill first; inline stands in the page."),
    ("Ui", "position", "The corner."),
    ("Ui", "inline", "A selector: where it stands in the page."),
    ("Ui", "launcher", "A selector of the shop's own button, or true for a pill of the widget's."),
    ("Ui", "launcherText", "What is read on the pill."),
    ("Ui", "style", "Whether earlier questions stay to be seen."),
    ("Ui", "progress", "Whether it says how many questions there are."),
    ("Ui", "privacyNote", "Whether it says why it asks."),
    ("Ui", "privacyUrl", "The shop's privacy policy."),
    ("Ui", "autoCloseMs", "After how long the thanks close by themselves; never when left out."),
    ("Ui", "keepDays", "How long answers are kept, shown under why it asks."),
    ("Limits", "max", "How often one visitor is asked at most; 2."),
    ("Limits", "cooldownDays", "Days after it was dismissed; 30."),
    ("Limits", "afterDismissDays", "Days after it was dismissed twice; 90."),
    ("Limits", "afterAnswer", "Days after it was answered, or never, which is the default."),
    ("Limits", "recurringDays", "Asked again so many days after an answer."),
    ("Limits", "priority", "Which goes first of several; 50."),
    ("Limits", "perPrompt", "The older place of these fields."),
    ("Quiet", "automation", "Whether it stays shut under test programs; true."),
    ("Quiet", "hotkey", "The key that goes to it; F8, false for none."),
    ("When", "any", "Each of these opens it."),
    ("When", "delayMs", "How long it then waits."),
    ("When", "cancelOn", "What keeps it shut while it waits."),
    ("Hours", "days", "1 is Monday; every day when left out."),
    ("Hours", "from", "In the shopper's own time."),
    ("Hours", "to", "In the shopper's own time."),
];

const ID: &str = "^[a-z0-9-]{1,40}$";
const STAGE: &str = "^[a-z][a-z0-9_-]{0,23}$";
const FILLED: &str = "\\S";

/// The shapes by name, each after those that it needs not.
fn shapes() -> Vec<(&'static str, Shape)> {
    let list = |name, least, most| List(Box::new(Ref(name)), least, most);
    let hours = vec![
        field("Hours", "days", List(Box::new(Whole(1, 7)), 0, 7), false),
        field("Hours", "from", Text("^([01][0-9]|2[0-3]):[0-5][0-9]$"), true),
        field("Hours", "to", Text("^([01][0-9]|2[0-3]):[0-5][0-9]$"), true),
    ];
    vec![
        ("Definition", object("Definition", fields::HEAD, &["v", "id", "steps"])),
        ("Step", object("Step", fields::STEP, &["id", "ask"])),
        ("Choice", object("Choice", fields::CHOICE, &["id", "text"])),
        ("Action", object("Action", fields::ACTION, &["id"])),
        ("Branch", object("Branch", fields::BRANCH, &["go"])),
        ("End", object("End", fields::END, &[])),
        ("Score", object("Score", fields::SCORE, &["step"])),
        ("Ui", object("Ui", fields::UI, &[])),
        ("Limits", object("Limits", fields::LIMITS, &[])),
        ("Quiet", object("Quiet", fields::QUIET, &[])),
        ("When", when()),
        ("Trigger", Any(triggers(false))),
        ("Who", Any(parts(fields::WHO, b' ').map(|one| only_field("Who", one)).collect())),
        ("Condition", Any(parts(OPERATORS, b' ').map(condition).collect())),
        ("Texts", Named(Box::new(Text("^(?!.*<[a-zA-Z/!?])[\\s\\S]*\\S[\\s\\S]*$")))),
        ("Hours", Object(hours)),
        ("Locales", list("Locale", 0, usize::MAX)),
        ("Locale", Text("^[a-zA-Z0-9-]{2,35}$")),
        (
            "Href",
            Text(
                "^(https://[^/\\s\\\\\"<>][^\\s\\\\\"<>]*|(mailto|tel):[^/\\s\\\\\"<>][^\\s\\\\\"<>]*|/([^/\\s\\\\\"<>][^\\s\\\\\"<>]*)?)$",
            ),
        ),
    ]
}

fn field(of: &str, name: &str, shape: Shape, needed: bool) -> Field {
    let says = SAYS.iter().find(|(object, field, _)| *object == of && *field == name).map_or("", |(_, _, says)| says);
    Field { name: name.to_owned(), shape, needed, says }
}

/// An object of a line of fields.
fn object(of: &'static str, line: &str, needed: &[&str]) -> Shape {
    Object(fields_of(of, line, needed))
}

fn fields_of(of: &'static str, line: &str, needed: &[&str]) -> Vec<Field> {
    let named = |one: &str| cut(slice(one, 1, one.len()), b'=').0.to_owned();
    parts(line, b' ').map(|one| field(of, &named(one), shape(of, one), needed.contains(&named(one).as_str()))).collect()
}

/// What one field holds.
fn shape(of: &str, written: &str) -> Shape {
    let (name, arg) = cut(slice(written, 1, written.len()), b'=');
    let list = |name, least, most| List(Box::new(Ref(name)), least, most);
    let words = || parts(arg, b'|').map(str::to_owned).collect();
    let texts = |pattern| List(Box::new(Text(pattern)), 1, usize::MAX);
    match (of, name) {
        ("Definition", "v") => return Only("1"),
        ("Definition", "locales") => return Ref("Locales"),
        ("Definition", "defaultLocale") => return Ref("Locale"),
        ("Definition", "steps") => return list("Step", 1, MOST_STEPS),
        ("Definition", "when") => return Ref("When"),
        ("Definition", "who") => return Ref("Who"),
        ("Definition", "limits") | ("Limits", "perPrompt") => return Ref("Limits"),
        ("Definition", "quiet") => return Ref("Quiet"),
        ("Definition", "ui") => return Ref("Ui"),
        ("Definition", "end") => return Ref("End"),
        ("Definition", "score") => return Ref("Score"),
        ("Step", "ask") => return Words(parts(ASKS, b' ').map(str::to_owned).collect()),
        ("Step", "next") => return list("Branch", 0, usize::MAX),
        ("Step", "choices") => return list("Choice", 0, MOST_CHOICES),
        ("Step", "actions") => return list("Action", 0, MOST_CHOICES),
        ("Step", "scale") => return Whole(2, 10),
        ("Step", "min") => return Whole(1, MOST_CHOICES as i64),
        ("Step", "max") => return Whole(1, 500),
        ("Step", "anchors") => return Words(vec!["ease".to_owned(), "agree".to_owned()]),
        ("Choice", "id") => return Text(ID),
        ("Branch", "if") => return Ref("Condition"),
        ("Action", "hours") => return Ref("Hours"),
        ("Ui", "launcher") => return Any(vec![Bool, Text(FILLED)]),
        ("Ui", "inline") | ("Action", "launcher") => return Text(FILLED),
        ("Limits", "afterAnswer") => return Any(vec![Only("\"never\""), Whole(0, 395)]),
        ("Quiet", "hotkey") => return Any(vec![Only("false"), Text("^F([1-9]|1[0-2])$")]),
        ("When", "any") => return list("Trigger", 1, usize::MAX),
        ("When", "cancelOn") => return list("Trigger", 0, usize::MAX),
        _ => {}
    }
    let bounds = || {
        let (low, high) = cut(arg, b'-');
        let bound = |text| number(text).unwrap_or_default() as i64;
        (bound(low), bound(high))
    };
    match written.as_bytes().first() {
        Some(b'i') => Text(ID),
        Some(b'n' | b'N') => Whole(bounds().0, bounds().1),
        Some(b'w') => Words(words()),
        Some(b'b') => Bool,
        Some(b's' | b'S') => Ref("Texts"),
        Some(b'h') => Ref("Href"),
        Some(b'k') => Text(STAGE),
        Some(b'q') => Text(FILLED),
        Some(b'W') => List(Box::new(Words(words())), 1, usize::MAX),
        Some(b'K') => texts(STAGE),
        Some(b'L') => list("Locale", 1, usize::MAX),
        Some(b'V') => texts("^[0-9]+(-[0-9]+|\\+)?$"),
        Some(b'T') => texts(FILLED),
        Some(b'A') => list("Who", 1, usize::MAX),
        Some(b'B') => Ref("Who"),
        Some(b'U') => Any(parts(fields::URL, b' ').map(|one| only_field("Url", one)).collect()),
        Some(b'M') => Named(Box::new(Text(FILLED))),
        Some(b'P') => Any(vec![
            Share,
            Object(vec![
                field("Sample", "group", Text(FILLED), true),
                field("Sample", "from", Share, true),
                field("Sample", "to", Share, true),
            ]),
        ]),
        Some(b'H') => Ref("Hours"),
        Some(b'R') => {
            let bound = |name| field("Range", name, Whole(bounds().0, bounds().1), false);
            Object(vec![bound("gte"), bound("lte")])
        }
        // One way to hold an address against a text, and the conditions' own names: a text that says something.
        _ => Text(if of == "Url" { FILLED } else { "" }),
    }
}

/// An object that has one field and no other.
fn only_field(of: &'static str, written: &str) -> Shape {
    let (name, _) = cut(slice(written, 1, written.len()), b'=');
    Object(vec![field(of, name, shape(of, written), true)])
}

/// Triggers, each an object; beside it the fields of `when` where it stands for that.
fn triggers(alone: bool) -> Vec<Shape> {
    let own = fields::TRIGGERS.iter().map(|(on, line)| (Words(vec![(*on).to_owned()]), *line));
    let names = Name::ALL.iter().map(|name| name.as_str()).filter(|name| is_touchpoint(name)).map(str::to_owned);
    own.chain([(Words(names.collect()), "")])
        .map(|(on, line)| {
            let mut fields = vec![field("Trigger", "on", on, true)];
            for one in parts(line, b' ') {
                let needed = matches!(one.as_bytes().first(), Some(b'k' | b'q' | b'N'));
                let (name, _) = cut(slice(one, 1, one.len()), b'=');
                fields.push(field("Trigger", name, shape("Trigger", one), needed));
            }
            if alone {
                fields.extend(fields_of("When", fields::WHEN, &[]));
            }
            Object(fields)
        })
        .collect()
}

fn when() -> Shape {
    let mut ways = vec![object("When", fields::WHEN, &[])];
    ways.extend(triggers(true));
    Any(ways)
}

/// A condition with one operator.
fn condition(operator: &str) -> Shape {
    let pair = |bound| Pair(Box::new(Text("")), Box::new(bound));
    let (low, high) = (i64::from(i32::MIN), i64::from(i32::MAX));
    let value = || Any(vec![Whole(low, high), Text("")]);
    let held = match operator {
        "all" | "any" => List(Box::new(Ref("Condition")), 0, usize::MAX),
        "not" => Ref("Condition"),
        "answered" | "skipped" => Text(""),
        "in" => pair(List(Box::new(value()), 0, usize::MAX)),
        "hasAny" => pair(List(Box::new(Text("")), 0, usize::MAX)),
        "has" | "matches" => pair(Text("")),
        "eq" | "ne" => pair(value()),
        _ => pair(Whole(low, high)),
    };
    Object(vec![field("Condition", operator, held, true)])
}

/// JSON Schema, draft 2020-12: what a definition, or a list of them, may look like. It knows shapes; what leads where, only the check knows.
#[must_use]
pub fn schema() -> String {
    let defs: Vec<String> =
        shapes().into_iter().map(|(name, shape)| format!("{}:{}", quoted(name), json(name, &shape))).collect();
    format!(
        r##"{{"$schema":"https://json-schema.org/draft/2020-12/schema","title":"Prompts of Polku","anyOf":[{{"$ref":"#/$defs/Definition"}},{{"type":"array","items":{{"$ref":"#/$defs/Definition"}}}}],"$defs":{{{}}}}}"##,
        defs.join(",")
    )
}

fn json(name: &str, shape: &Shape) -> String {
    let all = |shapes: &[Shape]| shapes.iter().map(|shape| json("", shape)).collect::<Vec<_>>().join(",");
    match shape {
        Ref(name) => format!("{{\"$ref\":\"#/$defs/{name}\"}}"),
        Text("") => "{\"type\":\"string\"}".to_owned(),
        Text(pattern) => format!("{{\"type\":\"string\",\"pattern\":{}}}", quoted(pattern)),
        Whole(low, high) => format!("{{\"type\":\"integer\",\"minimum\":{low},\"maximum\":{high}}}"),
        Share => "{\"type\":\"number\",\"minimum\":0,\"maximum\":1}".to_owned(),
        Bool => "{\"type\":\"boolean\"}".to_owned(),
        Words(words) => {
            format!("{{\"enum\":[{}]}}", words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(","))
        }
        Only(value) => format!("{{\"const\":{value}}}"),
        List(inner, least, most) => {
            let most = if *most == usize::MAX { String::new() } else { format!(",\"maxItems\":{most}") };
            format!("{{\"type\":\"array\",\"items\":{},\"minItems\":{least}{most}}}", json("", inner))
        }
        Pair(one, other) => {
            let both = [json("", one), json("", other)].join(",");
            format!("{{\"type\":\"array\",\"prefixItems\":[{both}],\"items\":false,\"minItems\":2}}")
        }
        Any(shapes) => format!("{{\"anyOf\":[{}]}}", all(shapes)),
        Named(inner) => {
            // Texts of one language at least; which, only the definition says.
            format!("{{\"type\":\"object\",\"additionalProperties\":{},\"minProperties\":1}}", json("", inner))
        }
        Object(fields) => {
            let one = |field: &Field| {
                let inner = json("", &field.shape);
                let says = if field.says.is_empty() {
                    String::new()
                } else {
                    format!(",\"description\":{}", quoted(field.says))
                };
                format!("{}:{}{says}}}", quoted(&field.name), &inner[..inner.len() - 1])
            };
            let mut properties: Vec<String> = fields.iter().map(one).collect();
            if name == "Definition" {
                properties.push("\"$schema\":{\"type\":\"string\"}".to_owned());
            }
            let needed: Vec<String> =
                fields.iter().filter(|field| field.needed).map(|field| quoted(&field.name)).collect();
            let least = if needed.is_empty() && fields.first().is_some_and(|field| field.name == "gte") {
                ",\"minProperties\":1"
            } else {
                ""
            };
            let more = match name {
                "Step" => ONLY_SOME_STEPS,
                "Action" => {
                    ",\"anyOf\":[{\"required\":[\"href\"]},{\"required\":[\"adapter\"]},{\"required\":[\"launcher\"]},{\"required\":[\"event\"]}]"
                }
                _ => "",
            };
            format!(
                "{{\"type\":\"object\",\"properties\":{{{}}},\"required\":[{}],\"additionalProperties\":false{least}{more}}}",
                properties.join(","),
                needed.join(",")
            )
        }
    }
}

/// What a step must have depends on what it asks.
const ONLY_SOME_STEPS: &str = r#","allOf":[
    {"if":{"properties":{"ask":{"const":"handoff"}}},"then":{"required":["actions"],"properties":{"actions":{"minItems":1}}},"else":{"if":{"not":{"properties":{"ask":{"const":"chat"}}}},"then":{"required":["text"]}}},
    {"if":{"properties":{"ask":{"enum":["single","multi","discovery"]}}},"then":{"required":["choices"],"properties":{"choices":{"minItems":1}}}},
    {"if":{"properties":{"ask":{"const":"ces"}}},"then":{"properties":{"scale":{"enum":[5,7]}}}},
    {"if":{"properties":{"ask":{"const":"thumbs"}}},"then":{"properties":{"choices":{"items":{"properties":{"id":{"enum":["up","down"]}}}}}}},
    {"if":{"properties":{"ask":{"const":"yesno"}}},"then":{"properties":{"choices":{"items":{"properties":{"id":{"enum":["yes","no"]}}}}}}},
    {"not":{"required":["id"],"properties":{"id":{"const":"end"}}}}]"#;

/// TypeScript declarations of the same.
#[must_use]
pub fn types() -> String {
    let mut out = "// The shape of prompts.json. Made from the table of fields in crates/core/src/prompt/fields.rs; not edited by hand.\n".to_owned();
    for (name, shape) in shapes() {
        out += "\n";
        match (name, &shape) {
            ("Step", Object(fields)) => out += &steps(fields),
            (_, Object(fields)) => {
                // An editor's own field, at the head alone.
                let schema = if name == "Definition" { "{\n  $schema?: string;" } else { "{" };
                out += &format!("export interface {name} {}\n", interface(fields, "").replacen('{', schema, 1));
            }
            _ => out += &format!("export type {name} = {};\n", typescript(&shape)),
        }
    }
    out += "\n/** What data-prompts names: one definition or several. */\nexport type Prompts = Definition | Definition[];\n";
    out
}

/// Steps, one interface for what each `ask` reads.
fn steps(all: &[Field]) -> String {
    let (_, common) = fields::USES[0];
    let named =
        |used: &str| all.iter().filter(|field| parts(used, b' ').any(|name| name == field.name)).collect::<Vec<_>>();
    let mut out = String::new();
    let mut kinds = Vec::new();
    for (ask, own) in fields::USES.iter().skip(1) {
        let mut name = ask[..1].to_uppercase() + &ask[1..];
        name += "Step";
        out += &format!("export interface {name} {{\n  ask: {};\n", quoted(ask));
        for field in named(common).into_iter().chain(named(own)).filter(|field| field.name != "ask") {
            let needed = match field.name.as_str() {
                "text" => !matches!(*ask, "handoff" | "chat"),
                "choices" => matches!(*ask, "single" | "multi" | "discovery"),
                "actions" => *ask == "handoff",
                _ => field.needed,
            };
            out += &member(field, needed, "  ");
        }
        out += "}\n\n";
        kinds.push(name);
    }
    out + &format!("export type Step = {};\n", kinds.join(" | "))
}

fn interface(fields: &[Field], indent: &str) -> String {
    let inner = format!("{indent}  ");
    let members: String = fields.iter().map(|field| member(field, field.needed, &inner)).collect();
    format!("{{\n{members}{indent}}}")
}

fn member(field: &Field, needed: bool, indent: &str) -> String {
    let says = if field.says.is_empty() { String::new() } else { format!("{indent}/** {} */\n", field.says) };
    format!("{says}{indent}{}{}: {};\n", field.name, if needed { "" } else { "?" }, typescript(&field.shape))
}

fn typescript(shape: &Shape) -> String {
    match shape {
        Ref(name) => (*name).to_owned(),
        Text(_) => "string".to_owned(),
        Whole(..) | Share => "number".to_owned(),
        Bool => "boolean".to_owned(),
        Words(words) => words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" | "),
        Only(value) => (*value).to_owned(),
        List(inner, ..) => match typescript(inner) {
            inner if inner.contains('|') => format!("({inner})[]"),
            inner => format!("{inner}[]"),
        },
        Pair(one, other) => format!("[{}, {}]", typescript(one), typescript(other)),
        Any(shapes) => shapes.iter().map(typescript).collect::<Vec<_>>().join(" | "),
        Named(inner) => format!("{{ [name: string]: {} }}", typescript(inner)),
        Object(fields) => {
            let members = fields.iter().map(|field| {
                format!("{}{}: {}", field.name, if field.needed { "" } else { "?" }, typescript(&field.shape))
            });
            format!("{{ {} }}", members.collect::<Vec<_>>().join("; "))
        }
    }
}

/// A text with its quotes.
fn quoted(text: &str) -> String {
    let mut json = crate::json::Writer::default();
    json.raw("\"");
    for sign in text.chars() {
        if matches!(sign, '"' | '\\') {
            json.raw("\\");
        }
        json.raw(sign.encode_utf8(&mut [0; 4]));
    }
    json.raw("\"");
    json.into_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_told_of_and_nothing_else_is() {
        let mut told = Vec::new();
        for (name, shape) in shapes() {
            if let Object(fields) = shape {
                for field in fields {
                    assert!(!field.says.is_empty(), "{name}.{} has no words", field.name);
                    told.push((name, field.name));
                }
            }
        }
        for (object, field, _) in SAYS.iter().filter(|(object, ..)| *object != "When") {
            assert!(told.iter().any(|(name, told)| name == object && told == field), "{object}.{field} is no field");
        }
        for line in fields::USES.iter().map(|(_, names)| names) {
            assert!(
                parts(line, b' ').all(|name| told.iter().any(|(of, told)| *of == "Step" && told == name)),
                "{line}"
            );
        }
    }
}

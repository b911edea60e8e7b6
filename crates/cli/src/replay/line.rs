//! One line of a scripted journey: what it may say, and what is said of one that cannot be understood.

use polku_core::{Name, What, page_template, target_name};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// The observations, and what their `data` holds (`?`: may be left out).
pub const OBSERVATIONS: &[(&str, &str)] = &[
    ("page", r#"{"url":"/p/kettle?…","referrer":"https://…"?,"reload":true?}"#),
    ("pointer", r#"{"x":n,"y":n,"target":"button#buy","role":"button"?,"interactive":true?,"label":"+"?}"#),
    ("mutation", r#"{"role":"alert|status"?,"target":"div#error"?}"#),
    ("scroll", r#"{"y":px}"#),
    ("visibility", r#"{"hidden":true|false}"#),
    ("field", r#"{"name":"email","event":"focus|blur|invalid|input|change|submit"}"#),
    ("request", r#"{"path":"/api/cart","status":500,"ms":120}"#),
    ("error", r#"{"message":"TypeError: …"?,"source":"/app.js"?}"#),
    ("vital", r#"{"metric":"LCP|INP|CLS|TTFB|FCP|LoAF","value":n,"target":"img#hero"?}"#),
    ("action", r#"{"target":"button#buy","state":"ok|hidden|covered|disabled|small"}"#),
    ("commit", r#"{"target":"button#pay","event":"near|away|press"}"#),
    ("engaged", r#"{"ms":n,"depth":percent?}"#),
    ("seen", r#"{"what":"price|stock|delivery|error|promotion","text":"…"?}"#),
    ("variant", r#"{"name":"checkout","value":"b"}"#),
    ("consent", r#"{"measure":true|false?,"remember":true|false?,"feedback":true|false?}"#),
];

/// A journey may be scripted over this long, in ms: a leap year.
const LONGEST: u64 = 366 * 24 * 3_600_000;
/// What a request took has 20 bits, as in the browser.
const LONGEST_REQUEST: f64 = ((1 << 20) - 1) as f64;
/// A label longer than this is not told by a page, in characters.
const LABEL: usize = 12;

/// Why a line cannot be understood, and what to write instead.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault(pub(crate) String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

/// A line that was understood.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    /// Since the journey began, in ms.
    pub(crate) t: u64,
    pub(crate) step: Step<'a>,
}

/// What happens in a line.
#[derive(Debug)]
pub(crate) enum Step<'a> {
    Page(Page<'a>),
    Pointer(Pointer<'a>),
    Observed { what: What, target: Cow<'a, str>, number: u32 },
    Visibility { hidden: bool },
    Consent(Consent),
    Variant(Variant<'a>),
    Track { name: &'static str, data: Option<&'a str> },
}

#[derive(Debug, Deserialize)]
pub(crate) struct Page<'a> {
    #[serde(borrow)]
    pub(crate) url: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) referrer: Option<Cow<'a, str>>,
    #[serde(default)]
    pub(crate) reload: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Pointer<'a> {
    pub(crate) x: f64,
    pub(crate) y: f64,
    #[serde(borrow)]
    pub(crate) target: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(crate) role: Cow<'a, str>,
    #[serde(default)]
    pub(crate) interactive: bool,
    #[serde(borrow, default)]
    pub(crate) label: Cow<'a, str>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Consent {
    pub(crate) measure: Option<bool>,
    pub(crate) remember: Option<bool>,
    pub(crate) feedback: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Variant<'a> {
    #[serde(borrow)]
    pub(crate) name: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) value: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Raw<'a> {
    t: Option<f64>,
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

impl<'a> Line<'a> {
    /// Reads one line.
    pub(crate) fn parse(text: &'a str) -> Result<Self, Fault> {
        const SHAPE: &str = r#"write {"t":ms,"name":"…","data":{…}}"#;
        let Raw { t, name, data } = serde_json::from_str(text)
            .map_err(|why| Fault(format!("this is no line of a journey ({}); {SHAPE}", cause(&why))))?;
        let t =
            t.ok_or_else(|| Fault(format!("\"t\" is missing; {SHAPE}, t counted from the start of the journey")))?;
        if !(0.0..=LONGEST as f64).contains(&t) {
            return Err(Fault(format!("\"t\" is {t}; write ms from the start of the journey, a year at most")));
        }
        let name = name.ok_or_else(|| Fault(format!("\"name\" is missing; {SHAPE}")))?;
        if let Some(data) = data
            && !data.get().starts_with('{')
        {
            return Err(Fault(format!("the data of {name:?} is no object; {SHAPE}")));
        }
        Ok(Self { t: t as u64, step: step(&name, data.map(RawValue::get))? })
    }
}

fn step<'a>(name: &str, data: Option<&'a str>) -> Result<Step<'a>, Fault> {
    let observed = |what, target, number| Ok(Step::Observed { what, target, number });
    let raw = data.unwrap_or("{}");
    match name {
        "page" => Ok(Step::Page(read(name, raw)?)),
        "pointer" => {
            let mut pointer: Pointer<'_> = read(name, raw)?;
            if pointer.label.chars().count() > LABEL {
                pointer.label = Cow::Borrowed("");
            }
            Ok(Step::Pointer(pointer))
        }
        "mutation" => {
            #[derive(Deserialize)]
            struct Data<'a> {
                role: Option<Role>,
                #[serde(borrow)]
                target: Option<Cow<'a, str>>,
            }
            #[derive(Deserialize)]
            #[serde(rename_all = "lowercase")]
            enum Role {
                Alert,
                Status,
            }
            let Data { role, target } = read(name, raw)?;
            let Some(role) = role else {
                return observed(What::Mutation, Cow::Borrowed(""), 0);
            };
            let role = if matches!(role, Role::Alert) { "alert" } else { "status" };
            observed(What::Alert, target.unwrap_or_else(|| target_name("", "div", "", role).into()), 0)
        }
        "scroll" => {
            #[derive(Deserialize)]
            struct Data {
                y: f64,
            }
            // Beyond the edge some browsers tell less than nothing.
            observed(What::Scroll, Cow::Borrowed(""), read::<Data>(name, raw)?.y.round() as u32)
        }
        "visibility" => {
            #[derive(Deserialize)]
            struct Data {
                hidden: bool,
            }
            Ok(Step::Visibility { hidden: read::<Data>(name, raw)?.hidden })
        }
        "field" => {
            #[derive(Deserialize)]
            struct Data<'a> {
                #[serde(borrow)]
                name: Cow<'a, str>,
                event: Event,
            }
            #[derive(Deserialize)]
            #[serde(rename_all = "lowercase")]
            enum Event {
                Focus,
                Blur,
                Invalid,
                Input,
                Change,
                Submit,
            }
            let Data { name, event } = read(name, raw)?;
            let what = match event {
                Event::Focus => What::Focus,
                Event::Blur => What::Blur,
                Event::Invalid => What::Invalid,
                Event::Input => What::Edit,
                Event::Change => What::Change,
                Event::Submit => What::Submit,
            };
            observed(what, name, 0)
        }
        "request" => {
            #[derive(Deserialize)]
            struct Data<'a> {
                #[serde(borrow)]
                path: Cow<'a, str>,
                status: u16,
                ms: f64,
            }
            let Data { path, status, ms } = read(name, raw)?;
            if status > 999 {
                return Err(wrong(name, "a status has three digits"));
            }
            let ms = ms.round().clamp(0.0, LONGEST_REQUEST) as u32;
            observed(What::Request, place(&path).into(), u32::from(status) << 20 | ms)
        }
        "error" => {
            #[derive(Deserialize)]
            struct Data<'a> {
                #[serde(borrow, default)]
                message: Cow<'a, str>,
                #[serde(borrow, default)]
                source: Cow<'a, str>,
            }
            let Data { message, source } = read(name, raw)?;
            observed(What::Error, error(&message, &source).into(), 0)
        }
        "vital" => {
            #[derive(Deserialize)]
            struct Data<'a> {
                metric: Metric,
                value: f64,
                #[serde(borrow)]
                target: Option<Cow<'a, str>>,
            }
            #[derive(Clone, Copy, Debug, Deserialize)]
            enum Metric {
                #[serde(rename = "LCP")]
                Lcp,
                #[serde(rename = "INP")]
                Inp,
                #[serde(rename = "CLS")]
                Cls,
                #[serde(rename = "TTFB")]
                Ttfb,
                #[serde(rename = "FCP")]
                Fcp,
                #[serde(rename = "LoAF")]
                LoAf,
            }
            let Data { metric, value, target } = read(name, raw)?;
            let text = ["LCP", "INP", "CLS", "TTFB", "FCP", "LoAF"][metric as usize];
            let number = if matches!(metric, Metric::Cls) { value * 10_000.0 } else { value };
            let target = target.map_or(Cow::Borrowed(text), |target| format!("{text}\n{target}").into());
            observed(What::Vital, target, number.round() as u32)
        }
        "action" => {
            #[derive(Deserialize)]
            struct Data<'a> {
                #[serde(borrow)]
                target: Cow<'a, str>,
                state: State,
            }
            #[derive(Deserialize)]
            #[serde(rename_all = "lowercase")]
            enum State {
                Ok,
                Hidden,
                Covered,
                Disabled,
                Small,
            }
            let Data { target, state } = read(name, raw)?;
            observed(What::Action, target, state as u32)
        }
        "commit" => {
            #[derive(Deserialize)]
            struct Data<'a> {
                #[serde(borrow)]
                target: Cow<'a, str>,
                event: Event,
            }
            #[derive(Deserialize)]
            #[serde(rename_all = "lowercase")]
            enum Event {
                Near,
                Away,
                Press,
            }
            let Data { target, event } = read(name, raw)?;
            let what = match event {
                Event::Near => What::Near,
                Event::Away => What::Away,
                Event::Press => What::Press,
            };
            observed(what, target, 0)
        }
        "engaged" => {
            #[derive(Deserialize)]
            struct Data {
                ms: f64,
                #[serde(default)]
                depth: u8,
            }
            let Data { ms, depth } = read(name, raw)?;
            observed(What::Engaged, depth.min(100).to_string().into(), ms.round() as u32)
        }
        "seen" => {
            #[derive(Deserialize)]
            struct Data<'a> {
                #[serde(borrow)]
                what: Cow<'a, str>,
                #[serde(borrow, default)]
                text: Cow<'a, str>,
            }
            let Data { what, text } = read(name, raw)?;
            observed(What::Seen, format!("{what}\n{text}").into(), 0)
        }
        "variant" => Ok(Step::Variant(read(name, raw)?)),
        "consent" => Ok(Step::Consent(read(name, raw)?)),
        _ => match Name::parse(name) {
            Some(name) if name.is_for_shops() => Ok(Step::Track { name: name.as_str(), data }),
            Some(_) => Err(Fault(format!(
                "{name:?} is found by Polku itself; write what the shopper did or what the page did ({})",
                observations()
            ))),
            None => Err(unknown(name)),
        },
    }
}

fn read<'a, T: Deserialize<'a>>(name: &str, raw: &'a str) -> Result<T, Fault> {
    serde_json::from_str(raw).map_err(|why| wrong(name, &cause(&why)))
}

fn wrong(name: &str, why: &str) -> Fault {
    let shape = OBSERVATIONS.iter().find(|(known, _)| *known == name).map_or("{}", |(_, shape)| shape);
    Fault(format!("the data of {name:?} cannot be read ({why}); write {shape}"))
}

/// What the JSON library says, less where: there is but one line.
fn cause(why: &serde_json::Error) -> String {
    let text = why.to_string();
    let (what, column) = (text.split(" at line ").next().unwrap_or_default(), why.column());
    if why.is_data() || column == 0 { what.to_owned() } else { format!("{what} at byte {column}") }
}

fn observations() -> String {
    OBSERVATIONS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

fn unknown(name: &str) -> Fault {
    let touchpoints = Name::ALL.iter().filter(|name| name.is_for_shops()).map(|name| name.as_str());
    let known = OBSERVATIONS.iter().map(|(name, _)| *name).chain(touchpoints);
    let (far, nearest) = known.map(|known| (distance(name, known), known)).min().unwrap_or_default();
    // Beyond two slips of the finger it is another word.
    if far <= 2 {
        Fault(format!("there is no touchpoint or observation {name:?}; did you mean {nearest:?}?"))
    } else {
        let name: String = name.chars().take(40).collect();
        Fault(format!(
            "there is no touchpoint or observation {name:?}; write an observation ({}) or a commerce touchpoint like \"add_to_cart\" (`polku replay --help` names all)",
            observations()
        ))
    }
}

/// How many letters must be changed, put in or taken out to make `a` into `b`.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, from) in a.bytes().take(64).enumerate() {
        let mut before = std::mem::replace(&mut row[0], at + 1);
        for (to, letter) in b.bytes().enumerate() {
            let changed = before + usize::from(from != letter);
            before = row[to + 1];
            row[to + 1] = changed.min(before + 1).min(row[to] + 1);
        }
    }
    row[b.len()]
}

/// An address as host and path with query; without a host it is one of this shop. What follows `#` never counts.
pub(crate) fn address(url: &str) -> (Option<&str>, Cow<'_, str>) {
    let url = url.split('#').next().unwrap_or_default();
    let (host, path) = match url.split_once("//") {
        Some((scheme, rest)) if is_scheme(scheme) => {
            let at = rest.find(['/', '?']).unwrap_or(rest.len());
            (Some(&rest[..at]), &rest[at..])
        }
        _ => (None, url),
    };
    (host, if path.starts_with('/') { path.into() } else { format!("/{path}").into() })
}

/// Whether this can stand before the `//` of an address: `https:`, `chrome-extension:`, or nothing.
fn is_scheme(text: &str) -> bool {
    let word = text.strip_suffix(':').unwrap_or_default();
    text.is_empty() || (!word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
}

/// Where a request went or a script lies, as the page tells it: the path's template, the host before it where it is another one.
fn place(url: &str) -> String {
    let (host, path) = address(url);
    host.unwrap_or_default().to_owned() + &page_template(&path)
}

/// An error's kind and place, as the page tells it: of the message only what browsers put before its colon, and the two phrases
/// that tell that it is no error of the shop's own.
fn error(message: &str, source: &str) -> String {
    let noise = ["Script error", "ResizeObserver loop"].into_iter().find(|noise| message.starts_with(noise));
    let message = message.strip_prefix("Uncaught ").unwrap_or(message);
    let message = message.strip_prefix("(in promise) ").unwrap_or(message);
    let kind = message.split(':').next().unwrap_or_default();
    let named = kind.len() <= 40
        && kind.starts_with(|first: char| first.is_ascii_uppercase())
        && kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let kind = noise.unwrap_or(if named { kind } else { "Error" });
    let place = match source.split_once("//") {
        _ if source.is_empty() => return kind.to_owned(),
        // Extensions and blobs have no place but their kind.
        Some((scheme, _)) if is_scheme(scheme) && !scheme.is_empty() && !scheme.starts_with("http") => {
            scheme.to_owned()
        }
        _ => {
            let (host, path) = address(source);
            host.unwrap_or_default().to_owned() + path.split('?').next().unwrap_or_default()
        }
    };
    format!("{kind} {place}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn observed(name: &str, data: &str) -> (What, String, u32) {
        match step(name, Some(data)).unwrap() {
            Step::Observed { what, target, number } => (what, target.into_owned(), number),
            other => panic!("{other:?}"),
        }
    }

    fn fault(line: &str) -> String {
        Line::parse(line).unwrap_err().to_string()
    }

    #[test]
    fn observations_become_what_a_page_tells() {
        for (name, data, what, target, number) in [
            ("mutation", "{}", What::Mutation, "", 0),
            ("mutation", r#"{"role":"alert"}"#, What::Alert, "div alert", 0),
            ("mutation", r#"{"role":"status"}"#, What::Alert, "div status", 0),
            ("scroll", r#"{"y":812.6}"#, What::Scroll, "", 813),
            ("scroll", r#"{"y":-40}"#, What::Scroll, "", 0),
            ("field", r#"{"name":"email","event":"input"}"#, What::Edit, "email", 0),
            ("field", r#"{"name":"","event":"submit"}"#, What::Submit, "", 0),
            (
                "request",
                r#"{"path":"/api/order/KK-1","status":502,"ms":120}"#,
                What::Request,
                "/api/order/:id",
                502 << 20 | 120,
            ),
            (
                "request",
                r#"{"path":"https://pay.example/v1?x=1","status":0,"ms":9e9}"#,
                What::Request,
                "pay.example/v1",
                (1 << 20) - 1,
            ),
            ("vital", r#"{"metric":"CLS","value":0.2512}"#, What::Vital, "CLS", 2512),
            ("vital", r#"{"metric":"LoAF","value":120,"target":"/app.js"}"#, What::Vital, "LoAF\n/app.js", 120),
            ("vital", r#"{"metric":"INP","value":248,"target":"button#buy"}"#, What::Vital, "INP\nbutton#buy", 248),
            ("action", r#"{"target":"button#buy","state":"small"}"#, What::Action, "button#buy", 4),
            ("commit", r#"{"target":"button#pay","event":"away"}"#, What::Away, "button#pay", 0),
            ("engaged", r#"{"ms":5000,"depth":40}"#, What::Engaged, "40", 5000),
            ("seen", r#"{"what":"stock","text":"sold out"}"#, What::Seen, "stock\nsold out", 0),
        ] {
            assert_eq!(observed(name, data), (what, target.to_owned(), number), "{name} {data}");
        }
    }

    #[test]
    fn errors_are_told_by_kind_and_place() {
        for (message, source, told) in [
            ("TypeError: x is undefined", "/app.js", "TypeError /app.js"),
            ("Uncaught ReferenceError: y", "https://cdn.example/a.js?v=1", "ReferenceError cdn.example/a.js"),
            ("Uncaught (in promise) AbortError: gone", "", "AbortError"),
            ("anna@example.com is taken", "/app.js:12", "Error /app.js:12"),
            ("Script error.", "", "Script error"),
            ("ResizeObserver loop limit exceeded", "/", "ResizeObserver loop /"),
            ("Error: x", "chrome-extension://abc/x.js", "Error chrome-extension:"),
        ] {
            assert_eq!(error(message, source), told);
        }
    }

    #[test]
    fn addresses_are_of_this_shop_unless_they_name_a_host() {
        for (url, host, path) in [
            ("/p/kettle?a=1#x", None, "/p/kettle?a=1"),
            ("https://shop.fi", Some("shop.fi"), "/"),
            ("https://shop.fi?q=1", Some("shop.fi"), "/?q=1"),
            ("//shop.fi/x", Some("shop.fi"), "/x"),
            ("/search?next=https://other.fi/", None, "/search?next=https://other.fi/"),
            ("", None, "/"),
        ] {
            assert_eq!(address(url), (host, path.into()), "{url}");
        }
    }

    #[test]
    fn a_fault_says_what_to_write() {
        for (line, says) in [
            ("{", "no line of a journey (EOF while parsing an object at byte 1)"),
            ("[]", "write {\"t\":ms"),
            (r#"{"name":"scroll"}"#, "\"t\" is missing"),
            (r#"{"t":1}"#, "\"name\" is missing"),
            (r#"{"t":-1,"name":"scroll"}"#, "\"t\" is -1"),
            (r#"{"t":1e300,"name":"scroll"}"#, "a year at most"),
            (r#"{"t":1,"name":"scroll","data":7}"#, "the data of \"scroll\" is no object"),
            (r#"{"t":1,"name":"scroll"}"#, "missing field `y`); write {\"y\":px}"),
            (r#"{"t":1,"name":"add_to_card"}"#, "did you mean \"add_to_cart\"?"),
            (r#"{"t":1,"name":"mutatoin"}"#, "did you mean \"mutation\"?"),
            (r#"{"t":1,"name":"teleport"}"#, "write an observation (page, pointer,"),
            (r#"{"t":1,"name":"rage_click"}"#, "found by Polku itself"),
            (r#"{"t":1,"name":"page_view"}"#, "found by Polku itself"),
            (r#"{"t":1,"name":"field","data":{"name":"a","event":"typed"}}"#, "unknown variant `typed`"),
            (r#"{"t":1,"name":"request","data":{"path":"/","status":5000,"ms":1}}"#, "three digits"),
        ] {
            let fault = fault(line);
            assert!(fault.contains(says), "{line}: {fault}");
        }
    }

    #[test]
    fn a_touchpoint_keeps_its_data_as_it_is_written() {
        let line = r#"{"t":5,"name":"search","data":{"search_term":"tee",  "results":0}}"#;
        let Line { t: 5, step: Step::Track { name: "search", data: Some(data) } } = Line::parse(line).unwrap() else {
            panic!("a touchpoint")
        };
        assert_eq!(data, r#"{"search_term":"tee",  "results":0}"#);
    }
}

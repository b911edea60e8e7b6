//! What is looked at natively before anything is written: presets, settings and batches, to the last comma. On a page batches are our own,
//! presets come with the package or were tried with `polku encode`, and every sentence would cost bytes.

use super::copy::each;
use super::preset::{EVERYWHERE, Format};
use super::problem::{Problem, problem};
use super::template::{Scene, at};
use super::{found, inside};
use crate::json::{self, Scan, Writer};
use crate::name::Name;
use crate::words;

/// Members of a preset.
const MEMBERS: &[&str] = &[
    "v", "name", "code", "method", "path", "headers", "settings", "choose", "names", "keys", "lift", "without",
    "event", "only", "lines", "body", "most", "dedupe", "bisects", "opaque", "erases", "reads", "retry", "refuse",
    "dropped",
];

/// Deeper than this nothing of ours is nested, and a reader's stack would pay for it.
const DEPTH: u32 = 32;

fn bad<T>(field: &str, fix: &str) -> Result<T, Problem> {
    Err(problem!(BadPreset, field, "{fix}"))
}

/// Whether a request can have such headers and such a path: a browser throws at others, and every request would fail without a word.
pub(super) fn request(format: &Format) -> Result<(), Problem> {
    let is_line = |text: &str| text.bytes().all(|byte| (b' '..0x7f).contains(&byte));
    // RFC 9110, 5.6.2.
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    for (name, value) in format.headers("pk") {
        if name.is_empty() || !name.bytes().all(is_token) || !is_line(&value) {
            // A setting of the shop's, or a member of the preset.
            let own = ["header.", &name].concat();
            let field = if format.get(&own).is_some() { own } else { ["headers.", &name].concat() };
            let fix = "name it with letters, digits and -, and write ASCII without line feeds";
            return Err(problem!(BadSetting, field, "{fix}"));
        }
    }
    if is_line(&format.path("pk")?) { Ok(()) } else { bad("path", "write ASCII without line feeds") }
}

/// Whether `raw` is one JSON value by the standard's grammar, and not too deep.
fn is_json(raw: &str) -> bool {
    let mut scan = Scan::new(raw);
    value(&mut scan, DEPTH).is_some() && scan.end().is_some()
}

fn value(scan: &mut Scan<'_>, depth: u32) -> Option<()> {
    let open = scan.next();
    let close = match open {
        b'{' => b'}',
        b'[' => b']',
        _ => {
            let raw = scan.value()?;
            let known = json::inside(raw).is_some() || matches!(raw, "true" | "false" | "null") || is_number(raw);
            return known.then_some(());
        }
    };
    let depth = depth.checked_sub(1)?;
    let mut first = true;
    scan.expect(open)?;
    while scan.another(close, &mut first)? {
        if open == b'{' {
            scan.key()?;
        }
        value(scan, depth)?;
    }
    Some(())
}

/// Whether `raw` is a number by JSON's grammar, and one that every reader can hold.
fn is_number(raw: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (number, exponent) = raw.split_once(['e', 'E']).map_or((raw, "0"), |(number, exponent)| (number, exponent));
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let whole = whole.strip_prefix('-').unwrap_or(whole);
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    raw.len() <= 40
        && exponent.len() <= 2
        && digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && digits(part)
        && digits(exponent)
}

/// Whether `raw` is an object, where it is there.
fn object(raw: &str, field: &str) -> Result<(), Problem> {
    if raw.is_empty() || raw.starts_with('{') { Ok(()) } else { bad(field, "write an object, {…}") }
}

/// Calls `look` with what `each` finds, up to the first problem.
fn all(raw: &str, look: &mut dyn FnMut(&str, &str) -> Result<(), Problem>) -> Result<(), Problem> {
    let mut done = Ok(());
    each(raw, &mut |key, value| {
        if done.is_ok() {
            done = look(key, value);
        }
    });
    done
}

/// A preset's shape, before anything is chosen of it.
pub(super) fn preset(preset: &str) -> Result<(), Problem> {
    if !is_json(preset) || !preset.trim_ascii_start().starts_with('{') {
        return bad("preset", "it is no JSON object; write {\"v\": 1, …} and check its commas and quotes");
    }
    let preset = preset.trim_ascii();
    if super::text::whole(preset) != preset {
        return bad("preset", "it has half of a pair of surrogates; write whole characters");
    }
    members(preset, "")?;
    object(found(preset, "choose"), "choose")?;
    all(found(preset, "choose"), &mut |name, variants| {
        let field = at("choose", name);
        object(variants, &field)?;
        all(variants, &mut |variant, part| {
            let field = at(&field, variant);
            object(part, &field)?;
            members(part, &field)
        })
    })
}

fn members(raw: &str, field: &str) -> Result<(), Problem> {
    all(raw, &mut |member, raw| {
        let here = at(field, member);
        if !MEMBERS.contains(&member) {
            return bad(&here, &format!("a preset has no such member; write one of {}", MEMBERS.join(", ")));
        }
        if member == "settings" {
            object(raw, &here)?;
            return all(raw, &mut |name, raw| {
                let here = at(&here, name);
                object(raw, &here)?;
                all(raw, &mut |member, _| match member {
                    "also" | "default" | "need" | "check" => Ok(()),
                    _ => bad(&at(&here, member), "write also, default, need or check"),
                })
            });
        }
        Ok(())
    })
}

/// A preset with what was chosen of it, and its settings.
pub(super) fn format(format: &Format) -> Result<(), Problem> {
    let one_of = |name: &str, words: &[&str], fix: &str| {
        let raw = format.member(name);
        if raw.is_empty() || words.contains(&json::inside(raw).unwrap_or(raw)) { Ok(()) } else { bad(name, fix) }
    };
    one_of(
        "code",
        &["polku", "otlp", "matomo", "snowplow"],
        "write otlp, matomo or snowplow, or leave it out and give event or lines",
    )?;
    one_of("dedupe", &["none", "weak", "strong"], "write none, weak or strong")?;
    for name in ["bisects", "opaque", "erases"] {
        one_of(name, &["true", "false"], "write true or false")?;
    }
    one_of("method", &["POST", "PUT", "push"], "write POST")?;
    one_of(
        "reads",
        &["status", "otlp", "items", "kafka", "kafka3", "jitsu", "umami", "matomo", "polku"],
        "write status, otlp, items, kafka, kafka3, jitsu, umami or matomo",
    )?;
    for name in ["lift", "without", "retry", "refuse", "lines"] {
        let raw = format.member(name);
        if !raw.is_empty() && !raw.starts_with('[') {
            return bad(name, "write a list");
        }
    }
    for name in ["names", "keys", "only", "headers", "most"] {
        object(format.member(name), name)?;
    }
    for list in ["names", "only", "lift", "without"] {
        all(format.member(list), &mut |key, raw| {
            let names = if key.is_empty() { json::inside(raw).unwrap_or_default() } else { key };
            if let Some(unknown) = names.split(' ').find(|name| Name::parse(name).is_none()) {
                return bad(&at(list, unknown), "no event has this name");
            }
            if list == "names" && json::inside(raw).is_none_or(str::is_empty) {
                return bad(&at(list, key), "write a text");
            }
            Ok(())
        })?;
    }
    all(format.member("keys"), &mut |key, raw| {
        if json::inside(raw).is_some_and(|name| !name.is_empty()) || raw == "null" {
            return Ok(());
        }
        bad(&at("keys", key), "write a text, or null to leave the member out")
    })?;
    all(format.member("most"), &mut |key, raw| {
        let range = match key {
            "events" => 1..=100,
            "bytes" => 1_000..=48_000,
            "hours" => 0..=10_000,
            _ => return bad(&at("most", key), "write events, bytes or hours"),
        };
        if words::number(raw).is_some_and(|number| range.contains(&number)) {
            return Ok(());
        }
        bad(&at("most", key), &format!("write a whole number from {} to {}", range.start(), range.end()))
    })?;
    let has = |name: &str| !format.member(name).is_empty();
    if let Some(name) = ["lines", "event", "only"].into_iter().find(|name| has("code") && has(name)) {
        return bad(name, "leave it out: code says how an event looks, and body what stands around");
    }
    if format.text("code") != "polku" && !has("lines") {
        if !has("event") && !has("code") {
            return bad(
                "event",
                "it is missing; write how one event looks, or lines for one or several lines an event",
            );
        }
        if has("body") && !format.member("body").contains("\"{events}\"") {
            return bad("body", "it has no place for the events; write \"{events}\" in a list");
        }
        if !has("body") {
            return bad("body", "it is missing; write what stands around the events, such as [\"{events}\"]");
        }
    }
    let path = format.text("path");
    if format.get("path").is_none() && !path.starts_with('/') && format.method() != "push" {
        return bad("path", "write the address's path, from / on");
    }
    let settings_of = |text: &str, field: &str, sign: &str| {
        for word in text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(word, _)| word) {
            if format.setting(word.strip_prefix(sign).unwrap_or(word), "").is_none() {
                return bad(&format!("{field} {{{word}}}"), "no setting has this name; declare it in settings");
            }
        }
        Ok(())
    };
    settings_of(path, "path", "&")?;
    // Escapes would have to be read before it is a path.
    if !path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') {
        return bad("path", "write it encoded, in ASCII without spaces");
    }
    all(format.member("headers"), &mut |name, raw| {
        let field = at("headers", name);
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.is_empty() || !name.bytes().all(token) {
            return bad(&field, "write the name of a header");
        }
        let Some(value) = json::inside(raw) else { return bad(&field, "write a text") };
        if !value.bytes().all(|byte| (b' '..0x7f).contains(&byte) && byte != b'\\') {
            return bad(&field, "write ASCII without line feeds");
        }
        settings_of(value, &field, "")
    })?;
    for (name, value) in format.set() {
        if (name == "path" || name.starts_with("header.")) && !value.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
            return Err(problem!(BadSetting, name, "write ASCII without line feeds"));
        }
        let header = name.strip_prefix("header.").unwrap_or("x");
        if header.is_empty() || !header.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        {
            return Err(problem!(BadSetting, name, "write the name of a header behind the point"));
        }
        if name == "path" && !value.starts_with('/') {
            return Err(problem!(BadSetting, name, "begin it with /"));
        }
        if name == "erase" && !matches!(value.as_str(), "yes" | "no") {
            return Err(problem!(BadSetting, name, "write yes or no"));
        }
        if name == "origin" {
            let host = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://")).unwrap_or_default();
            if host.is_empty() || host.contains(['/', '?', '#', ' ', '@']) {
                return Err(problem!(BadSetting, name, "set it to a scheme and a host, such as https://shop.example"));
            }
        }
    }
    // Nothing that a browser asks about first goes out without an answer that can be read.
    if format.limits().opaque && format.limits().preflight {
        return bad("opaque", "write false: only text/plain without other headers gets through without CORS");
    }
    Ok(())
}

/// The value of a setting.
pub(super) fn value_of(name: &str, value: &str, check: &str) -> Result<(), Problem> {
    let (fits, want) = match check {
        "digits" => (words::number(value).is_some(), "a whole number"),
        "uuid" => (value.len() == 36 && value.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit()), "a UUID"),
        "table" => (
            !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')),
            "the name of a table: letters, digits, _ and one point",
        ),
        _ => (!value.is_empty() && !value.contains(['\n', '\r']), "a text of one line"),
    };
    if fits { Ok(()) } else { Err(problem!(BadSetting, name, "set it to {want}")) }
}

/// The settings of a format, for those who wrote another one.
pub(super) fn settings(format: &Format) -> String {
    let mut names = Vec::new();
    format.declared(&mut |name, _| names.push(name.to_owned()));
    names.extend(format.set().iter().map(|(name, _)| name.clone()));
    names.extend(EVERYWHERE.map(str::to_owned));
    names.push("header.<name>".to_owned());
    let mut seen = Vec::new();
    names.retain(|name| {
        !seen.contains(name) && {
            seen.push(name.clone());
            true
        }
    });
    names.join(", ")
}

/// Tries each leaf of a template, so that a fault is told with the way to it.
pub(super) fn leaves(scene: &Scene<'_>, field: &str, raw: &str, in_list: bool) -> Result<(), Problem> {
    if raw == "\"{events}\"" && !in_list && scene.format.limits().events > 1 {
        return bad(field, "put {events} into a list, or write \"most\": {\"events\": 1}: commas stand between events");
    }
    if raw.starts_with(['{', '[']) {
        let mut place = 0;
        return all(raw, &mut |key, raw| {
            let inner = if key.is_empty() { format!("{field}[{place}]") } else { at(field, key) };
            place += 1;
            if key == "..." {
                // Members are asked for, and not a value.
                scene.write(&mut Writer::default(), &format!("{{\"...\":{raw}}}"));
                return scene.fault.take().map_or(Ok(()), |problem| Err(problem.within(field)));
            }
            leaves(scene, &inner, raw, key.is_empty())
        });
    }
    scene.write(&mut Writer::default(), raw);
    scene.fault.take().map_or(Ok(()), |problem| Err(problem.within(field)))
}

/// The year 10,000, in Unix seconds: beyond it dates have another form.
const LAST: u64 = 253_402_300_800;

fn wrong<T>(field: &str, fix: &str) -> Result<T, Problem> {
    Err(problem!(Unwritable, field, "{fix}"))
}

/// Whether `text` is `length` small letters and digits.
fn is_base(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

/// A member that, where it is there, has to be a text that `fits`.
fn text(raw: &str, name: &str, field: &str, fits: impl Fn(&str) -> bool, fix: &str) -> Result<(), Problem> {
    match found(raw, name) {
        "" => Ok(()),
        value if json::inside(value).is_some_and(&fits) => Ok(()),
        value if json::inside(value).is_none() => wrong(&at(field, name), "write a text"),
        _ => wrong(&at(field, name), fix),
    }
}

/// A member that, where it is there, has to be a whole number: of seconds, or less than there are seconds.
fn number(raw: &str, name: &str, field: &str) -> Result<(), Problem> {
    let value = found(raw, name);
    if value.is_empty() || words::number(value).is_some_and(|number| number < LAST) {
        return Ok(());
    }
    wrong(&at(field, name), "write a whole number from 0, without quotes")
}

/// A word that needs no escapes, or nothing.
fn words_of(raw: &str, names: &[&str], field: &str) -> Result<(), Problem> {
    let fits = |text: &str| text.is_empty() || words::is_plain(text);
    names.iter().try_for_each(|name| text(raw, name, field, fits, "write at most 40 letters, digits, _, - and ."))
}

const NOT_JSON: &str = "it is no whole JSON object; write a native batch, {\"polku\":1,…}, on one line";

/// A native batch.
pub(super) fn batch(batch: &str) -> Result<(), Problem> {
    let trimmed = batch.trim_ascii();
    // What is nested in an event's data is looked at with it, to name the event.
    let mut scan = Scan::new(trimmed);
    if !trimmed.starts_with('{') || scan.value().and_then(|_| scan.end()).is_none() || !is_whole(trimmed, 3) {
        return wrong("batch", NOT_JSON);
    }
    if found(trimmed, "polku") != "1" {
        return wrong("polku", "write 1, the only version of the native format");
    }
    let is_key = |text: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (1..=64).contains(&text.len()) && text.bytes().all(plain)
    };
    const KEY: &str = "write 1 to 64 letters, digits, - or _";
    text(trimmed, "key", "", is_key, KEY)?;
    if found(trimmed, "key").is_empty() {
        return wrong("key", KEY);
    }
    number(trimmed, "sent", "")?;
    let journey = found(trimmed, "journey");
    if !journey.starts_with('{') {
        return wrong("journey", "write an object with the journey's id and leg");
    }
    for (name, length, fix) in
        [("id", 16, "write 16 small letters and digits"), ("leg", 5, "write 5 small letters and digits")]
    {
        if !is_base(inside(journey, name), length) {
            return wrong(&at("journey", name), fix);
        }
    }
    number(journey, "started", "journey")?;
    words_of(journey, &["stage", "device", "lang"], "journey")?;
    let events = found(trimmed, "events");
    if !events.starts_with('[') {
        return wrong("events", "list the events in it");
    }
    let started = !found(journey, "started").is_empty();
    let timeless = found(trimmed, "sent").is_empty();
    let mut place = 0;
    all(events, &mut |_, raw| {
        let field = format!("events[{place}]");
        place += 1;
        event(raw, &field)?;
        if timeless && (!started || found(raw, "at").is_empty()) {
            return wrong(
                "sent",
                "write the Unix seconds at which the batch was sent; without started or at it is its events' time",
            );
        }
        Ok(())
    })
}

/// Whether the first levels of `raw` are what they seem, without what is deeper.
fn is_whole(raw: &str, depth: u32) -> bool {
    if depth == 0 || !raw.starts_with(['{', '[']) {
        return true;
    }
    let close = if raw.starts_with('{') { b'}' } else { b']' };
    let mut scan = Scan::new(raw);
    let mut first = true;
    if scan.expect(raw.as_bytes()[0]).is_none() {
        return false;
    }
    loop {
        match scan.another(close, &mut first) {
            Some(false) => return true,
            None => return false,
            Some(true) => {}
        }
        if close == b'}' && scan.key().is_none() {
            return false;
        }
        if !scan.value().is_some_and(|value| is_whole(value, depth - 1)) {
            return false;
        }
    }
}

fn event(raw: &str, field: &str) -> Result<(), Problem> {
    if !raw.starts_with('{') {
        return wrong(field, "write an event, {\"seq\":1,\"at\":0,\"name\":…}");
    }
    number(raw, "seq", field)?;
    if matches!(found(raw, "seq"), "" | "0") {
        return wrong(&at(field, "seq"), "write the event's number in its leg, a whole number from 1");
    }
    number(raw, "at", field)?;
    let name = inside(raw, "name");
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if !(1..=40).contains(&name.len()) || !name.bytes().all(plain) {
        return wrong(&at(field, "name"), "write 1 to 40 small letters, digits and _");
    }
    words_of(raw, &["lens", "stage", "client"], field)?;
    text(raw, "page", field, |_| true, "")?;
    let data = found(raw, "data");
    if !(data.is_empty() || data.starts_with('{') && is_json(data)) {
        return wrong(&at(field, "data"), "write a JSON object, 32 levels deep at most");
    }
    if !is_json(raw) {
        return wrong(field, "write JSON that every reader takes, 32 levels deep at most");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_what_the_standard_says() {
        for raw in ["{}", "[]", "-0.5e+10", r#"{"a":[1,{"b":null},"x\u00e4"],"c":0}"#, "\"\"", "true", " [ 1 , 2 ] "] {
            assert!(is_json(raw), "{raw}");
        }
        for raw in [
            "", "01", "1.", ".5", "1e", "-", "+1", "--1", "1-2", "tru", "{\"a\":}", "[1,]", "[1 2]", "{a:1}", "1 2",
            "'a'",
        ] {
            assert!(!is_json(raw), "{raw}");
        }
        assert!(is_json(&("[".repeat(32) + &"]".repeat(32))));
        assert!(!is_json(&("[".repeat(33) + &"]".repeat(33))));
    }

    proptest::proptest! {
        #[test]
        fn json_is_what_a_library_takes(raw in r#"[\[\]{}",:a1.\-e\\u ]{0,24}"#) {
            // The library reads numbers that are too large for it as none.
            if !raw.contains('e') {
                proptest::prop_assert_eq!(is_json(&raw), serde_json::from_str::<serde_json::Value>(&raw).is_ok(), "{}", raw);
            }
        }
    }
}

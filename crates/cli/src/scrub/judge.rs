//! How good the scrubber is: sets that were labelled before there were rules, through the command, and what became of them. Behind
//! `cargo xtask bench --scrub` and the test of the same name. README.md beside the sets says how each gate is counted.

use super::answer;
use crate::cli::JudgeOptions;
use crate::failure::Failure;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

/// Types without a gate: no check digit tells what a name is.
const LOOSE: [&str; 3] = ["PERSON", "ADDRESS", "DOB"];
/// Types with a gate of their own.
const OWN: [&str; 5] = ["EMAIL", "CARD", "IBAN", "FI_HETU", "SE_PNR"];
/// Text natively on one core, at least, in MB/s.
const SPEED: f64 = 20.0;
/// How often the texts are scrubbed to measure the speed: each time takes some ms, so that one of them is disturbed by nobody.
const MEASURED: usize = 400;

#[derive(Deserialize)]
struct Comment {
    id: String,
    lang: String,
    kind: String,
    text: String,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    r#type: String,
    start: usize,
    end: usize,
}

#[derive(Deserialize)]
struct Address {
    id: String,
    url: String,
    kind: String,
    secret: Vec<String>,
    keep: Vec<String>,
}

/// A span that was labelled or found, in bytes.
#[derive(Clone, PartialEq)]
struct Place {
    kind: String,
    start: usize,
    end: usize,
}

/// What was hit of a type or of a language.
#[derive(Debug, Clone, Copy, Default)]
struct Score {
    labelled: usize,
    found: usize,
    hits: usize,
    /// Labelled, and a letter or digit of it is left.
    leaked: usize,
    /// Labelled, and at least touched.
    touched: usize,
}

impl Score {
    fn f1(self) -> f64 {
        share(2 * self.hits, self.found + self.labelled)
    }

    fn add(&mut self, other: Self) {
        self.labelled += other.labelled;
        self.found += other.found;
        self.hits += other.hits;
        self.leaked += other.leaked;
        self.touched += other.touched;
    }
}

/// One thing that has to hold.
#[derive(Debug, Clone)]
pub struct Gate {
    /// What is counted.
    pub what: String,
    /// What came of it, and what has to.
    pub is: f64,
    /// See [`Self::is`].
    pub limit: f64,
    /// Whether it is the most, not the least.
    pub most: bool,
}

impl Gate {
    /// Whether it holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        if self.most { self.is <= self.limit } else { self.is >= self.limit }
    }
}

/// What came of the sets.
#[derive(Debug, Clone, Default)]
pub struct Report {
    types: BTreeMap<String, Score>,
    langs: BTreeMap<String, Score>,
    clean: BTreeMap<String, (usize, usize)>,
    /// Positive lines that lost words outside what was labelled, of how many.
    damaged: (usize, usize),
    urls: BTreeMap<String, [usize; 6]>,
    /// What went wrong, a line each.
    wrong: Vec<String>,
    /// What has to hold.
    pub gates: Vec<Gate>,
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// Judges by the two sets in `folder`.
///
/// # Errors
/// When a set cannot be read, or a line of it cannot be understood.
pub fn report(folder: &Path) -> Result<Report, Failure> {
    let mut report = Report::default();
    for comment in read::<Comment>(&folder.join("text.jsonl"))? {
        report.comment(&comment);
    }
    for address in read::<Address>(&folder.join("urls.jsonl"))? {
        report.address(&address);
    }
    report.gates();
    Ok(report)
}

fn read<T: for<'a> Deserialize<'a>>(path: &Path) -> Result<Vec<T>, Failure> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|why| Failure::Read(name.clone(), why))?;
    let line = |(number, line)| {
        serde_json::from_str(line).map_err(|why| Failure::Sets(format!("{name}:{number}: this is no case ({why})")))
    };
    (1..).zip(text.lines()).map(line).collect()
}

/// A type as it is counted: the specification names these in pairs.
fn counted(kind: &str) -> String {
    match kind {
        "ES_DNI" | "ES_NIE" => "ES_DNI/NIE".to_owned(),
        "IPV4" | "IPV6" => "IPV4/6".to_owned(),
        other => other.to_owned(),
    }
}

/// Cut to the first and the last letter or digit.
fn cut(text: &str, kind: &str, start: usize, end: usize) -> Place {
    let inner = &text[start..end];
    let first = inner.find(char::is_alphanumeric).unwrap_or(0);
    let last = inner.char_indices().rev().find(|(_, sign)| sign.is_alphanumeric());
    let last = last.map_or(inner.len(), |(at, sign)| at + sign.len_utf8());
    Place { kind: counted(kind), start: start + first, end: start + last }
}

impl Report {
    fn comment(&mut self, comment: &Comment) {
        let text = &comment.text;
        let out = serde_json::to_value(answer(&json!({"text": text, "lang": comment.lang}).to_string()).ok())
            .unwrap_or_default();
        let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let at = |value: &Value| bytes[value.as_u64().unwrap_or_default() as usize];
        let found: Vec<Place> = out["found"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|it| cut(text, it["type"].as_str().unwrap_or_default(), at(&it["start"]), at(&it["end"])))
            .collect();
        let mut score = Score::default();
        let mut wrong = Vec::new();
        for span in &comment.spans {
            let label = cut(text, &span.r#type, span.start, span.end);
            let hit = found.contains(&label);
            let covered = |at: usize| found.iter().any(|it| it.start <= at && at < it.end);
            let left = text[label.start..label.end]
                .char_indices()
                .any(|(at, sign)| sign.is_alphanumeric() && !covered(label.start + at));
            let touched = found.iter().any(|it| it.start < label.end && label.start < it.end);
            let one = Score { labelled: 1, found: 0, hits: hit.into(), leaked: left.into(), touched: touched.into() };
            self.types.entry(label.kind.clone()).or_default().add(one);
            if !LOOSE.contains(&label.kind.as_str()) {
                score.add(one);
            }
            if !hit {
                wrong.push(format!("missed {} {:?}", label.kind, &text[label.start..label.end]));
            }
        }
        for it in &found {
            let one = Score { found: 1, ..Score::default() };
            self.types.entry(it.kind.clone()).or_default().add(one);
            if !LOOSE.contains(&it.kind.as_str()) {
                score.add(one);
            }
            if !comment.spans.iter().any(|span| cut(text, &span.r#type, span.start, span.end) == *it) {
                wrong.push(format!("found {} {:?}", it.kind, &text[it.start..it.end]));
            }
        }
        self.langs.entry(comment.lang.clone()).or_default().add(score);
        if comment.kind == "clean" {
            let clean = self.clean.entry(comment.lang.clone()).or_default();
            clean.1 += 1;
            clean.0 += usize::from(out["text"] == text.as_str());
        } else {
            self.damaged.1 += 1;
            let outside = |it: &Place| {
                text[it.start..it.end].char_indices().any(|(at, sign)| {
                    let at = it.start + at;
                    sign.is_alphanumeric() && !comment.spans.iter().any(|span| span.start <= at && at < span.end)
                })
            };
            self.damaged.0 += usize::from(found.iter().any(outside));
        }
        if !wrong.is_empty() {
            self.wrong.push(format!("{}: {}", comment.id, wrong.join(", ")));
        }
    }

    fn address(&mut self, address: &Address) {
        let out = serde_json::to_value(answer(&json!({"url": address.url}).to_string()).ok()).unwrap_or_default();
        let out = out["url"].as_str().unwrap_or_default();
        let forms = forms(out);
        let holds = |part: &str| forms.iter().any(|form| form.contains(&part.to_lowercase()));
        let mut wrong = Vec::new();
        let [mut lines, mut secrets, mut left, mut keeps, mut kept, mut same] =
            self.urls.get(&address.kind).copied().unwrap_or_default();
        lines += 1;
        for secret in &address.secret {
            secrets += 1;
            if holds(secret) {
                left += 1;
                wrong.push(format!("left {secret:?}"));
            }
        }
        for keep in &address.keep {
            keeps += 1;
            if holds(keep) {
                kept += 1;
            } else {
                wrong.push(format!("lost {keep:?}"));
            }
        }
        if alike(out) == alike(&address.url) {
            same += 1;
        } else if address.kind == "clean" {
            wrong.push("changed".to_owned());
        }
        self.urls.insert(address.kind.clone(), [lines, secrets, left, keeps, kept, same]);
        if !wrong.is_empty() {
            self.wrong.push(format!("{}: {} gives {out}: {}", address.id, address.url, wrong.join(", ")));
        }
    }

    fn structured(&self) -> Score {
        let mut sum = Score::default();
        for (_, score) in self.types.iter().filter(|(kind, _)| !LOOSE.contains(&kind.as_str())) {
            sum.add(*score);
        }
        sum
    }

    fn gates(&mut self) {
        let all = self.structured();
        let clean = self.clean.values().fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
        let mut sums = [0; 6];
        for counts in self.urls.values() {
            for (sum, count) in sums.iter_mut().zip(counts) {
                *sum += count;
            }
        }
        let of = |kind: &str| self.urls.get(kind).copied().unwrap_or_default();
        let [click, untouched] = [of("click"), of("clean")];
        let least = |what: &str, is, limit| Gate { what: what.to_owned(), is, limit, most: false };
        let most = |what: &str, is, limit| Gate { what: what.to_owned(), is, limit, most: true };
        self.gates = vec![
            least("text: structured F1", all.f1(), 0.95),
            most("text: leak", 1.0 - share(all.labelled - all.leaked, all.labelled), 0.02),
            least("text: clean untouched", share(clean.0, clean.1), 0.98),
        ];
        for kind in OWN {
            let score = self.types.get(kind).copied().unwrap_or_default();
            self.gates.push(least(&format!("text: {kind} F1"), score.f1(), 0.9));
        }
        let (secrets, left) = (sums[1] - click[1], sums[2] - click[2]);
        self.gates.extend([
            most("url: personal leak", 1.0 - share(secrets - left, secrets), 0.01),
            most("url: click ids left", click[2] as f64, 0.0),
            least("url: useful kept", share(sums[4], sums[3]), 0.95),
            least("url: clean unchanged", share(untouched[5], untouched[0]), 0.95),
        ]);
    }

    /// How many lines there were of texts and of addresses: none is left out in silence.
    #[must_use]
    pub fn lines(&self) -> (usize, usize) {
        (self.damaged.1 + self.clean.values().map(|it| it.1).sum::<usize>(), self.urls.values().map(|it| it[0]).sum())
    }

    fn table(&self, cases: bool) -> String {
        let mut text = format!(
            "{:<14}{:>9}{:>7}{:>11}{:>8}{:>7}{:>7}{:>9}\n",
            "type", "labelled", "found", "precision", "recall", "F1", "left", "touched"
        );
        let row = |name: &str, score: &Score| {
            format!(
                "{name:<14}{:>9}{:>7}{:>11.3}{:>8.3}{:>7.3}{:>7}{:>9.3}\n",
                score.labelled,
                score.found,
                share(score.hits, score.found),
                share(score.hits, score.labelled),
                score.f1(),
                score.leaked,
                share(score.touched, score.labelled)
            )
        };
        for (kind, score) in &self.types {
            text += &row(kind, score);
        }
        text += &row("structured", &self.structured());
        text += &format!(
            "\n{:<14}{:>9}{:>7}{:>11}{:>8}{:>7}{:>7}{:>9}\n",
            "language", "labelled", "found", "precision", "recall", "F1", "left", "clean"
        );
        for (lang, score) in &self.langs {
            let clean = self.clean.get(lang).copied().unwrap_or_default();
            let line = row(lang, score);
            text += &format!("{}{:>9}\n", &line[..line.len() - 10], format!("{}/{}", clean.0, clean.1));
        }
        text += &format!(
            "positive lines that lost words beside what is labelled: {} of {}\n",
            self.damaged.0, self.damaged.1
        );
        text += &format!(
            "\n{:<14}{:>9}{:>9}{:>7}{:>9}{:>7}{:>11}\n",
            "addresses", "lines", "secrets", "left", "useful", "kept", "unchanged"
        );
        for (kind, [lines, secrets, left, keeps, kept, same]) in &self.urls {
            text += &format!("{kind:<14}{lines:>9}{secrets:>9}{left:>7}{keeps:>9}{kept:>7}{same:>11}\n");
        }
        text.push('\n');
        for gate in &self.gates {
            let sign = if gate.most { "at most" } else { "at least" };
            text += &format!(
                "{:<28}{:>8.4}  {sign} {}{}\n",
                gate.what,
                gate.is,
                gate.limit,
                if gate.holds() { "" } else { "  MISSED" }
            );
        }
        if cases {
            for line in &self.wrong {
                text += &format!("  {line}\n");
            }
        }
        text
    }

    fn json(&self) -> Value {
        let score = |score: &Score| {
            json!({
                "labelled": score.labelled, "found": score.found, "precision": share(score.hits, score.found), "recall": share(score.hits, score.labelled),
                "f1": score.f1(), "left": score.leaked, "touched": share(score.touched, score.labelled),
            })
        };
        let scores = |of: &BTreeMap<String, Score>| {
            of.iter().map(|(name, it)| (name.clone(), score(it))).collect::<serde_json::Map<_, _>>()
        };
        let gates: Vec<_> = self
            .gates
            .iter()
            .map(|gate| json!({"what": gate.what, "is": gate.is, "limit": gate.limit, "holds": gate.holds()}))
            .collect();
        json!({"types": scores(&self.types), "languages": scores(&self.langs), "structured": score(&self.structured()), "gates": gates, "wrong": self.wrong})
    }
}

/// An output as it is and decoded one to four times, with `+` as a space and as itself, in small letters.
fn forms(out: &str) -> Vec<String> {
    let mut forms = Vec::new();
    let mut form = out.to_owned();
    for _ in 0..5 {
        forms.push(form.to_lowercase());
        forms.push(form.replace('+', " ").to_lowercase());
        form = decoded(&form);
    }
    forms
}

fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let hex = text.get(at + 1..at + 3).filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| bytes[at] == b'%') {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// What is equal but for the case of hex digits and an empty path.
fn alike(url: &str) -> String {
    let mut out = String::new();
    let mut small = 0;
    for sign in url.chars() {
        small = if sign == '%' { 3_u8 } else { small }.saturating_sub(1);
        out.push(
            if small > 0 && sign != '%'
                || small == 0 && sign.is_ascii_hexdigit() && out.len() > 1 && out.as_bytes()[out.len() - 2] == b'%'
            {
                sign.to_ascii_uppercase()
            } else {
                sign
            },
        );
    }
    let host = out.split_once("://").map_or(0, |(scheme, _)| scheme.len() + 3);
    let path = out[host..].find(['/', '?', '#']).map(|at| at + host);
    match path {
        _ if host == 0 => {}
        None => out.push('/'),
        Some(at) if !out[at..].starts_with('/') => out.insert(at, '/'),
        Some(_) => {}
    }
    out
}

/// How fast texts are scrubbed on one core, in MB/s: the best of several measurements.
fn speed(folder: &Path) -> Result<f64, Failure> {
    let texts: Vec<String> =
        read::<Comment>(&folder.join("text.jsonl"))?.into_iter().map(|comment| comment.text).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let mut best = 0.0_f64;
    for _ in 0..MEASURED {
        let began = Instant::now();
        for text in &texts {
            std::hint::black_box(polku_core::scrub::scrub(std::hint::black_box(text)));
        }
        best = best.max(bytes as f64 / began.elapsed().as_secs_f64() / 1e6);
    }
    Ok(best)
}

/// Runs `polku judge --scrub`.
///
/// # Errors
/// When the sets cannot be judged by, or a gate is missed.
pub fn judge(options: &JudgeOptions) -> Result<(), Failure> {
    let folder = options.sets.clone().unwrap_or_else(|| "tests/scrub".into());
    let mut report = report(&folder)?;
    // A build without optimisation says nothing about the speed of the one that is used.
    if !cfg!(debug_assertions) {
        let speed = speed(&folder)?;
        report.gates.push(Gate { what: "text: MB/s on one core".to_owned(), is: speed, limit: SPEED, most: false });
    }
    let text = if options.json { format!("{}\n", report.json()) } else { report.table(options.cases) };
    std::io::stdout().write_all(text.as_bytes()).map_err(Failure::Stream)?;
    let missed: Vec<_> = report.gates.iter().filter(|gate| !gate.holds()).map(|gate| gate.what.as_str()).collect();
    if missed.is_empty() { Ok(()) } else { Err(Failure::Gates(missed.join(", "))) }
}

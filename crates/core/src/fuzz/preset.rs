//! Presets and their settings: what is taken writes batches that can be sent.
//!
//! Lines `name=value` are settings; then the preset (JSON, or the name of one that comes with Polku), up to a line `---`, behind which a native
//! batch may follow.

use serde_json::Value;

use crate::format::{Format, Reply};
use crate::words;

/// What is written in every format: all kinds of batches.
const BATCHES: [&str; 5] = [
    include_str!("../../tests/formats/batches/commerce.json"),
    include_str!("../../tests/formats/batches/odd.json"),
    include_str!("../../tests/formats/batches/summary.json"),
    include_str!("../../tests/formats/batches/unjoined.json"),
    include_str!("../../tests/formats/batches/erase.json"),
];

/// Makes a format of any preset with any settings, and writes any batch in it.
pub fn preset(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (text, given) = text.split_once("\n---\n").unwrap_or((&text, ""));
    let mut settings = Vec::new();
    let mut rest = text;
    while let (first, others) = words::cut(rest, b'\n')
        && let Some((name, value)) = first.split_once('=')
        && !first.starts_with('{')
    {
        settings.push((name.to_owned(), value.to_owned()));
        rest = others;
    }
    let format = match Format::new(rest, &settings) {
        Ok(format) => format,
        Err(problem) => {
            assert!(!problem.fix.is_empty(), "{problem:?} helps nobody");
            return;
        }
    };
    let limits = format.limits();
    assert!((1..=100).contains(&limits.events) && (1_000..=48_000).contains(&limits.bytes), "{limits:?}");
    for batch in BATCHES.into_iter().chain([given]) {
        let ours = BATCHES.contains(&batch);
        let requests = match format.encode(batch, 0) {
            Ok(requests) => requests,
            Err(problem) => {
                assert!(!problem.fix.is_empty(), "{problem:?} helps nobody");
                continue;
            }
        };
        for request in requests {
            let written = &request.body;
            assert!(!request.seqs.is_empty(), "there is nothing in {request:?}");
            assert!(request.seqs.len() == 1 || written.len() <= 60_000, "{} bytes", written.len());
            assert!(request.seqs.len() <= limits.events as usize, "{} events", request.seqs.len());
            assert!(
                request.path.starts_with('/') && request.path.bytes().all(|byte| (b' '..0x7f).contains(&byte))
                    || request.method == "push",
                "no path: {:?}",
                request.path
            );
            for (name, value) in &request.headers {
                let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
                assert!(!name.is_empty() && name.bytes().all(token), "no name of a header: {name:?}");
                assert!(value.bytes().all(|byte| (b' '..0x7f).contains(&byte)), "no value of a header: {value:?}");
            }
            if ours && written != batch.trim_ascii() {
                // Lines by themselves, or one value.
                for line in std::iter::once(written.as_str()).filter(|body| !is_json(body)).flat_map(str::lines) {
                    assert!(is_json(line), "no JSON: {line}");
                }
            }
            for status in [200, 207, 400, 413, 500] {
                let _ = format.read(&Reply { status, headers: "", body: given }, &request.seqs);
            }
        }
    }
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<Value>(text).is_ok()
}

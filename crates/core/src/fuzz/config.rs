//! The configuration: what a page's options become, and a framework of the shop's own.
//!
//! The first line holds `flags width` (words); the rest is what `www/core.js` gives to `start`.

use super::shell::Shell;
use super::{line, number, word};
use crate::input::{Input, Outcome};
use crate::{Config, Framework, Mode, Name, Stage, words};

/// Reads any options, and lets a shopper shop with them.
pub fn config(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (first, rest) = line(&text);
    let (flags, first) = word(first);
    let (width, _) = word(first);
    let mut config = Config::read(number(flags) as u8, number(width) as u32, rest);
    for rules in &config.lanes {
        assert!((1..=100).contains(&rules.events) && (1_000..=48_000).contains(&rules.bytes), "{rules:?}");
        assert!(rules.hours <= 48, "{rules:?}");
    }
    let framework = Framework::new(&config.framework);
    for place in 0..Stage::MOST {
        let name = framework.name(Stage(place as u8));
        // Of two of one name the first is found.
        assert!(name.is_empty() || framework.stage(name).is_some_and(|stage| framework.name(stage) == name));
    }

    // `www/core/options.js` lets nothing else pass, nor `www/part/framework.js`: what is written by them is written as it is.
    let is_key = |text: &str| text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let is_lang = |text: &str| text.is_empty() || text.bytes().all(|byte| byte.is_ascii_lowercase());
    if !is_key(&config.key) || !is_lang(&config.lang) {
        (config.key, config.lang) = ("pk".to_owned(), String::new());
    }
    let (tells, stages) = word(&config.framework);
    let mut plain = tells.is_empty();
    words::split(word(stages).0, b',', &mut |name| plain &= words::is_plain(name));
    // The command cannot name more collectors than a request's number has room for, and no page has time for many.
    config.lanes.truncate(16);
    let strict = config.mode == Mode::Strict;
    let mut shell = Shell::new(config);
    shell.ours = plain;
    shell.page("/p/1?polku_stage=advocacy&polku_touch=event");
    shell.grant(true);
    shell.input(Input::Open { id: "ask", version: 1, trigger: "purchase", sub: "", auto: true });
    for (place, name) in Name::ALL.iter().enumerate() {
        shell.track(name.as_str(), r#"{"value":47.9,"currency":"EUR","items":[{"item_id":"SKU-1"}]}"#);
        shell.wait(place as u64 * 100);
        if place % 5 == 0 && !shell.flights.is_empty() {
            let (status, body) = Shell::reply(&shell.flights[0].body);
            shell.deliver(0, Outcome::Reply { status, body: &body, retry_after: None });
        }
    }
    shell.settle();
    if let Some([captured, sent, queued]) = shell.books() {
        assert!(captured >= sent && queued == 0, "{queued} of {captured} wait for ever");
    }
    assert!(strict || shell.flights.is_empty());
}

//! Tickets of customer service: their words are scrubbed and understood, and then let go, unless the shop keeps them.

use super::day::Days;
use super::heads::Member::{Category, Channel, Count, Day, Id, Lang, Text};
use super::table::{Line, Needs, Table};
use super::wrong::Wrong;
use super::{Read, number, word};
use crate::store::imported::{Cell, Sheet, TEXTS, TICKETS};
use crate::themes::{Answer, Languages};
use polku_core::scrub::scrub;
use std::collections::{BTreeMap, HashSet};
use whatlang::{Detector, Lang as Tongue};

/// What such a file has.
pub(super) const NEEDS: Needs = Needs {
    members: &[Day, Text, Channel, Category, Count, Id, Lang],
    one_of: &[&[Day], &[Text, Category]],
    several: Some(Text),
};

/// How sure a guess of a language has to be to stand against the rest of the file: of 1,180 labelled sentences of some 40 letters (`tests/themes`) nine of
/// ten are as sure, and 99.3 % of these are right; of all guesses 95.3 %.
const SURE: f64 = 0.2;

/// Letters of a text that are understood, and kept: what follows is what a mail answers.
const READ: usize = 4_000;

/// A ticket as it was read.
struct One<'a> {
    day: i64,
    channel: String,
    text: String,
    category: &'a str,
    n: i64,
    lang: Option<&'a str>,
}

/// How tickets are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct How<'a> {
    /// The language of those that do not say theirs.
    pub(super) lang: Option<&'a str>,
    /// Keep the words.
    pub(super) keep: bool,
}

/// Reads all lines, counts what they are about, and where it is asked for keeps their words.
pub(super) fn read(table: &Table, days: Days, how: How<'_>) -> Read {
    let mut read = Read::default();
    let mut seen = HashSet::new();
    let mut tickets = Vec::new();
    for line in table.lines() {
        match one(line, days) {
            Ok(_) if !line.cell(Id).is_empty() && !seen.insert(line.cell(Id)) => read.again += 1,
            Ok(one) => {
                read.lines += 1;
                if one.n > 0 {
                    read.note(one.day, one.day);
                    tickets.push(one);
                }
            }
            Err(wrong) => read.wrong.push(wrong),
        }
    }
    let tongues = tongues(&tickets, how.lang);
    let understood = understand(&tickets, &tongues);
    // Channel, day, theme, feeling; a row without a theme counts each ticket once, whatever it is about.
    let mut counted: BTreeMap<(String, i64, &str, &str), i64> = BTreeMap::new();
    let mut kept = Vec::new();
    let mut told: BTreeMap<String, i64> = BTreeMap::new();
    for ((ticket, lang), (words, about)) in tickets.into_iter().zip(tongues).zip(understood) {
        let themes = if about.themes.is_empty() { vec!["other"] } else { about.themes };
        for theme in std::iter::once("").chain(themes.iter().copied()) {
            *counted.entry((ticket.channel.clone(), ticket.day, theme, about.emotion)).or_default() += ticket.n;
        }
        *told.entry(lang.clone()).or_default() += ticket.n;
        if how.keep && !words.is_empty() {
            let (themes, emotion) = (themes.join(" "), about.emotion.to_owned());
            kept.push(vec![
                ticket.channel.into(),
                ticket.day.into(),
                words.into(),
                themes.into(),
                emotion.into(),
                lang.into(),
            ]);
        }
    }
    read.told = told.into_iter().collect();
    let rows = counted.into_iter().map(|((channel, day, theme, emotion), n)| {
        vec![
            Cell::from(channel),
            Cell::from(day),
            Cell::from(theme.to_owned()),
            Cell::from(emotion.to_owned()),
            Cell::from(n),
        ]
    });
    read.sheet = Sheet::new(&TICKETS, rows.collect());
    read.beside = Some(Sheet::new(&TEXTS, kept));
    read
}

/// The scrubbed words of each ticket, and what they are about; shared out among the cores, since a short text takes nearly half a millisecond.
fn understand(tickets: &[One<'_>], tongues: &[String]) -> Vec<(String, Answer)> {
    let languages = Languages::default();
    let each = |(ticket, lang): (&One<'_>, &String)| {
        let words = scrub(&ticket.text).text;
        let about = languages.understand(&words, lang);
        let helps = about.says_nothing() && !ticket.category.is_empty();
        (words, if helps { languages.understand(ticket.category, lang) } else { about })
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let size = tickets.len().div_ceil(cores).max(1);
    let run = |part: usize| {
        let of = part * size..((part + 1) * size).min(tickets.len());
        tickets[of.clone()].iter().zip(&tongues[of]).map(each).collect::<Vec<_>>()
    };
    let run = &run;
    std::thread::scope(|scope| {
        let parts: Vec<_> = (0..tickets.len().div_ceil(size)).map(|part| scope.spawn(move || run(part))).collect();
        // A thread that has panicked panics here, as it would have done alone.
        parts.into_iter().flat_map(|part| part.join().unwrap_or_else(|why| std::panic::resume_unwind(why))).collect()
    })
}

fn one<'a>(line: Line<'a>, days: Days) -> Result<One<'a>, Wrong> {
    let day = line.read(Day, |cell| days.past(cell))?;
    let words: Vec<&str> = line.cells(Text).filter(|cell| !cell.is_empty()).collect();
    let category = line.cell(Category);
    if words.is_empty() && category.is_empty() {
        return Err(line.wrong(Text, "it is empty; write what the ticket says, or its category".to_owned()));
    }
    let text: String = words.join(". ").chars().take(READ).collect();
    let channel = line.may(Channel, word::kind)?.unwrap_or_default();
    let n = line.may(Count, number::count)?.unwrap_or(1);
    Ok(One { day, channel, text, category, n, lang: Some(line.cell(Lang)).filter(|lang| !lang.is_empty()) })
}

/// The language of each ticket: what it says, what was said for all, or what its words look like. What is too short to tell is taken to be
/// in the language of nearly all others, where there is one.
fn tongues(tickets: &[One<'_>], said: Option<&str>) -> Vec<String> {
    let detector = Detector::with_allowlist(vec![Tongue::Fin, Tongue::Swe, Tongue::Eng, Tongue::Deu]);
    let guess = |ticket: &One<'_>| {
        let info = detector.detect(if ticket.text.is_empty() { ticket.category } else { &ticket.text })?;
        let lang = match info.lang() {
            Tongue::Fin => "fi",
            Tongue::Swe => "sv",
            Tongue::Deu => "de",
            _ => "en",
        };
        Some((lang, info.confidence() >= SURE))
    };
    let told = |ticket: &One<'_>| ticket.lang.or(said).map(primary);
    let guessed: Vec<_> =
        tickets.iter().map(|ticket| if told(ticket).is_some() { None } else { guess(ticket) }).collect();
    let mut sure: BTreeMap<&str, usize> = BTreeMap::new();
    guessed.iter().flatten().filter(|(_, sure)| *sure).for_each(|(lang, _)| *sure.entry(lang).or_default() += 1);
    let all: usize = sure.values().sum();
    let most = sure.into_iter().find(|(_, n)| n * 5 >= all * 4).map(|(lang, _)| lang);
    let settle = |(ticket, guess): (&One<'_>, Option<(&'static str, bool)>)| {
        told(ticket).unwrap_or_else(|| match (guess, most) {
            (Some((lang, true)), _) | (_, Some(lang)) | (Some((lang, false)), None) => lang.to_owned(),
            (None, None) => String::new(),
        })
    };
    tickets.iter().zip(guessed).map(settle).collect()
}

/// `fi` of `fi-FI`, and of the names that help desks write.
fn primary(lang: &str) -> String {
    let lang = lang.split(['-', '_']).next().unwrap_or_default().trim().to_lowercase();
    match lang.as_str() {
        "suomi" | "finnish" | "finska" | "finnisch" => "fi".to_owned(),
        "ruotsi" | "swedish" | "svenska" | "schwedisch" => "sv".to_owned(),
        "englanti" | "english" | "engelska" | "englisch" => "en".to_owned(),
        "saksa" | "german" | "tyska" | "deutsch" => "de".to_owned(),
        // A tag is short; whatever else stands there is not kept.
        _ => lang.chars().filter(char::is_ascii_lowercase).take(3).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_what_is_told_or_what_it_looks_like() {
        let of = |texts: &[(&'static str, Option<&'static str>)], said| {
            let ticket = |(text, lang): &(&'static str, Option<&'static str>)| One {
                day: 0,
                channel: String::new(),
                text: (*text).to_owned(),
                category: "",
                n: 1,
                lang: *lang,
            };
            tongues(&texts.iter().map(ticket).collect::<Vec<_>>(), said)
        };
        const FINNISH: &str =
            "Tilaamani kengät eivät ole vieläkään tulleet perille, vaikka maksoin ne jo viime viikolla.";
        const GERMAN: &str = "Die Schuhe, die ich letzte Woche bestellt habe, sind immer noch nicht angekommen.";
        let most = [(FINNISH, None); 4].into_iter().chain([(GERMAN, None), (GERMAN, Some("fi-FI")), ("ok", None)]);
        assert_eq!(of(&most.collect::<Vec<_>>(), None), ["fi", "fi", "fi", "fi", "de", "fi", "fi"]);
        assert_eq!(of(&[(FINNISH, None), (GERMAN, None)], None), ["fi", "de"]);
        assert_eq!(of(&[(GERMAN, None), (FINNISH, Some("Svenska"))], Some("en")), ["en", "sv"]);
    }
}

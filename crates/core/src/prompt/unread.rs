//! What nobody would notice otherwise: fields that nothing reads, and texts that somebody will not see as they were meant.

use super::check::{Judge, is_locale};
use super::fields;
use super::path::Path;
use super::validate::Problems;
use super::{Code, Definition, Tree, nearest};
use crate::words::{cut, parts, slice};

/// Tells of fields that are not known, and warns.
pub(super) fn check(definition: &Definition, problems: &mut Problems) {
    let tree = &definition.0;
    let root = &Path::Root;
    let mut unread = Unread { definition, problems };
    unread.object(tree, fields::HEAD, "$schema", root);
    for (field, fields) in [
        ("ui", fields::UI),
        ("end", fields::END),
        ("score", fields::SCORE),
        ("limits", fields::LIMITS),
        ("quiet", fields::QUIET),
    ] {
        unread.object(tree.get(field), fields, "", &Path::Field(root, field));
    }
    unread.object(
        tree.get("limits").get("perPrompt"),
        fields::LIMITS,
        "",
        &Path::Field(&Path::Field(root, "limits"), "perPrompt"),
    );
    let steps = &Path::Field(root, "steps");
    for (nth, step) in tree.get("steps").list().iter().enumerate() {
        let here = &Path::Item(steps, nth);
        unread.object(step, fields::STEP, "", here);
        for (field, fields) in [("choices", fields::CHOICE), ("actions", fields::ACTION), ("next", fields::BRANCH)] {
            for (nth, one) in step.get(field).list().iter().enumerate() {
                unread.object(one, fields, "", &Path::Item(&Path::Field(here, field), nth));
            }
        }
        unread.idle(step, here);
    }
}

struct Unread<'a> {
    definition: &'a Definition,
    problems: &'a mut Problems,
}

impl Unread<'_> {
    /// An object: its fields are all known, and its texts are there in every language and nowhere else.
    fn object(&mut self, tree: &Tree, fields: &str, also: &str, path: &Path<'_>) {
        unknown(self.problems, tree, &[&names(fields), " ", also].concat(), path);
        for field in parts(fields, b' ') {
            if matches!(field.as_bytes().first(), Some(b's' | b'S')) {
                let name = slice(field, 1, field.len());
                self.texts(tree.get(name), &Path::Field(path, name));
            }
        }
    }

    fn texts(&mut self, texts: &Tree, path: &Path<'_>) {
        let locales = self.definition.0.get("locales").list();
        let fallback = self.definition.fallback();
        for locale in locales.iter().map(Tree::text).filter(|locale| *locale != fallback) {
            let blank = match texts.get(locale) {
                Tree::Null => true,
                Tree::Text(text) => text.trim_ascii().is_empty(),
                _ => false, // said already
            };
            let missing = blank && !texts.fields().is_empty() && is_locale(locale);
            self.problems.unless(!missing, Code::Untranslated, &Path::Field(path, locale));
        }
        for (lang, text) in texts.fields() {
            let here = &Path::Field(path, lang);
            let listed = locales.is_empty() || locales.iter().any(|locale| locale.text() == lang);
            self.problems.unless(listed, Code::Extra, here);
            self.problems.unless(!has_marks(text.text()), Code::Marks, here);
        }
    }

    /// Warns of fields that a step's question does not read, and of a choice of one.
    fn idle(&mut self, step: &Tree, path: &Path<'_>) {
        let ask = step.get("ask").text();
        let Some((_, own)) = fields::USES.iter().find(|(name, _)| *name == ask && !ask.is_empty()) else { return };
        let (_, common) = fields::USES[0];
        let known = names(fields::STEP);
        for (name, _) in step.fields() {
            let used = [common, own].into_iter().any(|used| parts(used, b' ').any(|used| used == name));
            let idle = !used && parts(&known, b' ').any(|known| known == name);
            self.problems.unless(!idle, Code::Idle, &Path::Field(path, name));
        }
        let one = own.starts_with("choices") && step.get("choices").list().len() == 1;
        self.problems.unless(!one, Code::FewChoices, &Path::Field(path, "choices"));
    }
}

/// The names in a line of fields, with spaces between them.
pub(super) fn names(fields: &str) -> String {
    let names: Vec<&str> = parts(fields, b' ').map(|field| cut(slice(field, 1, field.len()), b'=').0).collect();
    names.join(" ")
}

/// Tells of the fields of an object that are not among `known`.
pub(super) fn unknown(problems: &mut Problems, tree: &Tree, known: &str, path: &Path<'_>) {
    for (name, _) in tree.fields() {
        if !parts(known, b' ').any(|known| known == name) {
            problems.guessed(Code::Unknown, &Path::Field(path, name), nearest::word(name, known));
        }
    }
}

/// Whether a text has what was meant as a sign and will be seen as letters: an entity, or one half of a pair of `**`.
fn has_marks(text: &str) -> bool {
    let entity = text.split('&').skip(1).any(|rest| {
        let (name, after) = cut(rest, b';');
        let named = name.strip_prefix('#').unwrap_or(name);
        rest.len() > name.len()
            && after.len() < rest.len()
            && (2..=8).contains(&named.len())
            && named.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    entity || text.matches("**").count() % 2 == 1
}

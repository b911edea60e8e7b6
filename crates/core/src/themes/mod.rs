//! What a text is about, and how its writer felt: themes and emotion from stems, a small file of them for each language ([`data`]).
//!
//! No model and no word list: a stem meets every form of its word (`toimitu` meets `toimitus`, `toimituksen`, `toimituskulut`), a piece of a compound is met wherever it stands, and a word that is written wrongly by one letter is met
//! where nothing else was. Everything is additive: what is met adds to themes and feelings, and what has most of it is said.

mod data;
mod fold;
mod judge;
mod near;
mod sight;

#[cfg(any(test, not(target_arch = "wasm32")))]
pub use data::data;
pub use judge::Stems;

use crate::json::Writer;
use crate::words::parts;

/// The themes, in the order in which they are said; the last stands where there is no other.
pub const THEMES: &str =
    "delivery price payment product_information finding size_and_fit stock returns technical service other";

/// The emotions.
pub const EMOTIONS: &str = "satisfied frustrated confused neutral";

/// What was understood of a text.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Understood {
    /// A bit for each of [`THEMES`].
    pub themes: u16,
    /// The place of one of [`EMOTIONS`].
    pub emotion: u8,
}

impl Understood {
    /// The names of the themes.
    pub fn themes(self) -> impl Iterator<Item = &'static str> {
        parts(THEMES, b' ').enumerate().filter(move |(nth, _)| self.themes >> nth & 1 != 0).map(|(_, name)| name)
    }

    /// The name of the emotion.
    #[must_use]
    pub fn emotion(self) -> &'static str {
        parts(EMOTIONS, b' ').nth(self.emotion.into()).unwrap_or_default()
    }

    /// `"themes":["delivery","price"],"emotion":"frustrated"`, as members of an object.
    pub fn write(self, json: &mut Writer) {
        json.key("themes");
        json.raw("[");
        for name in self.themes() {
            json.comma();
            json.escaped(name);
        }
        json.raw("]");
        json.word_member("emotion", self.emotion());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lang: &str, text: &str) -> (Vec<&'static str>, &'static str) {
        let understood = Stems::new(data(lang).expect("stems")).understand(text);
        (understood.themes().collect(), understood.emotion())
    }

    #[test]
    fn stems_are_written_as_texts_are_folded() {
        for lang in ["fi", "sv", "en", "de"] {
            let stems = data(lang).expect("stems");
            let two = stems.starts_with('E');
            let mut denies = true;
            for line in stems.lines().filter(|line| !line.starts_with('#')) {
                let (says, list) = line.split_once(' ').expect("what it says, and stems");
                let (letters, weights) = (says.replace(|sign: char| !sign.is_ascii_alphabetic(), ""), says);
                assert!(letters.bytes().all(|letter| b"EXYBdpyifzkrtsSFCVKN".contains(&letter)), "{lang}: {weights}");
                let marks = letters.starts_with(['E', 'X', 'Y', 'B']);
                assert!(denies || !marks, "{lang}: what denies stands first, not behind other lines: {line}");
                denies = marks;
                for stem in list.split(',') {
                    for part in stem.trim_start_matches('-').trim_end_matches('_').split(['+', '_', '^']) {
                        let folded = fold::text(part, two);
                        let folded = folded.trim_start_matches(" ^ ").trim();
                        // German stems have their two letters already.
                        assert_eq!(folded, part.trim(), "{lang}: {stem} of {says}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_form_of_a_word_is_met() {
        for (lang, theme, words) in [
            (
                "fi",
                "delivery",
                "toimitus toimituksen toimituskulut toimitetaan toimitettiin paketti paketin pakettia kotiinkuljetus",
            ),
            ("fi", "price", "hinta hinnat hinnan hintava hinnoittelu kesäalennus alennuksen tarjous tarjoukset"),
            ("fi", "size_and_fit", "koko koon koot kokoa kokotaulukko hihat hihan mitoitus"),
            ("fi", "returns", "palautus palautuksen palautin palauttaa hyvitys hyvityksen reklamaatio reklamaatioon"),
            ("fi", "technical", "salasana salasanan kirjautuminen kirjaudu eväste evästeet"),
            ("sv", "delivery", "leverans leveransen hemleverans leveranstid expressfrakt paketet"),
            ("sv", "size_and_fit", "storlek storleken storlekar skostorlek storleksguiden"),
            ("sv", "returns", "retur returen returnera återbetalning ångerrätten"),
            ("en", "delivery", "delivery delivered delivering shipping courier"),
            ("en", "returns", "return returns returned returning refund refunded"),
            ("de", "delivery", "Lieferung geliefert Lieferzeit Versandkosten Paket Expressversand"),
            ("de", "size_and_fit", "Größe Größen Schuhgröße Größentabelle Groesse"),
            ("de", "returns", "Rückgabe Rücksendung Rueckgabe Umtausch umtauschen Erstattung"),
        ] {
            for word in words.split(' ') {
                assert!(of(lang, word).0.contains(&theme), "{lang}: {word} is {:?}", of(lang, word).0);
            }
        }
    }

    #[test]
    fn a_letter_that_is_wrong_or_doubled_or_has_no_dots_is_met() {
        for (lang, theme, text) in [
            ("fi", "delivery", "toimtus"),
            ("fi", "delivery", "PAKETTTI"),
            ("fi", "returns", "reklamatio"),
            ("fi", "technical", "kirajutuminen"),
            ("sv", "delivery", "levernas"),
            ("sv", "returns", "aterbetalning"),
            ("en", "delivery", "delievry"),
            ("en", "product_information", "desciption"),
            ("de", "returns", "Rueckgbae"),
        ] {
            assert_eq!(of(lang, text).0, [theme], "{text}");
        }
        assert_eq!(of("fi", "tomaatti").0, ["other"]);
    }

    #[test]
    fn two_themes_come_in_their_order() {
        assert_eq!(of("fi", "Maksu ei onnistu ja toimitus myöhässä").0, ["delivery", "payment"]);
        assert_eq!(of("en", "Delivery was too expensive").0, ["delivery", "price"]);
    }

    #[test]
    fn what_is_denied_is_the_other_way_round() {
        for (lang, text, feeling) in [
            ("fi", "Alennuskoodi toimi", "satisfied"),
            ("fi", "Alennuskoodi ei toiminut", "frustrated"),
            ("fi", "Olen tyytyväinen", "satisfied"),
            ("fi", "En ole tyytyväinen", "frustrated"),
            ("sv", "Jag är nöjd", "satisfied"),
            ("sv", "Jag är inte nöjd", "frustrated"),
            ("en", "I am happy with it", "satisfied"),
            ("en", "I'm not happy with it", "frustrated"),
            ("en", "Not a nice word. Happy with it", "frustrated"),
            ("de", "Das hat funktioniert", "neutral"),
            ("de", "Das hat nicht funktioniert", "frustrated"),
            ("de", "Es funktioniert leider nicht", "frustrated"),
        ] {
            assert_eq!(of(lang, text).1, feeling, "{text}");
        }
        // It reaches neither over a sentence nor over a "but".
        assert_eq!(of("en", "Not today. Happy").1, "satisfied");
    }

    #[test]
    fn a_question_how_is_confused_and_a_wish_is_neutral() {
        for (lang, text, feeling) in [
            ("fi", "Miten palautan tuotteen?", "confused"),
            ("fi", "En ymmärrä tätä", "confused"),
            ("fi", "Haluaisin nopean toimituksen", "neutral"),
            ("sv", "Hur fungerar delbetalning?", "confused"),
            ("en", "How do I return this?", "confused"),
            ("en", "Please add more good photos", "neutral"),
            ("en", "Is it in stock?", "neutral"),
            ("de", "Ich verstehe die Tabelle nicht", "confused"),
        ] {
            assert_eq!(of(lang, text).1, feeling, "{text}");
        }
    }

    #[test]
    fn masks_and_nothing_say_nothing() {
        for text in ["", "   ", "[email]", "[phone] [card]", "?", "!!!", "12345"] {
            assert_eq!(of("en", text).0, ["other"], "{text}");
        }
        assert_eq!(data("et"), None);
        assert_eq!(Stems::new("").understand("delivery"), Understood { themes: 1 << 10, emotion: 3 });
    }

    #[test]
    fn it_is_written_as_members() {
        let mut json = Writer::default();
        Stems::new("d3F2 late\n").understand("late").write(&mut json);
        assert_eq!(json.into_string(), r#""themes":["delivery"],"emotion":"frustrated""#);
    }

    proptest::proptest! {
        /// Whatever is written, and whatever stands in a file of stems: something is said, and nothing panics.
        #[test]
        fn any_text_is_understood(text in ".{0,80}", stems in "([XYBdpSFCKVN][-0-9]{0,2} [a-zä_+^, -]{0,9}\n){0,4}") {
            for stems in [data("fi").expect("stems"), data("de").expect("stems"), &stems] {
                let understood = Stems::new(stems).understand(&text);
                proptest::prop_assert!(understood.themes().count() > 0);
                proptest::prop_assert!(!understood.emotion().is_empty());
            }
        }
    }
}

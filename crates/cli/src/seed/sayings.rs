//! What shoppers write, in their own words: the one thing here that no engine makes. What the words are about and how they sound is understood by the code that
//! pages have.

use polku_core::themes::{Stems, data};
use std::collections::HashMap;

/// What is talked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum About {
    /// A parcel that came late, or not at all.
    LateParcel,
    /// One that came as it was promised.
    GoodParcel,
    /// Ordering that went well.
    EasyOrder,
    /// … and that did not.
    HardOrder,
    /// Why the shop is recommended,
    Praise,
    /// … or not.
    Doubt,
}

const SAYINGS: [(About, &str, &[&str]); 12] = [
    (
        About::LateParcel,
        "fi",
        &[
            "Toimitus kesti kaksi viikkoa, vaikka luvattiin kolme päivää",
            "Paketti on yhä matkalla eikä seuranta päivity",
            "Toimitus myöhästyi eikä kukaan kertonut siitä mitään",
            "Paketti jätettiin väärään noutopisteeseen, harmitti kovasti",
            "Odotin pakettia kotona koko päivän turhaan",
            "Lähetys tuli perille rikkinäisenä ja myöhässä",
            "Seurantakoodi ei toimi, missä paketti viipyy?",
            "Todella hidas toimitus, en tilaa enää",
            "Toimitusaika oli paljon luvattua pidempi",
            "Posti palautti pakettini ennen kuin ehdin noutaa sen, surkeaa",
        ],
    ),
    (
        About::LateParcel,
        "en",
        &[
            "Delivery took two weeks although three days were promised",
            "My parcel still has not arrived and nobody answers",
            "The package was delivered late and the box was broken",
            "Tracking has not been updated for a week, very annoying",
            "The courier left my parcel at the wrong pickup point",
            "Terribly slow delivery, I will not order again",
            "I waited at home all day for a delivery that never came",
            "Shipping was late and I had to chase it myself",
        ],
    ),
    (
        About::GoodParcel,
        "fi",
        &[
            "Paketti tuli nopeasti ja oli hyvin pakattu",
            "Toimitus oli perillä jo seuraavana päivänä, kiitos",
            "Nouto lähikaupasta sujui helposti",
            "Kaikki saapui ehjänä ja ajallaan, mahtavaa",
        ],
    ),
    (
        About::GoodParcel,
        "en",
        &[
            "Fast delivery and beautifully packed, thank you",
            "The parcel arrived a day early, great",
            "Delivery was quick and easy to follow",
        ],
    ),
    (
        About::EasyOrder,
        "fi",
        &[
            "Maksaminen oli helppoa ja nopeaa",
            "Löysin heti sen mitä etsin, kiitos",
            "Selkeät tuotekuvaukset auttoivat valinnassa",
            "Tilaaminen sujui hienosti puhelimella",
        ],
    ),
    (
        About::EasyOrder,
        "en",
        &[
            "Paying was quick and easy",
            "Found exactly what I was looking for, lovely shop",
            "Clear descriptions made choosing easy",
            "Ordering on my phone worked perfectly",
        ],
    ),
    (
        About::HardOrder,
        "fi",
        &[
            "Kassanappi ei toiminut, painoin sitä monta kertaa",
            "Ostoskori jumitti ja jouduin yrittämään uudestaan",
            "Sivu ei reagoinut kun yritin siirtyä kassalle, ärsyttävää",
            "Maksu epäonnistui ensimmäisellä kerralla",
        ],
    ),
    (
        About::HardOrder,
        "en",
        &[
            "The checkout button did nothing until I had pressed it many times",
            "The cart page froze and I had to try again, annoying",
            "My payment failed the first time",
            "The site did not respond when I wanted to check out",
        ],
    ),
    (
        About::Praise,
        "fi",
        &[
            "Paras kahvi jonka olen ostanut verkosta",
            "Ystävällinen asiakaspalvelu ja laadukkaat tuotteet",
            "Hinta ja laatu kohtaavat, suosittelen kaikille",
            "Kaunis kauppa ja hyvät valikoimat",
        ],
    ),
    (
        About::Praise,
        "en",
        &[
            "The best coffee I have bought online",
            "Friendly service and great quality",
            "Good value for money, I recommend it to everybody",
            "A beautiful shop with a good selection",
        ],
    ),
    (
        About::Doubt,
        "fi",
        &[
            "Toimituskulut ovat liian kalliit pienelle tilaukselle",
            "Hinnat ovat nousseet paljon viime vuodesta",
            "Jauhatusohjeita en löytänyt mistään",
            "Suosikkikahvini oli taas loppu varastosta",
        ],
    ),
    (
        About::Doubt,
        "en",
        &[
            "Shipping costs too much for a small order",
            "Prices have gone up a lot since last year",
            "I could not find out how fine to grind it",
            "My favourite beans were out of stock again",
        ],
    ),
];

/// All sayings, understood: each as members of an answer.
pub(super) struct Sayings(HashMap<(About, &'static str), Vec<String>>);

impl Sayings {
    /// Reads and understands them.
    pub(super) fn new() -> Self {
        let mut all = HashMap::new();
        for (about, lang, texts) in SAYINGS {
            let stems = data(lang).map(Stems::new);
            let members = texts.iter().map(|text| {
                let mut members = format!("\"text\":\"{text}\"");
                if let Some(understood) = stems.as_ref().map(|stems| stems.understand(text)) {
                    let themes: Vec<&str> = understood.themes().collect();
                    members +=
                        &format!(",\"themes\":[\"{}\"],\"emotion\":\"{}\"", themes.join("\",\""), understood.emotion());
                }
                members
            });
            all.insert((about, lang), members.collect());
        }
        Self(all)
    }

    /// What somebody who speaks `lang` may say of it; nothing in a language in which nothing is written here.
    pub(super) fn about(&self, about: About, lang: &'static str) -> &[String] {
        self.0.get(&(about, lang)).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_late_parcels_is_understood_as_that() {
        let sayings = Sayings::new();
        for lang in ["fi", "en"] {
            let late = sayings.about(About::LateParcel, lang);
            let understood = |word: &str| late.iter().filter(|said| said.contains(word)).count();
            assert!(understood("\"delivery\"") * 10 >= late.len() * 9, "{late:#?}");
            assert!(understood("\"frustrated\"") * 10 >= late.len() * 7, "{late:#?}");
        }
        assert!(sayings.about(About::Praise, "sv").is_empty());
    }

    #[test]
    fn sayings_can_stand_in_json() {
        assert!(SAYINGS.iter().flat_map(|(.., texts)| *texts).all(|text| !text.contains(['"', '\\'])));
    }
}

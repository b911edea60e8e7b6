//! Words of which there are few: kinds, stages, feelings, doors; in English, Finnish, Swedish and German.

use super::heads::folded;
use super::wrong::told;
use crate::map::touchpoints::STAGES;
use polku_core::scrub::scrub;

/// Letters of a kind, a channel or a campaign.
const LONGEST: usize = 40;

/// Ways to meet a shop, or to reach it.
const KINDS: [(&str, &str); 9] = [
    ("call", "phone phonecall telephone puhelu puhelut puhelin soitto samtal telefon telefonsamtal anruf telefonat"),
    (
        "store_visit",
        "store visit shopvisit instore myymälä myymäläkäynti kauppakäynti butik butiksbesök laden ladenbesuch filialbesuch",
    ),
    ("fair", "tradefair tradeshow exhibition messu messut mässa messe"),
    ("letter", "post kirje brev brief"),
    ("email", "mail sähköposti sposti epost mejl"),
    ("chat", "livechat chatti"),
    ("event", "tapahtuma evenemang veranstaltung"),
    ("catalogue", "catalog kuvasto katalogi katalog"),
    ("social_media", "some sosiaalinenmedia socialamedier sozialemedien"),
];

const IN_STAGES: [(&str, &str); 5] = [
    ("awareness", "tietoisuus medvetenhet kännedom bewusstsein aufmerksamkeit"),
    ("consideration", "harkinta övervägande erwägung abwägung"),
    ("decision", "purchase buying osto köp beslut kauf entscheidung"),
    ("retention", "loyalty asiakassuhde kundrelation lojalitet kundenbindung"),
    ("advocacy", "suosittelu rekommendation empfehlung weiterempfehlung"),
];

const FEELINGS: [(&str, &str); 4] = [
    ("satisfied", "positive happy tyytyväinen positiivinen nöjd zufrieden positiv"),
    (
        "frustrated",
        "negative unhappy turhautunut tyytymätön negatiivinen missnöjd frustrerad unzufrieden frustriert negativ",
    ),
    ("confused", "hämmentynyt förvirrad verwirrt"),
    ("neutral", "neutraali"),
];

const DOORS: [(&str, &str); 8] = [
    ("direct", "suora suoraan direkt"),
    ("search", "searchengine haku hakukone hakukoneet sök sökmotor suche suchmaschine"),
    ("social", "socialmedia some sosiaalinenmedia socialamedier sozialemedien"),
    ("mail", "email newsletter sähköposti uutiskirje epost nyhetsbrev"),
    ("shop", "marketplace kauppapaikka marknadsplats marktplatz"),
    ("comparison", "pricecomparison hintavertailu prisjämförelse preisvergleich"),
    ("ai", "aiassistant tekoäly"),
    ("other", "muu muut annan övrigt andere sonstige"),
];

/// A kind of touchpoint, or a ticket's channel: one of the known, or the shop's own in small letters.
///
/// # Errors
/// Says what is wrong, and what to write.
pub(super) fn kind(cell: &str) -> Result<String, String> {
    if let Some(known) = known(&KINDS, cell) {
        return Ok(known.to_owned());
    }
    plain(cell, "call, store_visit or fair").map(|word| word.to_lowercase().replace(' ', "_"))
}

/// A campaign, as the shop writes it in its links.
///
/// # Errors
/// Says what is wrong, and what to write.
pub(super) fn campaign(cell: &str) -> Result<String, String> {
    // The widget takes these from a link's utm_campaign, in 64 bytes at most.
    plain(cell, "the campaign's utm_campaign").map(str::to_owned)
}

/// A stage: one of the house's, or of the shop's own framework.
///
/// # Errors
/// Says what is wrong, and what to write.
pub(super) fn stage(cell: &str) -> Result<String, String> {
    if let Some(known) = known(&IN_STAGES, cell) {
        return Ok(known.to_owned());
    }
    let word = cell.to_lowercase();
    let own = word.len() <= LONGEST && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    match STAGES.into_iter().find(|known| strsim::damerau_levenshtein(known, &word) <= 2) {
        Some(near) => Err(format!("{} is no stage; did you mean {near}?", told(cell))),
        None if own => Ok(word),
        None => Err(format!("{} is no stage; write {}, or one of your own framework", told(cell), STAGES.join(", "))),
    }
}

/// How it felt.
///
/// # Errors
/// Says what may be written.
pub(super) fn feeling(cell: &str) -> Result<String, String> {
    let sign = match cell {
        "+" => Some("satisfied"),
        "-" | "−" | "–" => Some("frustrated"),
        "0" => Some("neutral"),
        word => known(&FEELINGS, word),
    };
    let fix = || format!("{} is no feeling; write frustrated, confused, neutral or satisfied", told(cell));
    sign.map(str::to_owned).ok_or_else(fix)
}

/// Where shoppers come from: one of those that the widget tells.
///
/// # Errors
/// Says what may be written.
pub(super) fn door(cell: &str) -> Result<String, String> {
    let all = DOORS.map(|(door, _)| door).join(", ");
    let fix =
        || format!("{} is no door; write {all}; what you pay a single advertiser belongs into campaign", told(cell));
    known(&DOORS, cell).map(str::to_owned).ok_or_else(fix)
}

fn known(words: &[(&'static str, &str)], cell: &str) -> Option<&'static str> {
    let cell = folded(cell);
    let is =
        |(own, others): &&(&str, &str)| folded(own) == cell || others.split_ascii_whitespace().any(|name| name == cell);
    words.iter().find(is).map(|(own, _)| *own)
}

/// A word or two, and nothing that is of a person, or that a spreadsheet reckons.
fn plain<'a>(cell: &'a str, such_as: &str) -> Result<&'a str, String> {
    if cell.chars().count() > LONGEST {
        return Err(format!("{} is longer than {LONGEST} letters; write a word such as {such_as}", told(cell)));
    }
    if !scrub(cell).found.is_empty() || cell.contains('@') {
        return Err(format!("it holds something personal; write a word such as {such_as}"));
    }
    let fits = |sign: char| sign.is_alphanumeric() || " _-./&+|".contains(sign);
    if !cell.chars().all(fits) || !cell.starts_with(char::is_alphanumeric) {
        return Err(format!("{} is no word; write one such as {such_as}", told(cell)));
    }
    Ok(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_in_four_languages() {
        for (cell, is) in [
            ("Puhelu", "call"),
            ("Store visit", "store_visit"),
            ("Mässa", "fair"),
            ("E-Mail", "email"),
            ("Pop-up", "pop-up"),
        ] {
            assert_eq!(kind(cell), Ok(is.to_owned()));
        }
        assert_eq!((stage("Osto"), stage("aftercare")), (Ok("decision".into()), Ok("aftercare".into())));
        assert_eq!((feeling("Nöjd"), feeling("+")), (Ok("satisfied".into()), Ok("satisfied".into())));
        assert_eq!(door("Hakukone"), Ok("search".into()));
        for bad in ["=cmd()", "a@b.example", "+358 40 123 4567", "x; y", ""] {
            assert!(kind(bad).is_err(), "{bad}");
        }
    }
}

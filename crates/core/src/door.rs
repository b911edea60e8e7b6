//! Which door a journey came in by: the kind of place before the shop, the campaign's own words, the kind of a click id, and what
//! a link of the shop says of itself. Neither the referrer nor the query ever leaves: what leaves is made of closed lists, and of
//! short words in a narrow form.

use crate::framework::Framework;
use crate::json::Writer;
use crate::list;
use crate::privacy::LONG_NUMBER;
use crate::stage::Stage;
use crate::words::{self, List};

/// The words for doors, as they leave.
pub(crate) const WORDS: List =
    list!["direct", "search", "social", "mail", "shop", "comparison", "ai", "", "other", "unknown"];

const DIRECT: u8 = 0;
/// Places that a shopper passes on the way through the shop (payment, signing in): to come back from there is no arrival.
const PASSED: u8 = 7;
pub(crate) const OTHER: u8 = 8;
const UNKNOWN: u8 = 9;

/// Places of each kind, from `search` to those that are passed. A word stands for a site under any ending (`google`: google.fi,
/// google.co.uk) and in `utm_medium` and `utm_source`; a word with its ending for that site; with a dot behind it, for any host that
/// begins so.
const PLACES: List = list![
    "google",
    "bing",
    "duckduckgo",
    "ecosia",
    "yahoo",
    "search.",
    "googlequicksearchbox",
    "facebook",
    "instagram",
    "tiktok",
    "youtube",
    "pinterest",
    "linkedin",
    "reddit",
    "t.co",
    "x.com",
    "mail.",
    "outlook.",
    "android.gm",
    "email",
    "newsletter",
    "amazon",
    "ebay",
    "tori",
    "zalando",
    "hintaopas",
    "vertaa",
    "hinta",
    "prisjakt",
    "pricerunner",
    "idealo",
    "chatgpt",
    "perplexity",
    "gemini.",
    "copilot.",
    "claude",
    "accounts.",
    "login.",
    "paytrail",
    "klarna",
    "paypal",
];

/// How many of the places come before the second kind, the third, …
const KINDS: [u8; 6] = [7, 16, 21, 25, 31, 36];

/// What is read of a query. Behind the first six: click ids, of which there are too many to name each one's owner twice.
const KEYS: List = list![
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "polku_touch",
    "polku_stage",
    "polku_ignore",
    "gclid",
    "gbraid",
    "wbraid",
    "fbclid",
    "msclkid",
    "ttclid",
    "li_fat_id",
    "mc_eid",
    "awc",
    "tduid",
];
const TOUCH: usize = 3;
const STAGE: usize = 4;
const IGNORE: usize = 5;
const CLICKS: usize = 6;
const UNREAD: usize = usize::MAX;

/// As what each of the keys leaves: a campaign's as a member, a click id's as the value of `click`.
const NAMES: List = list![
    "source",
    "medium",
    "campaign",
    "",
    "",
    "",
    "google_ads",
    "google_ads",
    "google_ads",
    "meta",
    "microsoft_ads",
    "tiktok",
    "linkedin",
    "mailchimp",
    "awin",
    "tradedoubler",
];

/// What `polku_touch` may say: where the shopper found the link.
pub(crate) const TOUCHES: List = list!["", "store_visit", "friend", "advertisement", "print", "package", "event"];

/// Campaign words beyond this are no words, in bytes.
const WORD: usize = 40;

/// What may stand behind the name of a site, in bytes: `co.uk`, `android`. More is another site's name.
const ENDING: usize = 7;

/// How a page was come to.
pub(crate) struct Door {
    /// What leaves with the page's view.
    pub(crate) data: String,
    /// What the view does to the journey.
    pub(crate) link: Link,
    /// It leads in from outside.
    pub(crate) outside: bool,
    /// The link is for the shop's own staff.
    pub(crate) staff: bool,
}

/// What a door does to the journey.
#[derive(Clone, Copy)]
pub(crate) struct Link {
    /// Its place in [`WORDS`].
    pub(crate) kind: u8,
    /// The touchpoint outside the shop's pages that the link tells of: its place in [`TOUCHES`]; 0 is none.
    pub(crate) touch: u8,
    /// The stage that the link enters.
    pub(crate) stage: Option<Stage>,
}

impl Door {
    /// None that is known.
    pub(crate) const NEW: Self = Self { data: String::new(), link: Link::NEW, outside: false, staff: false };
}

impl Default for Door {
    fn default() -> Self {
        Self::NEW
    }
}

impl Link {
    /// It does nothing.
    pub(crate) const NEW: Self = Self { kind: 0, touch: 0, stage: None };
}

impl Default for Link {
    fn default() -> Self {
        Self::NEW
    }
}

/// The door of a page at `path` (with its query), come to from `referrer`; `own`: it is no arrival, but was come to from this very site.
/// On a page with special content a campaign's `words` may tell what it is about.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(crate) fn read(path: &str, referrer: &str, own: bool, words: bool, framework: &Framework) -> Door {
    let (mut link, mut staff) = (Link::NEW, false);
    let mut out = Writer::default();
    let mut told = 0_u8;
    let mut campaign = DIRECT;
    out.raw("{");
    for pair in words::parts(words::cut(path, b'?').1, b'&') {
        let (key, value) = words::cut(pair, b'=');
        let place = KEYS.place(key).unwrap_or(UNREAD);
        match place {
            IGNORE => staff |= value == "1",
            // What is written in a link within the shop, or in one that was followed before, is no news.
            _ if own || place == UNREAD || value.is_empty() => {}
            TOUCH => link.touch = TOUCHES.place(value).unwrap_or_default() as u8,
            STAGE => link.stage = framework.stage(value),
            _ => {
                // All click ids are one member. A member that is said twice is what it was at first.
                let bit = 1 << place.min(CLICKS);
                if told & bit == 0 {
                    told |= bit;
                    // The last known one: the medium, as these links are written.
                    let kind = kind(value);
                    if kind != OTHER || campaign == DIRECT {
                        campaign = kind;
                    }
                    if place >= CLICKS {
                        out.word_member("click", NAMES.at(place));
                    } else if words && is_word(value) {
                        out.text_member(NAMES.at(place), value);
                    }
                }
            }
        }
    }
    let mut kind = if own {
        // The visit began on an earlier page, of which nothing may be known.
        UNKNOWN
    } else if !referrer.is_empty() {
        site(referrer)
    } else if campaign == DIRECT && (link.touch > 0 || link.stage.is_some()) {
        OTHER
    } else {
        campaign
    };
    if kind == PASSED {
        kind = UNKNOWN;
    }
    link.kind = kind;
    out.word_member("door", WORDS.at(usize::from(kind)));
    out.raw("}");
    Door { data: out.into_string(), link, outside: kind != DIRECT && kind != UNKNOWN, staff }
}

/// The kind of place that `word` names.
fn kind(word: &str) -> u8 {
    PLACES.place(word).map_or(OTHER, |place| words::column(&KINDS, place) as u8 + 1)
}

/// The kind of the site that `referrer` is of.
fn site(referrer: &str) -> u8 {
    let (_, rest) = words::cut(referrer, b'/');
    let (_, rest) = words::cut(rest, b'/');
    let (host, _) = words::cut(rest, b'/');
    let (mut host, _) = words::cut(host, b':');
    let mut found = OTHER;
    while !host.is_empty() && found == OTHER {
        let (label, rest) = words::cut(host, b'.');
        let short = if rest.len() <= ENDING { label } else { "" };
        let open = words::slice(host, 0, host.len() - rest.len());
        for word in &[host, short, open] {
            found = found.min(kind(word));
        }
        host = rest;
    }
    found
}

/// Whether a campaign's value has the form of a word: letters, digits and a few signs, neither long nor a number.
fn is_word(value: &str) -> bool {
    let mut digits = 0;
    for byte in value.bytes() {
        match byte {
            b'0'..=b'9' => digits += 1,
            b'a'..=b'z' | b'A'..=b'Z' | 0x80.. | b' ' | b'+' | b'-' | b'_' | b'.' | b'|' => {}
            _ => return false,
        }
    }
    value.len() <= WORD && digits < LONG_NUMBER
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str, referrer: &str, own: bool, words: bool) -> Door {
        super::read(path, referrer, own, words, &Framework::new(""))
    }

    fn door(query: &str, referrer: &str) -> String {
        read(&format!("/p/x{query}"), referrer, false, true).data
    }

    fn class(referrer: &str) -> &'static str {
        WORDS.at(read("/", referrer, false, true).link.kind.into())
    }

    #[test]
    fn kinds_begin_where_their_first_place_is() {
        for (first, word) in [
            ("google", "search"),
            ("facebook", "social"),
            ("mail.", "mail"),
            ("amazon", "shop"),
            ("hintaopas", "comparison"),
            ("chatgpt", "ai"),
            ("accounts.", ""),
        ] {
            assert_eq!(WORDS.at(kind(first).into()), word, "{first}");
        }
        assert_eq!(kind("paypal"), PASSED);
        assert_eq!(KEYS.lens.len(), NAMES.lens.len());
        assert_eq!([KEYS.at(TOUCH), KEYS.at(STAGE), KEYS.at(IGNORE)], ["polku_touch", "polku_stage", "polku_ignore"]);
        assert_eq!(KEYS.at(CLICKS), "gclid");
        assert_eq!([WORDS.at(OTHER.into()), WORDS.at(UNKNOWN.into())], ["other", "unknown"]);
    }

    #[test]
    fn sites_are_of_their_kind() {
        for (referrer, word) in [
            ("", "direct"),
            ("https://www.google.fi/", "search"),
            ("https://www.google.co.uk/search?q=kahvi", "search"),
            ("https://duckduckgo.com/", "search"),
            ("https://search.brave.com/", "search"),
            ("android-app://com.google.android.googlequicksearchbox/", "search"),
            ("https://l.facebook.com/", "social"),
            ("https://t.co/abc", "social"),
            ("android-app://com.linkedin.android/", "social"),
            ("https://mail.google.com/", "mail"),
            ("https://outlook.live.com/", "mail"),
            ("android-app://com.google.android.gm/", "mail"),
            ("https://www.amazon.de/", "shop"),
            ("https://www.tori.fi/", "shop"),
            ("https://hintaopas.fi/", "comparison"),
            ("https://hinta.fi:443/x", "comparison"),
            ("https://www.prisjakt.nu/", "comparison"),
            ("https://chatgpt.com/", "ai"),
            ("https://www.perplexity.ai/", "ai"),
            ("https://gemini.google.com/", "ai"),
            ("https://copilot.microsoft.com/", "ai"),
            ("https://claude.ai/", "ai"),
            ("https://news.example/", "other"),
            ("https://notgoogle.com/", "other"),
            ("https://google.example.com/", "other"),
            ("https://x.com.example/", "other"),
            ("https://accounts.google.com/", "unknown"),
            ("https://services.paytrail.com/", "unknown"),
            ("nonsense", "other"),
            ("https:", "other"),
            (":ä/", "other"),
        ] {
            assert_eq!(class(referrer), word, "{referrer}");
        }
    }

    #[test]
    fn campaigns_leave_as_short_words() {
        assert_eq!(
            door("?utm_source=google&utm_medium=cpc&utm_campaign=kevät+2026", ""),
            r#"{"source":"google","medium":"cpc","campaign":"kevät+2026","door":"search"}"#
        );
        assert_eq!(door("?utm_medium=email", ""), r#"{"medium":"email","door":"mail"}"#);
        assert_eq!(door("?utm_source=leaflet", ""), r#"{"source":"leaflet","door":"other"}"#);
        assert_eq!(door("?utm_source=a&utm_source=b", "https://www.bing.com/"), r#"{"source":"a","door":"search"}"#);
        for bad in ["anna%40example.fi", "120210987654321", "a%22b", "%", "%4", "%ff", "x%0Ay", "<b>", &"x".repeat(41)]
        {
            assert_eq!(door(&format!("?utm_campaign={bad}"), ""), r#"{"door":"other"}"#, "{bad}");
        }
        let secret = read("/?utm_campaign=ointment&gclid=x", "", false, false);
        assert_eq!(secret.data, r#"{"click":"google_ads","door":"other"}"#, "a page with special content");
    }

    #[test]
    fn click_ids_leave_as_their_kind() {
        assert_eq!(
            door("?gclid=Cj0KCQ&gbraid=0AAA", "https://www.google.com/"),
            r#"{"click":"google_ads","door":"search"}"#
        );
        assert_eq!(door("?fbclid=IwAR0", "https://m.facebook.com/"), r#"{"click":"meta","door":"social"}"#);
        assert_eq!(door("?tduid=abc", ""), r#"{"click":"tradedoubler","door":"other"}"#);
        assert_eq!(door("?gclid=", ""), r#"{"door":"direct"}"#, "an empty one is none");
        assert_eq!(door("?nogclid=1&color=red", ""), r#"{"door":"direct"}"#);
    }

    #[test]
    fn links_of_the_shop_say_what_they_are() {
        let link = read("/?polku_touch=store_visit&polku_stage=retention", "", false, true);
        assert_eq!(link.data, r#"{"door":"other"}"#);
        assert!(link.outside);
        assert_eq!((link.link.touch, link.link.stage), (1, Some(Stage::Retention)));
        let unknown = read("/?polku_touch=tax_office&polku_stage=purgatory&polku_ignore=yes", "", false, true);
        assert_eq!(unknown.data, r#"{"door":"direct"}"#);
        assert_eq!((unknown.link.touch, unknown.link.stage, unknown.staff), (0, None, false));
        assert!(read("/?polku_ignore=1", "", false, true).staff);
    }

    #[test]
    fn a_page_of_the_shop_before_says_nothing_of_the_door() {
        let own = read("/?gclid=x&polku_touch=event&polku_ignore=1", "https://shop.example/", true, true);
        assert_eq!((own.link.kind, own.link.touch, own.outside, own.staff), (UNKNOWN, 0, false, true));
        assert_eq!(own.data, r#"{"door":"unknown"}"#);
    }

    proptest::proptest! {
        #[test]
        fn any_address_is_survived(path in ".*", query in "[?&=%a-f0-9]{0,30}", referrer in ".*") {
            let door = read(&(path + "?utm_source=" + &query), &referrer, false, true);
            proptest::prop_assert!(serde_json::from_str::<serde_json::Value>(&door.data).is_ok());
        }
    }
}

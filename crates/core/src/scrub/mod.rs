//! What shoppers write, without what tells who they are: names, addresses and numbers of persons, devices and accounts are masked.
//!
//! One pass finds what may be one, check digits and the words beside it decide. There is no engine for regular expressions: the prompt's module
//! carries all this. Prices, sizes, dates, article and order numbers stay, since without them an answer says nothing.
//!
//! The rules are public knowledge: the shapes and checks are those of the authorities and standards that issue the numbers.

mod address;
mod check;
mod digits;
mod email;
mod hit;
mod keys;
mod labels;
mod mixed;
mod national;
mod net;
mod number;
mod person;
mod scan;
mod text;
mod url;

use crate::json::Writer;
use crate::list;
use crate::words::{List, slice};

pub use url::scrub_url;

/// Each kind with its name, once: what is found, its mask and its number come from this one list.
macro_rules! kinds {
    ($($kind:ident $name:literal,)*) => {
        /// What was found.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
        #[repr(u8)]
        #[allow(missing_docs)] // The names say it all; README.md in tests/scrub says what each covers.
        pub enum Kind { $($kind),* }

        /// The kinds by their number, as masks say them.
        const NAMES: List = list![$($name),*];

        /// All kinds, by their number.
        const KINDS: [Kind; [$(Kind::$kind),*].len()] = [$(Kind::$kind),*];
    };
}

kinds! {
    Email "email",
    Phone "phone",
    Card "card",
    Iban "iban",
    FiHetu "fi_hetu",
    SePnr "se_pnr",
    NoFnr "no_fnr",
    DkCpr "dk_cpr",
    IsKennitala "is_kennitala",
    EeIsikukood "ee_isikukood",
    DeSteuerId "de_steuer_id",
    FrNir "fr_nir",
    NlBsn "nl_bsn",
    EsDni "es_dni",
    EsNie "es_nie",
    UkNino "uk_nino",
    VatId "vat_id",
    Ipv4 "ipv4",
    Ipv6 "ipv6",
    Mac "mac",
    Uuid "uuid",
    Jwt "jwt",
    ApiKey "api_key",
    Person "person",
    Address "address",
    Dob "dob",
}

impl Kind {
    /// Its name, as its mask says it: `fi_hetu`.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.at(self as usize)
    }
}

/// A place in the text that was given, in bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Found {
    /// What it is.
    pub kind: Kind,
    /// Its first byte.
    pub start: usize,
    /// The first byte behind it.
    pub end: usize,
}

/// What became of a text.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Scrubbed {
    /// The text with masks.
    pub text: String,
    /// What they stand for, in order.
    pub found: Vec<Found>,
}

/// A mask can bring to light what stood beside it, once or twice; no text needs more.
const ROUNDS: usize = 8;

/// `text` with a mask for each thing that tells who somebody is. Scrubbing the result changes nothing more.
#[must_use]
pub fn scrub_text(text: &str) -> String {
    let mut out = String::from(text);
    for _ in 0..ROUNDS {
        let found = scan::pass(&out);
        if found.is_empty() {
            break;
        }
        out = masked(&out, &found);
    }
    out
}

/// The same, and where in `text` the masks stand.
#[must_use]
pub fn scrub(text: &str) -> Scrubbed {
    let mut found = scan::pass(text);
    let mut out = masked(text, &found);
    if !found.is_empty() {
        for _ in 1..ROUNDS {
            let more = scan::pass(&out);
            if more.is_empty() {
                break;
            }
            merge(&mut found, more);
            out = masked(text, &found);
        }
    }
    Scrubbed { text: out, found }
}

fn masked(text: &str, found: &[Found]) -> String {
    let mut out = Writer::sized(text.len() + 8);
    let mut done = 0;
    for it in found {
        out.raw(slice(text, done, it.start));
        out.raw("[");
        out.raw(it.kind.name());
        out.raw("]");
        done = it.end;
    }
    out.raw(slice(text, done, text.len()));
    out.into_string()
}

/// Takes in what was found in the masked text: places there become places in the text that was given.
fn merge(found: &mut Vec<Found>, more: Vec<Found>) {
    let known = found.clone();
    for it in more {
        let (start, end) = (origin(&known, it.start, false), origin(&known, it.end, true));
        found.retain(|old| old.end <= start || old.start >= end);
        let place = found.iter().take_while(|old| old.start < start).count();
        found.insert(place, Found { kind: it.kind, start, end });
    }
}

/// Where in the text that was given a place in the masked one is: inside a mask its beginning, or its end.
fn origin(found: &[Found], at: usize, end: bool) -> usize {
    // How far the masked text has come, and the given one.
    let (mut there, mut here) = (0, 0);
    for it in found {
        let mask = there + it.start - here;
        if at < mask + usize::from(end) {
            break;
        }
        let after = mask + it.kind.name().len() + 2;
        if at < after + usize::from(end) {
            return if end { it.end } else { it.start };
        }
        (there, here) = (after, it.end);
    }
    here + at - there
}

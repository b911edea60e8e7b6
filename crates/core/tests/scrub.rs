//! What holds for every text and every address: nothing with a valid check survives where its rule says so, twice is as once, and no input breaks it.
//!
//! The numbers are made here, their check digits by sums written here once more: a mistake in the crate is none of this file.
//! `POLKU_CASES` sets how many each property is tried in, and takes others each time.
#![allow(clippy::unwrap_used)]

mod cases;

use polku_core::scrub::{Kind, scrub, scrub_text, scrub_url};
use proptest::prelude::*;
use proptest::sample::select;

use cases::cases;

/// Sentences with a place for a number, in ten languages: no word before or behind the place says what it is.
const SENTENCES: &[&str] = &[
    "{}",
    "Kirjoitin sen väärin, oikea on {}.",
    "Jag skrev {} i formuläret, men det gick inte.",
    "Skjemaet godtok ikke {}!",
    "Hvorfor skal jeg skrive {} her?",
    "Vorm ei võtnud vastu: {}",
    "I typed {} twice and it did not help.",
    "Warum wird ({}) nicht angenommen?",
    "Le formulaire refuse {}, pourquoi ?",
    "No entiendo por qué {} no vale.",
    "Het formulier wil \"{}\" niet.",
    "Ensin\n{}\nja sitten uudestaan",
];

fn digits(count: usize) -> impl Strategy<Value = Vec<u32>> {
    proptest::collection::vec(0..10_u32, count)
}

fn text(digits: &[u32]) -> String {
    digits.iter().map(u32::to_string).collect()
}

/// Groups of so many characters with `sign` between them.
fn grouped(text: &str, lens: &[usize], sign: &str) -> String {
    let mut rest = text;
    let mut groups = Vec::new();
    for &len in lens {
        let (group, more) = rest.split_at(len.min(rest.len()));
        groups.push(group);
        rest = more;
    }
    groups.push(rest);
    groups.retain(|group| !group.is_empty());
    groups.join(sign)
}

fn sum(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum()
}

fn luhn_digit(digits: &[u32]) -> u32 {
    let mut sum = 0;
    for (at, digit) in digits.iter().rev().enumerate() {
        let value = if at % 2 == 0 { digit * 2 } else { *digit };
        sum += value / 10 + value % 10;
    }
    (10 - sum % 10) % 10
}

fn mod97(text: &str) -> u32 {
    text.chars().fold(0, |rest, sign| {
        let value = sign.to_digit(36).unwrap();
        (rest * if value > 9 { 100 } else { 10 } + value) % 97
    })
}

/// Six digits of a day: DDMMYY.
fn day() -> impl Strategy<Value = Vec<u32>> {
    (1..=28_u32, 1..=12_u32, 0..100_u32)
        .prop_map(|(day, month, year)| [day, month, year].into_iter().flat_map(|two| [two / 10, two % 10]).collect())
}

fn turned(day: &[u32]) -> Vec<u32> {
    [&day[4..6], &day[2..4], &day[0..2]].concat()
}

/// A number of a kind, in one of its spellings.
fn number() -> impl Strategy<Value = (Kind, String)> {
    let space = || select(vec![" ", "\u{A0}", "-", "."]);
    let card = (
        select(vec![
            ("4", 16),
            ("51", 16),
            ("2221", 16),
            ("37", 15),
            ("6011", 16),
            ("36", 14),
            ("3528", 16),
            ("62", 16),
        ]),
        digits(16),
        select(vec!["", " ", "\u{A0}", "-", ".", "_", "  ", "\n"]),
    )
        .prop_map(|((begin, length), rest, sign)| {
            let mut all: Vec<u32> =
                begin.chars().map(|sign| sign.to_digit(10).unwrap()).chain(rest).take(length - 1).collect();
            all.push(luhn_digit(&all));
            let lens: &[usize] = if length == 16 { &[4, 4, 4] } else { &[4, 6] };
            (Kind::Card, grouped(&text(&all), lens, sign))
        });
    let iban = (
        select(vec![("FI", 14), ("DE", 18), ("EE", 16), ("NO", 11), ("DK", 14), ("SE", 20), ("ES", 20), ("BE", 12)]),
        digits(20),
        select(vec!["", " ", "-", ".", "\u{A0}"]),
        any::<bool>(),
    )
        .prop_map(|((country, length), rest, sign, small)| {
            let rest = text(&rest[..length]);
            let check = 98 - mod97(&format!("{rest}{country}00"));
            let whole = grouped(&format!("{country}{check:02}{rest}"), &[4; 8], sign);
            (Kind::Iban, if small { whole.to_lowercase() } else { whole })
        });
    let hetu = (day(), 2..900_u32, select(vec!["-", "A", "+", "Y", "F", "\u{2013}", "B"]), any::<bool>()).prop_map(
        |(day, serial, sign, small)| {
            let number: u32 = format!("{}{serial:03}", text(&day)).parse().unwrap();
            let check = b"0123456789ABCDEFHJKLMNPRSTUVWXY"[(number % 31) as usize] as char;
            let whole = format!("{}{sign}{serial:03}{check}", text(&day));
            (Kind::FiHetu, if small { whole.to_lowercase() } else { whole })
        },
    );
    let sweden = (day(), digits(3), select(vec!["-", "+", ""]), select(vec!["", "19", "20"])).prop_map(
        |(day, serial, sign, century)| {
            let mut all = [turned(&day), serial].concat();
            all.push(luhn_digit(&all));
            (Kind::SePnr, format!("{century}{}{sign}{}", text(&all[..6]), text(&all[6..])))
        },
    );
    let norway = (day(), digits(3), any::<bool>()).prop_filter_map("no such check", |(day, serial, gap)| {
        let mut all = [day, serial].concat();
        for weights in [&[3, 7, 6, 1, 8, 9, 4, 5, 2][..], &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]] {
            let check = (11 - sum(&all, weights) % 11) % 11;
            if check == 10 {
                return None;
            }
            all.push(check);
        }
        Some((Kind::NoFnr, grouped(&text(&all), &[6], if gap { " " } else { "" })))
    });
    let denmark =
        (day(), digits(4)).prop_map(|(day, serial)| (Kind::DkCpr, format!("{}-{}", text(&day), text(&serial))));
    let iceland = (day(), digits(2), select(vec![9, 0])).prop_filter_map("no such check", |(day, serial, century)| {
        let mut all = [day, serial].concat();
        let check = (11 - sum(&all, &[3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11;
        all.extend([check, century]);
        (check < 10).then(|| (Kind::IsKennitala, format!("{}-{}", text(&all[..6]), text(&all[6..]))))
    });
    let estonia = (1..=6_u32, day(), digits(3)).prop_map(|(first, day, serial)| {
        let mut all = [vec![first], turned(&day), serial].concat();
        let mut check = sum(&all, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
        if check == 10 {
            check = sum(&all, &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11 % 10;
        }
        all.push(check);
        (Kind::EeIsikukood, text(&all))
    });
    let germany = (Just((0..10_u32).collect::<Vec<_>>()).prop_shuffle(), 0..9_usize, any::<bool>()).prop_filter_map(
        "a zero in front",
        |(mut all, twice, gap)| {
            all[9] = all[twice];
            let mut product = 10;
            for digit in &all {
                let sum = (digit + product) % 10;
                product = if sum == 0 { 10 } else { sum } * 2 % 11;
            }
            all.push((11 - product) % 10);
            (all[0] > 0).then(|| (Kind::DeSteuerId, grouped(&text(&all), &[2, 3, 3], if gap { " " } else { "" })))
        },
    );
    let france = (1..=2_u32, day(), digits(8), select(vec!["", " ", "."])).prop_map(|(first, day, rest, sign)| {
        let all = [vec![first], day[4..6].to_vec(), day[2..4].to_vec(), rest].concat();
        let check = 97 - text(&all).parse::<u64>().unwrap() % 97;
        (Kind::FrNir, grouped(&format!("{}{check:02}", text(&all)), &[1, 2, 2, 2, 3, 3], sign))
    });
    let spain = (digits(8), select(vec!["", "-", "."])).prop_map(|(all, sign)| {
        let letter = b"TRWAGMYFPDXBNJZSQVHLCKE"[text(&all).parse::<usize>().unwrap() % 23] as char;
        let whole = text(&all);
        (
            Kind::EsDni,
            if sign == "." {
                format!("{}{letter}", grouped(&whole, &[2, 3], "."))
            } else {
                format!("{whole}{sign}{letter}")
            },
        )
    });
    let foreigner = (0..3_u32, digits(7), select(vec!["", "-"])).prop_map(|(first, rest, sign)| {
        let letter =
            b"TRWAGMYFPDXBNJZSQVHLCKE"[format!("{first}{}", text(&rest)).parse::<usize>().unwrap() % 23] as char;
        (Kind::EsNie, format!("{}{sign}{}{sign}{letter}", ["X", "Y", "Z"][first as usize], text(&rest)))
    });
    let nino = (
        select(vec!["AB", "CE", "JK", "SP", "WX"]),
        digits(6),
        select(vec!["A", "B", "C", "D"]),
        select(vec!["", " "]),
    )
        .prop_map(|(prefix, rest, suffix, sign)| {
            (Kind::UkNino, grouped(&format!("{prefix}{}{suffix}", text(&rest)), &[2, 2, 2, 2], sign))
        });
    let vat =
        (digits(8), select(vec!["", " "]), 0..4_usize).prop_filter_map("no such check", |(rest, sign, country)| {
            let number = match country {
                0 => {
                    let check = (11 - sum(&rest, &[7, 9, 10, 5, 8, 4, 2]) % 11) % 11;
                    if check == 10 {
                        return None;
                    }
                    format!("FI{sign}{}{check}", text(&rest[..7]))
                }
                1 => {
                    let check = (10 - sum(&rest, &[3, 7, 1, 3, 7, 1, 3, 7]) % 10) % 10;
                    format!("EE{sign}{}{check}", text(&rest))
                }
                2 => {
                    let mut company = rest.clone();
                    company.push(luhn_digit(&rest));
                    let key = (12 + 3 * (text(&company).parse::<u32>().unwrap() % 97)) % 97;
                    format!("FR{sign}{key:02}{}", text(&company))
                }
                _ => {
                    let mut company = [vec![5], rest].concat();
                    company.push(luhn_digit(&company));
                    format!("SE{sign}{}01", text(&company))
                }
            };
            Some((Kind::VatId, number))
        });
    let phone = (
        select(vec![
            "+358 40 ",
            "+46-70-",
            "+49 (0)30 ",
            "0047 22 ",
            "+372 5",
            "040 ",
            "08-",
            "(09) ",
            "01.23.",
            "+33 6 12 ",
        ]),
        digits(7),
        space(),
    )
        .prop_map(|(begin, rest, sign)| {
            let sign = if sign == "." && !begin.contains('.') { " " } else { sign };
            (Kind::Phone, format!("{begin}{}", grouped(&text(&rest), &[3, 2], sign)))
        });
    let email = (
        "[a-zäöüé][a-z0-9]{1,8}([._+-][a-z0-9]{1,5})?",
        "[a-zåé][a-z0-9-]{0,5}[a-z]",
        select(vec!["fi", "COM", "example", "co.uk", "xn--p1ai", "org"]),
        select(vec!["@", "＠", " (at) ", "[at]", "(at)"]),
    )
        .prop_map(|(local, host, end, at)| (Kind::Email, format!("{local}{at}{host}.{end}")));
    let network = (digits(12), 0..4_usize).prop_map(|(it, which)| {
        let octet = |at: usize| it[at] * 25 + it[at + 1];
        match which {
            0 => (Kind::Ipv4, format!("{}.{}.{}.{}", octet(0) % 127 + 128, octet(2), octet(4), octet(6))),
            1 => (Kind::Ipv6, format!("2001:db8::{:x}:{:x}", octet(0), octet(2) + 1)),
            2 => (Kind::Mac, format!("00:00:5e:00:{:02x}:{:02X}", octet(4), octet(6))),
            _ => (Kind::Uuid, format!("3f2504e0-4f89-11d3-9a0c-0305{}", &text(&it)[..8])),
        }
    });
    let key = ("[A-Za-z0-9]{24}", select(vec!["sk_live_", "ghp_", "glpat-", "xoxb-"])).prop_filter_map(
        "no digit",
        |(rest, begin)| {
            rest.bytes().any(|byte| byte.is_ascii_digit()).then(|| (Kind::ApiKey, format!("{begin}{rest}")))
        },
    );
    let checked = prop_oneof![card, iban, hetu, sweden, norway, denmark, iceland, estonia];
    let more = prop_oneof![germany, france, spain, foreigner, nino, vat, phone, email, network, key];
    prop_oneof![checked, more]
}

proptest! {
    #![proptest_config(cases(6_000))]

    #[test]
    fn nothing_that_is_listed_survives((kind, number) in number(), sentence in select(SENTENCES)) {
        let text = sentence.replace("{}", &number);
        let scrubbed = scrub(&text);
        let start = sentence.find("{}").unwrap();
        let covered = |at: usize| scrubbed.found.iter().any(|found| found.start <= at && at < found.end);
        for (at, sign) in number.char_indices() {
            prop_assert!(!sign.is_alphanumeric() || covered(start + at), "{kind:?} in {text:?} becomes {:?}", scrubbed.text);
        }
        // Two kinds can fit, and the text beside it stays whatever it was taken for.
        let masked = sentence.split("{}").map(str::len).sum::<usize>();
        let left: usize = text.len() - scrubbed.found.iter().map(|found| found.end - found.start).sum::<usize>();
        prop_assert!(left + 4 >= masked, "{text:?} becomes {:?}", scrubbed.text);
    }

    #[test]
    fn two_side_by_side_go_both((_, one) in number(), (_, two) in number(), sign in select(vec![", ", " / ", "; ", "\n\n", " and "])) {
        let text = format!("{one}{sign}{two}");
        let found = scrub(&text).found;
        let covered = |at: usize| found.iter().any(|found| found.start <= at && at < found.end);
        let left: String = text.char_indices().filter(|(at, it)| it.is_alphanumeric() && !covered(*at)).map(|(_, it)| it).collect();
        prop_assert!(left.is_empty() || left == "and", "{text:?} leaves {left:?}");
    }

    #[test]
    fn a_valid_shape_behind_a_label_of_the_shop_stays(
        (kind, number) in number(),
        label in select(vec!["tilausnumero", "EAN", "LOT", "order number", "Bestellnr.", "eränumero", "ordrenummer", "tellimuse number", "commande", "pedido", "bestelling", "seurantakoodi", "part no"]),
    ) {
        // What is certain goes whatever is written before it.
        let sure = [Kind::Email, Kind::Iban, Kind::VatId, Kind::Ipv4, Kind::Ipv6, Kind::Mac, Kind::Uuid, Kind::ApiKey];
        let abroad = number.starts_with('+') || number.starts_with("00") || number.starts_with('(');
        let plain = number.chars().all(|sign| sign.is_ascii_alphanumeric());
        if sure.contains(&kind) || abroad || kind == Kind::Card && number.len() < 14 || !plain {
            return Ok(());
        }
        let text = format!("{label} {number} puuttuu");
        prop_assert_eq!(scrub(&text).text, text);
    }

    #[test]
    fn scrubbing_again_changes_nothing(parts in proptest::collection::vec(prop_oneof![
        number().prop_map(|(_, number)| number),
        select(SENTENCES).prop_map(str::to_owned),
        r"[0-9a-zA-ZäÄß@. +()\[\],:/_#-]{0,12}",
        r"\PC{0,8}",
        select(vec!["[email]", "[phone]", "puh.", "terveisin", "Anna", " at ", "my name is", "born", "order", "C/", "katu", "rue de", "\n", "12 High Street"]).prop_map(str::to_owned),
    ], 1..8), sign in select(vec!["", " ", ", "])) {
        let text = parts.join(sign);
        let once = scrub(&text);
        let twice = scrub(&once.text);
        prop_assert_eq!(&twice.text, &once.text, "from {:?}", text);
        prop_assert!(twice.found.is_empty());
        prop_assert_eq!(scrub_text(&text), once.text);
    }

    #[test]
    fn what_was_found_lies_in_the_text(text in r"(\PC|[0-9@. +()-]|\n){0,80}") {
        let scrubbed = scrub(&text);
        let mut done = 0;
        for found in &scrubbed.found {
            prop_assert!(done <= found.start && found.start < found.end);
            prop_assert!(text.is_char_boundary(found.start) && text.is_char_boundary(found.end));
            done = found.end;
        }
        prop_assert!(done <= text.len());
        if scrubbed.found.is_empty() {
            prop_assert_eq!(scrubbed.text, text);
        }
    }

    #[test]
    fn addresses_lose_what_is_personal_wherever_it_stands((kind, number) in number(), times in 0..=3_usize, place in select(vec![
        "https://shop.example/p/kettle?email={}&page=2", "/account/{}/settings", "https://{}@shop.example/p", "/reset/{}", "//shop.example/users/{}?sort=price", "/p;sid={}", "?next=%2Flogin%3Fuser%3D{}",
        "shop.example/p#/thanks?order={}", "/search?q={}", "/p?utm_term={}",
    ])) {
        // In a path, a text or a value these are numbers like others; so is what is written with the signs of an address.
        let strict = matches!(kind, Kind::Email | Kind::Iban | Kind::Uuid | Kind::Card);
        let plain = number.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
        if place.contains("account") && !strict || times == 0 && !plain {
            return Ok(());
        }
        let mut encoded = number.clone();
        for _ in 0..times {
            encoded = encoded.bytes().map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect();
        }
        let out = scrub_url(&place.replace("{}", &encoded));
        prop_assert!(!out.contains(&encoded), "{kind:?} {number:?}: {out}");
        prop_assert_eq!(scrub_url(&out), out);
    }

    #[test]
    fn any_address_is_survived_and_twice_is_once(url in r"(https?:/{0,3}|//|/|mailto:)?(\PC|[a-zA-Z0-9/?#&=;:@%.+\[\]-]|%[0-9A-Fa-f]{2}|orders/|q=|next=|utm_x=|#/){0,30}") {
        let once = scrub_url(&url);
        prop_assert_eq!(scrub_url(&once), once, "from {:?}", url);
    }
}

//! Pages of service: help, states of orders, returns, reviews and instructions are touchpoints by their addresses.

use crate::list;
use crate::name::Name;
use crate::words::{self, List};

/// Names of pages that are touchpoints by themselves, in four languages. Whole segments alone: much begins with `help` that is no help.
const SERVICES: List = list![
    "help",
    "faq",
    "support",
    "customer-service",
    "asiakaspalvelu",
    "ukk",
    "hjalp",
    "kundtjanst",
    "hilfe",
    "kundenservice",
    "order-status",
    "track-order",
    "view-order",
    "tilausseuranta",
    "sendungsverfolgung",
    "returns",
    "palautus",
    "palautukset",
    "retur",
    "returer",
    "retoure",
    "write-review",
    "arvostele",
    "instructions",
    "manual",
    "guide",
    "ohjeet",
    "kayttoohjeet",
];

/// How many of them are help, help and states of orders, …; the last are instructions.
const KINDS: [u8; 4] = [10, 15, 21, 23];

/// The touchpoint that a page is by its address alone, if it is one, and its data: its last segment that says so.
pub(super) fn service(template: &str) -> Option<(Name, &'static str)> {
    let mut name = None;
    words::split(template, b'/', &mut |segment| {
        if let Some(place) = SERVICES.place(words::cut(segment, b'.').0) {
            name = Some(match words::column(&KINDS, place) {
                0 => (Name::HelpView, ""),
                1 => (Name::OrderStatusView, ""),
                2 => (Name::ReturnStart, ""),
                3 => (Name::ReviewWrite, ""),
                // How to use what was bought.
                _ => (Name::HelpView, r#"{"kind":"instructions"}"#),
            });
        }
    });
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::page_template;

    #[test]
    fn pages_of_service_are_known_by_their_names() {
        for (path, name) in [
            ("/fi/asiakaspalvelu", Some(Name::HelpView)),
            ("/faq.html", Some(Name::HelpView)),
            ("/kundenservice/", Some(Name::HelpView)),
            ("/help/order-status", Some(Name::OrderStatusView)),
            ("/my-account/view-order/1234", Some(Name::OrderStatusView)),
            ("/sendungsverfolgung", Some(Name::OrderStatusView)),
            ("/palautus", Some(Name::ReturnStart)),
            ("/returer", Some(Name::ReturnStart)),
            ("/p/espresso/write-review", Some(Name::ReviewWrite)),
            ("/arvostele", Some(Name::ReviewWrite)),
            ("/", None),
            ("/helppohoitoiset", None),
            ("/c/returnable-bottles", None),
            ("/order", None),
            ("/p/help", None),
            ("/reviews", None),
        ] {
            assert_eq!(service(&page_template(path)).map(|(name, _)| name), name, "{path}");
        }
    }

    #[test]
    fn instructions_are_help_of_their_kind() {
        let kind = |path| service(path).map(|(_, data)| data);
        assert_eq!(kind("/help/instructions/:id"), Some(r#"{"kind":"instructions"}"#));
        assert_eq!(kind("/fi/ohjeet"), kind("/help/instructions"));
        assert_eq!((kind("/help"), kind("/"), kind("/checkout")), (Some(""), None, None));
    }
}

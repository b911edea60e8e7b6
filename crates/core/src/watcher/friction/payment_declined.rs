//! A payment that was declined, where the shop itself does not say so: a checkout that returns with an error.
//!
//! | threshold | why |
//! |---|---|
//! | `BACK` 10 s | an alert that comes with the page tells what happened before it; later ones are about what is done on it |
//! | `WAIT` 5 s | a shop that reports it itself does so as the page loads, its tag manager somewhat later: then its own report counts |
//!
//! No false alarm: a payment must have been begun, and it must be the checkout that is come back to; an address whose query names
//! another cause (address, coupon, stock …) tells of that one; `error=0` tells of none. An order takes the suspicion back.

/// An alert follows the return within this, in ms.
pub(crate) const BACK: u64 = 10_000;
/// The shop's own report is waited for this long, in ms.
pub(crate) const WAIT: u64 = 5_000;
/// How sure an address is, in hundredths,
pub(crate) const ADDRESS: i64 = 80;
/// … and an alert: what it says is not read.
pub(crate) const ALERT: i64 = 60;

/// A word's first four letters, as a number: enough to know it, its forms and some of its cousins in other languages.
const fn stem(word: &str) -> u32 {
    let mut stem = 0;
    let mut at = 0;
    while at < word.len() {
        stem = stem << 8 | word.as_bytes()[at] as u32;
        at += 1;
    }
    stem
}

/// Stems of words of addresses. They tell: it is about paying (payment, maksu, betalning, zahlung, place order); it is a page of the
/// checkout (kassa, tilaus); all went well (thanks, kiitos, success, confirmation, received, complete); it failed (error, failure,
/// cancelled, declined, refused, rejected, virhe, peruttu, avbruten); it is about something else (address, coupon, voucher, stock,
/// shipping, delivery, login); the word before is denied.
const STEMS: [u32; 37] = [
    stem("pay"),
    stem("paym"),
    stem("maks"),
    stem("beta"),
    stem("zahl"),
    stem("plac"),
    stem("chec"),
    stem("kass"),
    stem("cart"),
    stem("orde"),
    stem("tila"),
    stem("than"),
    stem("kiit"),
    stem("succ"),
    stem("conf"),
    stem("rece"),
    stem("comp"),
    stem("erro"),
    stem("fail"),
    stem("canc"),
    stem("decl"),
    stem("refu"),
    stem("reje"),
    stem("virh"),
    stem("peru"),
    stem("avbr"),
    stem("addr"),
    stem("coup"),
    stem("vouc"),
    stem("stoc"),
    stem("ship"),
    stem("deli"),
    stem("logi"),
    stem("0"),
    stem("fals"),
    stem("no"),
    stem("none"),
];

/// Where each kind but the first begins among them.
const BEGIN: [usize; 5] = [6, 11, 17, 26, 33];

/// The kinds, each a bit.
const PAY: u32 = 1;
const CHECKOUT: u32 = 2;
const WELL: u32 = 4;
const FAILED: u32 = 8;
const OTHER: u32 = 16;
const NO: u32 = 32;

/// What an address tells of a payment.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub(crate) struct Told {
    /// It is a page of the checkout.
    pub(crate) checkout: bool,
    /// It is about paying.
    pub(crate) pay: bool,
    /// An order was confirmed.
    pub(crate) well: bool,
    /// The payment failed.
    pub(crate) failed: bool,
}

/// What `address` (a path with its query, or the name of an element) tells.
pub(crate) fn told(address: &str) -> Told {
    // Of the path in the lower half, of the query in the upper.
    let (mut all, mut shift, mut before, mut word) = (0, 0, 0, 0);
    for at in 0..=address.len() {
        let byte = address.as_bytes().get(at).copied().unwrap_or_default();
        if byte.is_ascii_alphanumeric() {
            if word >> 24 == 0 {
                word = word << 8 | u32::from(byte | 0x20);
            }
            continue;
        }
        let half = shift;
        if byte == b'?' {
            shift = 16;
        }
        if word == 0 {
            continue;
        }
        let place = STEMS.iter().position(|stem| *stem == word);
        let kind = place.map_or(0, |place| 1 << BEGIN.iter().filter(|begin| place >= **begin).count());
        if kind != NO {
            all |= kind << half;
        } else if before & (WELL | FAILED) != 0 {
            // `error=0` is no error, `success=0` is one.
            all = all & !(before << half) | (before & WELL) << 1 << half;
        }
        (before, word) = (kind, 0);
    }
    let (path, query) = (all & 0xFFFF, all >> 16);
    let elsewhere = query & OTHER != 0 && query & PAY == 0;
    let failed = (path | query) & FAILED != 0;
    Told {
        checkout: path & (PAY | CHECKOUT) != 0,
        pay: path & PAY != 0,
        well: (path | query) & WELL != 0 && !failed,
        failed: failed && !elsewhere,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_tell_of_a_failed_payment() {
        for address in [
            "/checkout?error=payment_failed",
            "/checkout?payment_error=1",
            "/fi/kassa?status=cancelled",
            "/checkout?status=cancel&order=7",
            "/checkout?resultCode=Refused",
            "/checkout?error=PAYMENT_DECLINED",
            "/payment/failed",
            "/checkout/cancel",
            "/kassa?virhe=maksu",
            "/checkout/shipping?error=payment",
            "/checkout?success=false",
            "/checkout?redirect_status=failed",
        ] {
            let told = told(address);
            assert!(told.failed && told.checkout && !told.well, "{address} {told:?}");
        }
    }

    #[test]
    fn addresses_that_do_not() {
        for address in [
            "/checkout",
            "/checkout/payment?step=2",
            "/checkout?error=0",
            "/checkout?error=false&step=payment",
            "/checkout?error=address",
            "/cart?error=coupon_invalid",
            "/checkout?terror=1",
            "/checkout/order-received/77?key=wc",
        ] {
            assert!(!told(address).failed, "{address}");
        }
        assert!(!told("/help?error=1").checkout);
        assert!(!told("/login?next=/checkout&error=1").checkout);
        assert!(told("/checkout/order-received/77").well);
        assert!(told("/kiitos").well);
        assert!(told("/checkout?status=success").well);
        assert!(!told("/checkout?success=0").well);
    }

    #[test]
    fn elements_that_pay() {
        for target in ["button#pay", "pay-now", "button#maksa", "button#zahlen"] {
            assert!(told(target).pay, "{target}");
        }
        for target in ["button#continue", "button#buy", "a#payback"] {
            assert!(!told(target).pay, "{target}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_address_is_survived(address in ".*") {
            let _ = told(&address);
        }
    }
}

//! A payment that was declined, where the shop itself does not say so: a checkout that returns with an error.
//!
//! | threshold | why |
//! |---|---|
//! | `BACK` 10 s | an alert that comes with the page tells what happened before it; later ones are about what is done on it |
//! | `WAIT` 5 s | a shop that reports it itself does so as the page loads, its tag manager somewhat later: then its own report counts |
//!
//! No false alarm: a payment must have been begun, and it must be the checkout that is come back to; an address whose query names
//! another cause (address, coupon, stock …) tells of that one; `error=0` tells of none. An order takes the suspicion back.

use crate::list;
use crate::words::List;

/// An alert follows the return within this, in ms.
pub(crate) const BACK: u64 = 10_000;
/// The shop's own report is waited for this long, in ms.
pub(crate) const WAIT: u64 = 5_000;
/// How sure an address is, in hundredths,
pub(crate) const ADDRESS: i64 = 80;
/// … and an alert: what it says is not read.
pub(crate) const ALERT: i64 = 60;

/// Words of addresses. They tell: it is about paying; it is a page of the checkout; all went well; it failed; it is about something
/// else; the word before is denied.
const WORDS: List = list![
    "pay",
    "payment",
    "maksu",
    "maksa",
    "betalning",
    "place",
    "checkout",
    "kassa",
    "cart",
    "order",
    "tilaus",
    "thanks",
    "thank",
    "kiitos",
    "success",
    "confirmation",
    "received",
    "complete",
    "error",
    "failed",
    "fail",
    "failure",
    "cancel",
    "canceled",
    "cancelled",
    "declined",
    "refused",
    "rejected",
    "virhe",
    "peruttu",
    "address",
    "coupon",
    "voucher",
    "stock",
    "shipping",
    "delivery",
    "login",
    "0",
    "false",
    "no",
    "none",
];

/// Where each kind but the first begins in the list.
const BEGIN: [u8; 5] = [6, 11, 18, 30, 37];

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
    let (mut all, mut shift, mut before) = (0, 0, 0);
    let mut word = String::new();
    for byte in address.bytes().chain([b'/']) {
        if byte.is_ascii_alphanumeric() {
            word.push(char::from(byte | 0x20));
            continue;
        }
        let kind = WORDS
            .place(&word)
            .map_or(0, |place| 1 << BEGIN.iter().filter(|begin| place >= usize::from(**begin)).count());
        if kind == NO {
            // `error=0` is no error, `success=0` is one.
            if before & (WELL | FAILED) != 0 {
                all &= !(before << shift);
                all |= (before & WELL) << 1 << shift;
            }
        } else {
            all |= kind << shift;
        }
        if !word.is_empty() {
            before = kind;
            word.clear();
        }
        if byte == b'?' {
            shift = 16;
        }
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
        for target in ["button#pay", "pay-now", "button#maksa"] {
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

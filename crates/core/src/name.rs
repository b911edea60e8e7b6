//! The closed list of event names. A name that is not here does not enter: what leaves must be known beforehand.

#[cfg(target_arch = "wasm32")]
use crate::{list, words::List};

/// What an event tells about: the four lenses through which every moment is seen.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Lens {
    /// What the shopper did.
    Did,
    /// What the shopper saw.
    Saw,
    /// How it felt.
    Felt,
    /// How the technology performed.
    Tech,
}

impl Lens {
    /// As written in an event.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Did => "did",
            Self::Saw => "saw",
            Self::Felt => "felt",
            Self::Tech => "tech",
        }
    }
}

macro_rules! names {
    ($($(#[$doc:meta])* $variant:ident $text:literal $lens:ident $who:ident;)*) => {
        /// The name of an event: GA4's for commerce, Polku's own for the rest.
        #[derive(Clone, Copy, PartialEq, Eq)]
        #[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
        #[repr(u8)]
        pub enum Name { $($(#[$doc])* $variant),* }

        impl Name {
            /// Every name, in the order of the enum.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            #[cfg(target_arch = "wasm32")]
            const TEXTS: List = list![$($text),*];

            /// Natively each word stands alone, and is found by a `match`: a page would pay eight bytes for each.
            #[cfg(not(target_arch = "wasm32"))]
            const WORDS: &'static [&'static str] = &[$($text),*];

            #[cfg(not(target_arch = "wasm32"))]
            fn known(text: &str) -> Option<Self> {
                match text {
                    $($text => Some(Self::$variant),)*
                    _ => None,
                }
            }

            const KINDS: &'static [(Lens, Who)] = &[$((Lens::$lens, Who::$who)),*];
        }
    };
}

/// Who may report an event of a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    /// Anybody, through `track`, the data layer or an attribute.
    Shop,
    /// Only Polku itself.
    Polku,
    /// Only Polku itself: a friction.
    Friction,
    /// The shop, and it is a friction.
    Both,
}

names! {
    /// A list of products was shown.
    ViewItemList "view_item_list" Did Shop;
    /// A product was chosen from a list.
    SelectItem "select_item" Did Shop;
    /// A product was looked at.
    ViewItem "view_item" Did Shop;
    /// The shop was searched.
    Search "search" Did Shop;
    /// A product was put on a wish list.
    AddToWishlist "add_to_wishlist" Did Shop;
    /// A product was put into the cart.
    AddToCart "add_to_cart" Did Shop;
    /// A product was taken out of the cart.
    RemoveFromCart "remove_from_cart" Did Shop;
    /// The cart was looked at.
    ViewCart "view_cart" Did Shop;
    /// The checkout began.
    BeginCheckout "begin_checkout" Did Shop;
    /// A way of delivery was chosen.
    AddShippingInfo "add_shipping_info" Did Shop;
    /// A way of payment was given.
    AddPaymentInfo "add_payment_info" Did Shop;
    /// An order was placed.
    Purchase "purchase" Did Shop;
    /// An order was refunded.
    Refund "refund" Did Shop;
    /// A promotion was shown.
    ViewPromotion "view_promotion" Saw Shop;
    /// A promotion was followed.
    SelectPromotion "select_promotion" Did Shop;
    /// Something was shared.
    Share "share" Did Shop;
    /// The shopper signed in.
    Login "login" Did Shop;
    /// The shopper made an account.
    SignUp "sign_up" Did Shop;
    /// A form that asks for contact was sent.
    GenerateLead "generate_lead" Did Shop;
    /// The shop was called, mailed or chatted with.
    ContactAttempt "contact_attempt" Did Shop;
    /// A page with help was looked at.
    HelpView "help_view" Did Shop;
    /// The state of an order was looked at.
    OrderStatusView "order_status_view" Did Shop;
    /// A return was begun.
    ReturnStart "return_start" Did Shop;
    /// A complaint was made.
    Complaint "complaint" Felt Shop;
    /// A review was written.
    ReviewWrite "review_write" Did Shop;
    /// A product page was left and the shopper came back within 30 minutes.
    CompareLeave "compare_leave" Did Shop;
    /// A page was looked at.
    PageView "page_view" Did Polku;
    /// Clicks again and again at the same place.
    RageClick "rage_click" Tech Friction;
    /// A script failed.
    JsError "js_error" Tech Both;
    /// A payment was declined.
    PaymentDeclined "payment_declined" Tech Both;
    /// A search gave nothing.
    SearchNoResults "search_no_results" Tech Both;
    /// A form turned an entry down.
    FormError "form_error" Tech Both;
    /// A click that nothing answered.
    DeadClick "dead_click" Tech Friction;
    /// A form was begun and left.
    FormAbandon "form_abandon" Did Friction;
    /// A message was shown after something that the shopper did.
    ErrorShown "error_shown" Saw Friction;
    /// A payment was begun, and nothing was heard of it again.
    OrderUnconfirmed "order_unconfirmed" Tech Friction;
    /// The page's main action could not be used while the shopper looked for it.
    CtaHidden "cta_hidden" Saw Friction;
    /// Towards a button that commits to something, and away again, repeatedly.
    Hesitation "hesitation" Felt Friction;
    /// A search that was repeated or reworded.
    SearchRepeated "search_repeated" Did Friction;
    /// To and fro between the same pages.
    BackAndForth "back_and_forth" Did Friction;
    /// A long session without progress.
    NoProgress "no_progress" Felt Friction;
    /// The same page was reloaded again and again.
    PageReloaded "page_reloaded" Tech Friction;
    /// A page that was slow to show or to react.
    SlowPage "slow_page" Tech Friction;
    /// A request of the page failed or was very slow.
    RequestFailed "request_failed" Tech Friction;
    /// How well a page performed: one metric.
    WebVitals "web_vitals" Tech Polku;
    /// How long a page was really looked at, and how far.
    PageEngagement "page_engagement" Did Polku;
    /// Something telling was in view for a second: a price, a state of stock, an error.
    ContentSeen "content_seen" Saw Polku;
    /// The journey so far, for collectors with no session logic.
    JourneySummary "journey_summary" Did Polku;
    /// A stage was entered.
    StageEnter "stage_enter" Did Polku;
    /// A moment of contact outside the shop's pages.
    OffsiteTouchpoint "offsite_touchpoint" Did Polku;
    /// A prompt was seen.
    PromptShown "prompt_shown" Saw Polku;
    /// A question of a prompt was answered or skipped.
    PromptAnswer "prompt_answer" Felt Polku;
    /// A prompt ended.
    PromptClosed "prompt_closed" Did Polku;
    /// The shopper's events are to be deleted.
    Erase "erase" Did Polku;
}

impl Name {
    /// The name that `text` writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        #[cfg(not(target_arch = "wasm32"))]
        return Self::known(text);
        #[cfg(target_arch = "wasm32")]
        return Self::ALL.get(Self::TEXTS.place(text)?).copied();
    }

    /// As written in an event.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::text(self as usize)
    }

    /// What the name at `place` writes; nothing beyond the last.
    pub(crate) fn text(place: usize) -> &'static str {
        #[cfg(not(target_arch = "wasm32"))]
        return Self::WORDS.get(place).copied().unwrap_or_default();
        #[cfg(target_arch = "wasm32")]
        return Self::TEXTS.at(place);
    }

    /// Whether it says something about other events and is no moment of contact by itself. The map tells them apart likewise.
    pub(crate) fn is_bookkeeping(self) -> bool {
        matches!(self, Self::StageEnter | Self::JourneySummary | Self::PageEngagement | Self::WebVitals | Self::Erase)
    }

    /// Through which lens this event is seen.
    #[must_use]
    pub fn lens(self) -> Lens {
        Self::KINDS[self as usize].0
    }

    /// Whether a shop may report it.
    #[must_use]
    pub fn is_for_shops(self) -> bool {
        matches!(Self::KINDS[self as usize].1, Who::Shop | Who::Both)
    }

    /// Whether it is a friction: a touchpoint that got in the way.
    #[must_use]
    pub fn is_friction(self) -> bool {
        matches!(Self::KINDS[self as usize].1, Who::Friction | Who::Both)
    }

    /// Whether it leaves at once, and is dropped last: what a shop can least do without.
    pub(crate) fn is_urgent(self) -> bool {
        matches!(self, Self::Purchase | Self::PaymentDeclined | Self::PromptAnswer | Self::Erase)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_written_the_same() {
        for &name in Name::ALL {
            assert_eq!(Name::parse(name.as_str()), Some(name));
        }
        assert_eq!(Name::parse("add_to_card"), None);
        assert!(Name::ALL.len() <= 64, "the trigger's memory of names is a u64");
    }
}

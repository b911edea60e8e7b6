//! The stages of a journey, and the rules by which touchpoints enter them.

use crate::name::Name;

/// A stage of the framework `five-stages`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
#[repr(u8)]
pub enum Stage {
    /// The shopper learns that the shop is there.
    Awareness,
    /// The shopper looks and compares.
    Consideration,
    /// The shopper is buying.
    Decision,
    /// The shopper has bought, and is cared for.
    Retention,
    /// The shopper tells others.
    Advocacy,
}

const STAGES: [&str; 5] = ["awareness", "consideration", "decision", "retention", "advocacy"];

impl Stage {
    /// All stages, in order.
    pub const ALL: [Self; 5] = [Self::Awareness, Self::Consideration, Self::Decision, Self::Retention, Self::Advocacy];

    /// As written in events and in `data-polku-stage`.
    #[must_use]
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub fn as_str(self) -> &'static str {
        STAGES[self as usize]
    }

    /// The stage that `text` writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == text)
    }
}

/// What a rule may ask beyond the name of the touchpoint.
#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    Always,
    /// The first page of the journey, or one that was reached from another site.
    Landing,
    /// After a purchase in this journey.
    Bought,
    /// With an empty cart.
    NoCart,
    /// The answer is an NPS of 9 or 10.
    Promoter,
}

/// What the rules know of the journey at the moment of the touchpoint.
#[derive(Clone, Copy, Default)]
pub(crate) struct Facts {
    pub(crate) landing: bool,
    pub(crate) bought: bool,
    pub(crate) cart: bool,
    pub(crate) promoter: bool,
}

impl Facts {
    fn hold(self, when: When) -> bool {
        match when {
            When::Always => true,
            When::Landing => self.landing,
            When::Bought => self.bought,
            When::NoCart => !self.cart,
            When::Promoter => self.promoter,
        }
    }
}

/// A framework: ordered rules. All that match enter their stage, the last is current.
const FIVE_STAGES: &[(Name, When, Stage)] = &[
    (Name::PageView, When::Landing, Stage::Awareness),
    (Name::ViewPromotion, When::Always, Stage::Awareness),
    (Name::OffsiteTouchpoint, When::Always, Stage::Awareness),
    (Name::ViewItemList, When::Always, Stage::Consideration),
    (Name::SelectItem, When::Always, Stage::Consideration),
    (Name::ViewItem, When::Always, Stage::Consideration),
    (Name::Search, When::Always, Stage::Consideration),
    (Name::AddToWishlist, When::Always, Stage::Consideration),
    (Name::CompareLeave, When::Always, Stage::Consideration),
    (Name::AddToCart, When::Always, Stage::Decision),
    (Name::ViewCart, When::Always, Stage::Decision),
    (Name::BeginCheckout, When::Always, Stage::Decision),
    (Name::AddShippingInfo, When::Always, Stage::Decision),
    (Name::AddPaymentInfo, When::Always, Stage::Decision),
    (Name::Purchase, When::Always, Stage::Decision),
    (Name::OrderStatusView, When::Always, Stage::Retention),
    (Name::ContactAttempt, When::Bought, Stage::Retention),
    (Name::HelpView, When::Bought, Stage::Retention),
    (Name::ReturnStart, When::Always, Stage::Retention),
    (Name::Login, When::NoCart, Stage::Retention),
    (Name::Share, When::Always, Stage::Advocacy),
    (Name::ReviewWrite, When::Always, Stage::Advocacy),
    (Name::PromptAnswer, When::Promoter, Stage::Advocacy),
];

/// The stages that touchpoint `name` enters, in the order of the rules.
pub(crate) fn entered(name: Name, facts: Facts) -> impl Iterator<Item = Stage> {
    FIVE_STAGES.iter().filter(move |(on, when, _)| *on == name && facts.hold(*when)).map(|(.., stage)| *stage)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stage(name: Name, facts: Facts) -> Option<Stage> {
        entered(name, facts).last()
    }

    #[test]
    fn the_table_of_the_design_holds() {
        let none = Facts::default();
        assert_eq!(stage(Name::PageView, none), None);
        assert_eq!(stage(Name::PageView, Facts { landing: true, ..none }), Some(Stage::Awareness));
        assert_eq!(stage(Name::Search, none), Some(Stage::Consideration));
        assert_eq!(stage(Name::Purchase, none), Some(Stage::Decision));
        assert_eq!(stage(Name::HelpView, none), None);
        assert_eq!(stage(Name::HelpView, Facts { bought: true, ..none }), Some(Stage::Retention));
        assert_eq!(stage(Name::Login, Facts { cart: true, ..none }), None);
        assert_eq!(stage(Name::Login, none), Some(Stage::Retention));
        assert_eq!(stage(Name::PromptAnswer, none), None);
        assert_eq!(stage(Name::PromptAnswer, Facts { promoter: true, ..none }), Some(Stage::Advocacy));
        assert_eq!(stage(Name::RageClick, none), None);
    }

    #[test]
    fn stages_are_found_by_what_they_write() {
        for stage in Stage::ALL {
            assert_eq!(Stage::parse(stage.as_str()), Some(stage));
        }
        assert_eq!(Stage::parse("purchase"), None);
    }
}

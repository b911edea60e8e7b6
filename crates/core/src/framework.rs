//! Frameworks: ordered stages, and the rules by which touchpoints enter them. A framework is data: `five-stages` is built in, others
//! are written by `www/part/framework.js` as one text.

use crate::name::Name;
use crate::stage::Stage;
use crate::words;

/// What a rule may ask beyond the name of the touchpoint, a bit each; a rule holds where all of its own are met. The order is that
/// of `WHEN` in `www/part/framework.js`.
pub(crate) mod when {
    /// The first page of the journey, or one that was reached from another site.
    pub(crate) const LANDING: u8 = 1;
    /// After a purchase in this journey, or, with `remember`, within 30 days of one.
    pub(crate) const BOUGHT: u8 = 1 << 1;
    /// With an empty cart.
    pub(crate) const NO_CART: u8 = 1 << 2;
    /// The answer is an NPS of 9 or 10.
    pub(crate) const PROMOTER: u8 = 1 << 3;
    /// The page was reached by a link whose `polku_stage` names the stage that the rule enters.
    pub(crate) const LINK: u8 = 1 << 4;
    /// The help that is looked at says how to use what was bought.
    pub(crate) const INSTRUCTIONS: u8 = 1 << 5;
    /// A visit after one with a purchase, which is known with `remember` alone.
    pub(crate) const RETURNED: u8 = 1 << 6;
}
use when::{BOUGHT, INSTRUCTIONS, LANDING, LINK, NO_CART, PROMOTER, RETURNED};

/// One rule: touchpoint, conditions, the stage that is entered.
type Rule = (Name, u8, Stage);

/// What the rules know of the journey at the moment of the touchpoint.
#[derive(Clone, Copy, Default)]
pub(crate) struct Facts {
    /// The conditions that are met; of the link, its stage tells.
    pub(crate) met: u8,
    /// The stage that the link named.
    pub(crate) link: Option<Stage>,
}

const FIVE_STAGES: &[Rule] = &[
    (Name::PageView, LANDING, Stage::Awareness),
    (Name::ViewPromotion, 0, Stage::Awareness),
    (Name::OffsiteTouchpoint, 0, Stage::Awareness),
    (Name::ViewItemList, 0, Stage::Consideration),
    (Name::SelectItem, 0, Stage::Consideration),
    (Name::ViewItem, 0, Stage::Consideration),
    (Name::Search, 0, Stage::Consideration),
    (Name::AddToWishlist, 0, Stage::Consideration),
    (Name::CompareLeave, 0, Stage::Consideration),
    (Name::AddToCart, 0, Stage::Decision),
    (Name::ViewCart, 0, Stage::Decision),
    (Name::BeginCheckout, 0, Stage::Decision),
    (Name::AddShippingInfo, 0, Stage::Decision),
    (Name::AddPaymentInfo, 0, Stage::Decision),
    (Name::Purchase, 0, Stage::Decision),
    // Another order after one: care has worked.
    (Name::Purchase, BOUGHT, Stage::Retention),
    (Name::Purchase, RETURNED, Stage::Retention),
    (Name::OrderStatusView, 0, Stage::Retention),
    (Name::ContactAttempt, BOUGHT, Stage::Retention),
    (Name::HelpView, BOUGHT, Stage::Retention),
    (Name::HelpView, INSTRUCTIONS, Stage::Retention),
    (Name::PageView, LANDING | RETURNED, Stage::Retention),
    (Name::PageView, LINK, Stage::Retention),
    (Name::OffsiteTouchpoint, LINK, Stage::Retention),
    (Name::ReturnStart, 0, Stage::Retention),
    (Name::Login, NO_CART, Stage::Retention),
    (Name::Share, 0, Stage::Advocacy),
    (Name::ReviewWrite, 0, Stage::Advocacy),
    (Name::PromptAnswer, PROMOTER, Stage::Advocacy),
];

/// Ordered stages with rules that map touchpoints to them.
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Framework {
    /// The stages' names, in order.
    names: Vec<String>,
    /// The rules of a shop's own; without any the built-in ones hold.
    rules: Vec<Rule>,
    /// What summaries tell of a framework that is not `five-stages`, as members of JSON: its id, and the indicators by which the shop
    /// wants to be judged.
    pub(crate) tells: String,
}

impl Default for Framework {
    fn default() -> Self {
        Self::NEW
    }
}

impl Framework {
    /// No stages at all.
    pub(crate) const NEW: Self = Self { names: Vec::new(), rules: Vec::new(), tells: String::new() };

    /// The framework that `text` writes; `five-stages` where it is empty. Words with a space between them: what summaries
    /// tell of it, the names of its stages (commas between), then its rules, each `touchpoint,conditions,stage`, the last two as
    /// numbers. What cannot be read is left out: who wrote the text has checked it.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut framework = Self::NEW;
        framework.read(text);
        framework
    }

    /// Reads into what is new.
    pub(crate) fn read(&mut self, text: &str) {
        let (tells, rest) = words::cut(text, b' ');
        let (names, rules) = words::cut(rest, b' ');
        let own = !names.is_empty();
        tells.clone_into(&mut self.tells);
        let names = if own { names } else { "awareness,consideration,decision,retention,advocacy" };
        for name in words::parts(names, b',') {
            if self.names.len() < Stage::MOST {
                self.names.push(name.to_owned());
            }
        }
        for rule in words::parts(rules, b' ') {
            let (name, rest) = words::cut(rule, b',');
            let (when, stage) = words::cut(rest, b',');
            if let (Some(name), Some(when), Some(stage)) =
                (Name::parse(name), words::number(when), words::number(stage))
                && stage < self.names.len() as u64
            {
                self.rules.push((name, when as u8, Stage(stage as u8)));
            }
        }
    }

    /// How many stages it has.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// The name of a stage, as written in events and in `data-polku-stage`.
    #[must_use]
    pub fn name(&self, stage: Stage) -> &str {
        self.names.get(stage.place()).map_or("", String::as_str)
    }

    /// The stage of this name.
    #[must_use]
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub fn stage(&self, name: &str) -> Option<Stage> {
        self.names.iter().position(|known| known == name).map(|place| Stage(place as u8))
    }

    /// The stage that the next rule from `at` on lets touchpoint `name` enter; `at` moves behind that rule.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(crate) fn entered(&self, at: &mut usize, name: Name, facts: Facts) -> Option<Stage> {
        let rules = if self.rules.is_empty() { FIVE_STAGES } else { &self.rules };
        while let Some(&(on, when, stage)) = rules.get(*at) {
            *at += 1;
            if stage.place() < self.names.len()
                && on == name
                && when & !(facts.met | LINK) == 0
                && (when & LINK == 0 || facts.link == Some(stage))
            {
                return Some(stage);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stages(framework: &Framework, name: Name, met: u8) -> Vec<&str> {
        let facts = Facts { met, link: None };
        let mut at = 0;
        std::iter::from_fn(|| framework.entered(&mut at, name, facts)).map(|stage| framework.name(stage)).collect()
    }

    #[test]
    fn the_table_of_the_design_holds() {
        let framework = Framework::new("");
        let stage = |name, met| stages(&framework, name, met).last().copied();
        assert_eq!(stage(Name::PageView, 0), None);
        assert_eq!(stage(Name::PageView, LANDING), Some("awareness"));
        assert_eq!(stages(&framework, Name::PageView, LANDING | RETURNED), ["awareness", "retention"]);
        assert_eq!(stage(Name::PageView, RETURNED), None);
        assert_eq!(stage(Name::HelpView, INSTRUCTIONS), Some("retention"));
        assert_eq!(stage(Name::Search, 0), Some("consideration"));
        assert_eq!(stages(&framework, Name::Purchase, 0), ["decision"]);
        assert_eq!(stages(&framework, Name::Purchase, BOUGHT), ["decision", "retention"]);
        assert_eq!(stage(Name::HelpView, 0), None);
        assert_eq!(stage(Name::HelpView, BOUGHT), Some("retention"));
        assert_eq!(stage(Name::Login, 0), None);
        assert_eq!(stage(Name::Login, NO_CART), Some("retention"));
        assert_eq!(stage(Name::PromptAnswer, 0), None);
        assert_eq!(stage(Name::PromptAnswer, PROMOTER), Some("advocacy"));
        assert_eq!(stage(Name::RageClick, u8::MAX), None);
    }

    #[test]
    fn a_link_enters_the_stage_that_it_names() {
        let framework = Framework::new("");
        let entered = |link| {
            let facts = Facts { met: 0, link };
            let mut at = 0;
            std::iter::from_fn(|| framework.entered(&mut at, Name::PageView, facts)).collect::<Vec<_>>()
        };
        assert_eq!(entered(Some(Stage::Retention)), [Stage::Retention]);
        assert_eq!(entered(Some(Stage::Decision)), [], "no rule of the table lets a link enter it");
        assert_eq!(entered(None), []);
    }

    #[test]
    fn a_shops_own_is_read_from_its_text() {
        let framework = Framework::new(
            r#""framework":"own","targets":{"buy":["value"]} find,choose,buy search,0,0 view_item,0,1 view_item,2,2 purchase,0,2 no_such,0,1 login,0,3 bad"#,
        );
        assert_eq!(framework.tells, r#""framework":"own","targets":{"buy":["value"]}"#);
        assert_eq!(framework.len(), 3);
        assert_eq!(framework.stage("buy"), Some(Stage(2)));
        assert_eq!(framework.stage("decision"), None);
        assert_eq!(stages(&framework, Name::ViewItem, 0), ["choose"]);
        assert_eq!(stages(&framework, Name::ViewItem, BOUGHT), ["choose", "buy"]);
        assert_eq!(stages(&framework, Name::Login, u8::MAX), [""; 0], "there is no fourth stage");
    }

    proptest::proptest! {
        #[test]
        fn any_text_gives_a_framework(text in ".*") {
            let framework = Framework::new(&text);
            proptest::prop_assert!((1..=Stage::MOST).contains(&framework.len()));
        }
    }
}

//! What a shop may set. The shell checks the words of attributes; from here on they are types.

use crate::lane::Rules;

/// When shoppers are asked and followed (`data-mode`).
#[derive(Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Mode {
    /// Nothing is captured, stored, sent or asked before `measure` is granted.
    #[default]
    Strict,
    /// Also shoppers who are undecided or refuse may be asked: on the order page, and where they open a prompt themselves.
    Feedback,
}

/// How amounts leave (`data-money`).
#[derive(Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Money {
    /// Two significant digits.
    #[default]
    TwoDigits,
    /// As the shop gave them, to the cent.
    Exact,
}

/// The coarse class of a device: all that is ever told of it.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Device {
    /// A phone.
    Mobile,
    /// A tablet.
    Tablet,
    /// Everything else.
    #[default]
    Desktop,
}

impl Device {
    /// The class of a viewport `width` CSS px wide whose main pointer is `coarse` (a finger) or fine.
    #[must_use]
    pub fn of(width: u32, coarse: bool) -> Self {
        match (coarse, width) {
            (true, 0..768) => Self::Mobile,
            (true, _) => Self::Tablet,
            (false, _) => Self::Desktop,
        }
    }

    /// As written in a batch.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mobile => "mobile",
            Self::Tablet => "tablet",
            Self::Desktop => "desktop",
        }
    }
}

/// The options of one shop, and the little that is known of the browser.
#[derive(Clone, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Config {
    /// The shop's key (`data-key`): letters, digits, `_` and `-`.
    pub key: String,
    /// `data-mode`.
    pub mode: Mode,
    /// `data-money`.
    pub money: Money,
    /// `data-sensitive`: a page with special content. Neither data nor page names leave.
    pub sensitive: bool,
    /// The coarse class of this device.
    pub device: Device,
    /// The document's language: its primary subtag, two or three letters, else empty.
    pub lang: String,
    /// The browser is driven by a program (`navigator.webdriver`); prompts stay shut unless their definition says otherwise.
    pub automation: bool,
    /// The shopper said "not now" without `measure` (the session cookie `polku_quiet`).
    pub quiet: bool,
    /// Global Privacy Control is on and the shop lets it win over grants (`data-gpc="always"`).
    pub gpc_wins: bool,
    /// Detectors that are switched off (`data-off`): the bit of each friction's [`Name`](crate::Name).
    pub off: u64,
    /// The collectors; without any, one of ours.
    pub lanes: Vec<Rules>,
    /// The shop's framework where it is not `five-stages`, as `www/part/framework.js` writes it.
    pub framework: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_coarse() {
        assert_eq!(Device::of(390, true), Device::Mobile);
        assert_eq!(Device::of(820, true), Device::Tablet);
        assert_eq!(Device::of(390, false), Device::Desktop);
    }
}

//! What a shop may set. The shell checks the words of attributes; from here on they are types.

use crate::lane::Rules;
use crate::words;

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
#[derive(Clone)]
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
    /// Global Privacy Control is on and the shop lets it win over grants (`data-gpc="always"`).
    pub gpc_wins: bool,
    /// Detectors that are switched off (`data-off`): the bit of each friction's [`Name`](crate::Name).
    pub off: u64,
    /// The collectors; without any, one of ours.
    pub lanes: Vec<Rules>,
    /// The shop's framework where it is not `five-stages`, as `www/part/framework.js` writes it.
    pub framework: String,
}

impl Config {
    /// A shop that has said nothing.
    pub const NEW: Self = Self {
        key: String::new(),
        mode: Mode::Strict,
        money: Money::TwoDigits,
        sensitive: false,
        device: Device::Desktop,
        lang: String::new(),
        gpc_wins: false,
        off: 0,
        lanes: Vec::new(),
        framework: String::new(),
    };

    /// What the shell's JS half has checked of a page's options. `text`: the shop's key, the primary language subtag, the rules of each
    /// collector (a space between two; none: one of ours) and the shop's framework, a line each; `width` is the viewport's in CSS px.
    /// `flags`, a bit each: mode `feedback`, money `exact`, sensitive page, main pointer is a finger, Global Privacy Control wins.
    #[must_use]
    pub fn read(flags: u8, width: u32, text: &str) -> Self {
        let is = |bit: u8| flags & 1 << bit != 0;
        let (key, rest) = words::cut(text, b'\n');
        let (lang, rest) = words::cut(rest, b'\n');
        let (rules, framework) = words::cut(rest, b'\n');
        let mut lanes = Vec::new();
        for rules in words::parts(rules, b' ') {
            lanes.push(Rules::read(rules));
        }
        Self {
            key: key.to_owned(),
            lang: lang.to_owned(),
            mode: if is(0) { Mode::Feedback } else { Mode::Strict },
            money: if is(1) { Money::Exact } else { Money::TwoDigits },
            sensitive: is(2),
            device: Device::of(width, is(3)),
            gpc_wins: is(4),
            framework: framework.to_owned(),
            off: 0,
            lanes,
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::NEW
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_from_their_lines() {
        let read = Config::read(0b1_1010, 390, "pk_a\nfi\n,3,50,12000,24,9 ,1\nx a,b\nc");
        assert_eq!((&*read.key, &*read.lang, &*read.framework), ("pk_a", "fi", "x a,b\nc"));
        assert_eq!((read.lanes.len(), read.lanes[0].events, read.lanes[1].events), (2, 50, 100));
        assert_eq!((read.mode, read.money, read.device), (Mode::Strict, Money::Exact, Device::Mobile));
        assert_eq!([read.sensitive, read.gpc_wins], [false, true]);
        assert!(Config::read(0b0_0101, 0, "").lanes.is_empty());
    }

    #[test]
    fn devices_are_coarse() {
        assert_eq!(Device::of(390, true), Device::Mobile);
        assert_eq!(Device::of(820, true), Device::Tablet);
        assert_eq!(Device::of(390, false), Device::Desktop);
    }
}

//! What a shop may set, checked once at the start.

use crate::error::Code;

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
}

impl Config {
    /// Sets the option that attribute `data-<name>` writes; other names are left to the shell.
    ///
    /// # Errors
    /// [`Code::Missing`] for an empty key, [`Code::NotOnList`] for a value that is not on the attribute's list.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), Code> {
        match (name, value) {
            ("key", key) => {
                if key.is_empty() {
                    return Err(Code::Missing);
                }
                if key.len() > 64 || !key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') {
                    return Err(Code::NotOnList);
                }
                self.key = key.to_owned();
            }
            ("mode", "strict") => self.mode = Mode::Strict,
            ("mode", "feedback") => self.mode = Mode::Feedback,
            ("money", "rounded") => self.money = Money::TwoDigits,
            ("money", "exact") => self.money = Money::Exact,
            ("sensitive", _) => self.sensitive = true,
            // Options of which this version knows the default alone: another value must not be taken for it in silence.
            ("format", "polku") | ("framework", "five-stages") | ("consent", "auto" | "api") | ("sample", "1") => {}
            ("remember", "yes" | "no") => {}
            // Whether it is on the shell knows.
            ("gpc", "always") => self.gpc_wins = true,
            ("mode" | "money" | "format" | "framework" | "consent" | "gpc" | "remember" | "sample", _) => {
                return Err(Code::NotOnList);
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes the language of the document, `fi-FI` or `fi`; anything else is left out.
    pub fn set_lang(&mut self, tag: &str) {
        let primary = tag.split('-').next().unwrap_or_default();
        if matches!(primary.len(), 2 | 3) && primary.bytes().all(|b| b.is_ascii_alphabetic()) {
            self.lang = primary.to_ascii_lowercase();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_checked() {
        let mut config = Config::default();
        assert_eq!(config.set("key", "pk_demo-1"), Ok(()));
        assert_eq!(config.set("key", ""), Err(Code::Missing));
        assert_eq!(config.set("key", "a\"b"), Err(Code::NotOnList));
        assert_eq!(config.set("mode", "feedback"), Ok(()));
        assert_eq!(config.set("mode", "loud"), Err(Code::NotOnList));
        assert_eq!(config.set("money", "exact"), Ok(()));
        assert_eq!(config.set("collector", "anything"), Ok(()));
        assert_eq!(
            (config.mode, config.money, config.key.as_str()),
            (Mode::Feedback, Money::Exact, "pk_demo-1")
        );
    }

    #[test]
    fn only_the_primary_language_is_kept() {
        let mut config = Config::default();
        for (tag, lang) in [
            ("fi-FI", "fi"),
            ("EN", "en"),
            ("x-secret-tag", "en"),
            ("", "en"),
            ("sme", "sme"),
        ] {
            config.set_lang(tag);
            assert_eq!(config.lang, lang);
        }
    }

    #[test]
    fn devices_are_coarse() {
        assert_eq!(Device::of(390, true), Device::Mobile);
        assert_eq!(Device::of(820, true), Device::Tablet);
        assert_eq!(Device::of(390, false), Device::Desktop);
    }
}

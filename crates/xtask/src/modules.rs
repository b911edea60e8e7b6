//! The modules: what each is called, what it is built from, and in what it is made otherwise than the others.

use crate::snip;

/// A pass that is taken otherwise where a function that is called once is better copied to where that is.
pub(crate) const ONE_CALLER: &str = "--one-caller-inline-max-function-size=1";

/// One of the modules.
pub(crate) struct Module {
    /// Its name in the package.
    pub(crate) name: &'static str,
    pub(crate) package: &'static str,
    /// What cargo makes of the package's name.
    pub(crate) file: &'static str,
    /// Features of the package.
    pub(crate) features: &'static [&'static str],
    /// The folders that it is built from.
    pub(crate) sources: &'static [&'static str],
    /// Functions, by parts of their names, that it holds and never calls.
    pub(crate) never_called: &'static [&'static [&'static str]],
    /// Of wasm-opt's passes those in whose place another was measured to make this module smaller.
    pub(crate) otherwise: &'static [(&'static str, &'static str)],
}

/// What every page loads.
pub(crate) const CORE: Module = Module {
    name: "core",
    package: "polku",
    file: "polku",
    features: &[],
    sources: &["src", "crates/core/src", "crates/core/Cargo.toml"],
    never_called: &[],
    otherwise: &[],
};

/// What is loaded on pages that are measured.
pub(crate) const WATCH: Module = Module {
    name: "watch",
    package: "polku-watch",
    file: "polku_watch",
    features: &[],
    sources: &["crates/watch", "crates/core/src", "crates/core/Cargo.toml"],
    never_called: &[snip::CALLBACKS],
    otherwise: &[],
};

/// What is loaded where a shop has prompts, and may show them.
pub(crate) const ASK: Module = Module {
    name: "ask",
    package: "polku-ask",
    file: "polku_ask",
    features: &[],
    sources: &["crates/ask", "crates/core/src", "crates/core/Cargo.toml"],
    never_called: &[],
    otherwise: &[],
};

/// What is loaded where a collector has another format than ours.
pub(crate) const FORMAT: Module = Module {
    name: "format",
    package: "polku-format",
    file: "polku_format",
    features: &[],
    sources: &["crates/format", "crates/core/src", "crates/core/Cargo.toml"],
    never_called: &[],
    otherwise: &[],
};

/// The same with the protocols that need code: a quarter more, which most pages need not load. Its glue is the other's.
pub(crate) const PROTOCOL: Module = Module { name: "protocol", features: &["protocol"], ..FORMAT };

/// What is loaded when a prompt opens.
pub(crate) const PROMPT: Module = Module {
    name: "prompt",
    package: "polku-prompt",
    file: "polku_prompt",
    features: &[],
    sources: &["crates/prompt", "crates/core/src", "crates/core/Cargo.toml"],
    never_called: &[],
    otherwise: &[("-Oz", "-Os"), (ONE_CALLER, "--one-caller-inline-max-function-size=50")],
};

/// [`CORE`] and [`PROMPT`] as one: as JavaScript, where a page has prompts.
pub(crate) const WHOLE: Module = Module {
    name: "whole",
    package: "polku-whole",
    file: "polku_whole",
    features: &[],
    sources: &["src", "crates/prompt", "crates/whole", "crates/core/src", "crates/core/Cargo.toml"],
    never_called: &[],
    otherwise: &[],
};

/// What says what is wrong with a prompt's definition: loaded by the preview, and where one cannot be run.
pub(crate) const CHECK: Module = Module {
    name: "check",
    package: "polku-check",
    file: "polku_check",
    features: &[],
    sources: &["crates/check", "crates/core/src", "crates/core/Cargo.toml"],
    never_called: &[snip::CALLBACKS],
    otherwise: &[],
};

/// What is loaded when a conversation opens.
pub(crate) const CHAT: Module = Module {
    name: "chat",
    package: "polku-chat",
    file: "polku_chat",
    features: &[],
    sources: &["crates/chat", "crates/core/src", "crates/core/Cargo.toml"],
    never_called: &[],
    otherwise: &[],
};

/// What is loaded with a question for words.
pub(crate) const SCRUB: Module = Module {
    name: "scrub",
    package: "polku-scrub",
    file: "polku_scrub",
    features: &[],
    sources: &["crates/scrub", "crates/core/src", "crates/core/Cargo.toml"],
    never_called: &[],
    otherwise: &[],
};

/// What is loaded with a question for words in a language that has stems.
pub(crate) const THEMES: Module = Module {
    name: "themes",
    package: "polku-themes",
    file: "polku_themes",
    features: &[],
    sources: &["crates/themes", "crates/core/src", "crates/core/Cargo.toml"],
    never_called: &[],
    otherwise: &[],
};

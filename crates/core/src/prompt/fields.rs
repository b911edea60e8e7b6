//! The fields of a definition: one table, by which it is checked, drawn, and described to those who write one (the schema and the types).
//!
//! Each object is a line of fields, each with a letter before it for what it holds and, after `=`, what that may be:
//!
//! | letter | holds | after `=` |
//! |---|---|---|
//! | `i` | a name: `[a-z0-9-]{1,40}`, always needed | |
//! | `n` | a whole number | the lowest and the highest, with `-` between them |
//! | `w` | one of some words | the words, with `\|` between them |
//! | `t` | a text that is checked elsewhere | |
//! | `b` | true or false | |
//! | `s` `S` | texts by language; `S` where there must be one | |
//! | `h` | an address | |
//! | `g` | the step that comes next, or `end` | |
//! | `l` `o` `v` | a list, an object, any value: checked elsewhere | |
//!
//! What opens a prompt is checked on a page by nobody but the check ([`super::opening`]), so its letters are more:
//!
//! | letter | holds | after `=` |
//! |---|---|---|
//! | `N` | a whole number that must be there | as `n` |
//! | `k` `q` | a stage's name that must be there, a selector that must be there | |
//! | `W` `K` `L` `V` `T` | lists: of words, stages, languages, bands of values, texts | as `w` |
//! | `A` `B` | conditions, one condition | |
//! | `U` `M` `P` `H` `R` | one way to hold an address against a text; texts by name; a share of the shoppers; opening hours; the least and the most | of `R` as `n` |

/// The definition itself.
pub(super) const HEAD: &str = "nv iid nversion=1-1000000 tname wkind=survey|help llocales tdefaultLocale bcontact owhen owho olimits oquiet oui \
     tstart lsteps oend oscore";

/// `steps[]`.
pub(super) const STEP: &str = "iid task stext shelp boptional lnext woffsite=hear|impression|source nscale tanchors wlook=numbers|faces|stars|labels \
     slow shigh lchoices wshuffle=none|all|exceptLast nmin nmax nrows=1-20 lactions wkeep=both|themes|none";

/// `steps[].choices[]`.
pub(super) const CHOICE: &str = "tid Stext bother bnone ggo";

/// `steps[].actions[]`.
pub(super) const ACTION: &str =
    "iid stext hhref wadapter=chatwoot|intercom|zendesk|liveagent|polku tlauncher tevent vhours snote";

/// `steps[].next[]`.
pub(super) const BRANCH: &str = "vif ggo";

/// `end`.
pub(super) const END: &str = "sthanks safter slow safterLow";

/// `score`.
pub(super) const SCORE: &str = "tmetric tstep";

/// `ui`.
pub(super) const UI: &str = "wlayout=auto|card|pill|inline wposition=bottom-end|bottom-start tinline vlauncher slauncherText wstyle=chat|card \
     wprogress=auto|none bprivacyNote hprivacyUrl nautoCloseMs=5000-600000 nkeepDays=1-3650";

/// `limits`, and the older `limits.perPrompt`.
#[cfg(any(feature = "check", not(target_arch = "wasm32")))]
pub(super) const LIMITS: &str = "nmax=1-100 ncooldownDays=0-395 nafterDismissDays=0-395 vafterAnswer nrecurringDays=90-395 npriority=0-100 operPrompt";

/// `quiet`.
#[cfg(any(feature = "check", not(target_arch = "wasm32")))]
pub(super) const QUIET: &str = "bautomation vhotkey";

/// `when`, beside the fields of the one trigger that it may be itself.
#[cfg(any(feature = "check", not(target_arch = "wasm32")))]
pub(super) const WHEN: &str = "lany ndelayMs=0-600000 lcancelOn";

/// What `on` may be beside the name of a touchpoint, and what each needs beside it.
#[cfg(any(feature = "check", not(target_arch = "wasm32")))]
pub(super) const TRIGGERS: &[(&str, &str)] = &[
    ("stage", "kis"),
    ("stage_left", "kis"),
    ("order_confirmed", ""),
    ("visible", "qselector"),
    ("exit_intent", "btouch"),
    ("inactivity", "Nseconds=5-3600"),
    ("scroll", "Npercent=1-100"),
    ("time", "Nseconds=1-3600"),
    ("stage_time", "Nseconds=1-3600"),
    ("page_views", "Ncount=1-100"),
    ("trouble", ""),
    // Purchases are remembered for 13 months at most.
    ("after_purchase", "Ndays=1-395 nuntil=1-395"),
];

/// What `who` can ask about, a condition each.
#[cfg(any(feature = "check", not(target_arch = "wasm32")))]
pub(super) const WHO: &str = "Aall Aany Bnot Kstage Uurl Wdevice=desktop|tablet|mobile Llocale VcartValueBucket wvisitor=new|returning \
     Wdoor=direct|search|social|mail|shop|comparison|ai|other|unknown Tbought Mvariant Psample Hhours Rorders=0-1000 Rproducts=0-1000";

/// The ways to hold an address against a text.
#[cfg(any(feature = "check", not(target_arch = "wasm32")))]
pub(super) const URL: &str = "texact tprefix tglob tcontains";

/// Which fields of a step each `ask` reads, beside those of every step.
#[cfg(any(feature = "check", not(target_arch = "wasm32")))]
pub(super) const USES: &[(&str, &str)] = &[
    ("", "id ask text help optional next"),
    ("nps", "look low high"),
    ("csat", "look low high"),
    ("ces", "scale anchors look low high"),
    ("rating", "scale look low high"),
    ("thumbs", "choices offsite"),
    ("yesno", "choices offsite"),
    ("single", "choices shuffle offsite keep"),
    ("multi", "choices shuffle offsite keep min max"),
    ("discovery", "choices shuffle offsite keep"),
    ("text", "max rows keep"),
    ("info", ""),
    ("handoff", "actions"),
    ("chat", "actions"),
    ("contact", "rows"),
];

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

/// The definition itself.
pub(super) const HEAD: &str = "nv iid nversion=1-1000000 tname wkind=survey|help llocales tdefaultLocale bcontact owhen owho olimits oquiet oui \
     tstart lsteps oend oscore";

/// `steps[]`.
pub(super) const STEP: &str = "iid task stext shelp boptional lnext woffsite=hear|impression|source nscale tanchors wlook=numbers|faces|stars|labels \
     slow shigh lchoices wshuffle=none|all|exceptLast nmin nmax nrows=1-20 lactions";

/// `steps[].choices[]`.
pub(super) const CHOICE: &str = "tid Stext bother bnone ggo";

/// `steps[].actions[]`.
pub(super) const ACTION: &str = "iid stext hhref tadapter tevent vhours snote";

/// `steps[].next[]`.
pub(super) const BRANCH: &str = "vif ggo";

/// `end`.
pub(super) const END: &str = "sthanks safter slow safterLow";

/// `score`.
pub(super) const SCORE: &str = "tmetric tstep";

/// `ui`.
pub(super) const UI: &str = "wlayout=auto|card|pill|inline wposition=bottom-end|bottom-start tinline vlauncher slauncherText wstyle=chat|card \
     wprogress=auto|none bprivacyNote hprivacyUrl nautoCloseMs=5000-600000 nkeepDays=1-3650";

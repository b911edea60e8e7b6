//! What can be wrong with a definition: a number and a place. The words are not in the widget: see `www/errors.json`.

/// One mistake in a definition.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Problem {
    /// What is wrong.
    pub code: Code,
    /// Where, as a path into the JSON: `steps[2].next[0].go`.
    pub path: String,
}

impl Problem {
    /// Number and place, without words: `E207 steps[2].next[0].go`.
    #[must_use]
    pub fn short(&self) -> String {
        let mut short = String::from("E");
        short.push_str(&self.code.number().to_string());
        if !self.path.is_empty() {
            short.push(' ');
            short.push_str(&self.path);
        }
        short
    }
}

/// What is wrong, by the number that the console and `onError` show.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
#[repr(u16)]
#[non_exhaustive]
pub enum Code {
    /// Not the shape of a definition at all.
    Shape = 200,
    /// A version of the format that we do not know.
    Version = 201,
    /// An id that is not `[a-z0-9-]{1,40}`, or a step named `end`.
    Id = 202,
    /// Two steps with one id.
    Duplicate = 203,
    /// No steps, or too many.
    Steps = 204,
    /// The start is no step.
    Start = 205,
    /// An `ask` that we do not know.
    Ask = 206,
    /// A `go` to a step that does not exist.
    Target = 207,
    /// A step that no answer leads to.
    Unreachable = 208,
    /// Messages that lead to each other for ever.
    Cycle = 209,
    /// A text that is missing in the default language.
    Text = 210,
    /// A `scale` other than 5 or 7.
    Scale = 211,
    /// `anchors` other than `ease` or `agree`.
    Anchors = 212,
    /// A `max` out of 1 to 500.
    Max = 213,
    /// A condition over a step that does not exist.
    ConditionStep = 214,
    /// A condition that compares what cannot be compared: a score with a text, a message with anything.
    ConditionKind = 215,
    /// Conditions nested too deep.
    Depth = 216,
    /// The default language is not one of the languages.
    Locale = 217,
    /// The score names a step without a scale.
    Score = 218,
    /// Not the definition's fault: a file of the prompt could not be loaded or the browser is too old for it.
    Load = 219,
}

impl Code {
    /// Every code, in order.
    pub const ALL: [Self; 20] = [
        Self::Shape,
        Self::Version,
        Self::Id,
        Self::Duplicate,
        Self::Steps,
        Self::Start,
        Self::Ask,
        Self::Target,
        Self::Unreachable,
        Self::Cycle,
        Self::Text,
        Self::Scale,
        Self::Anchors,
        Self::Max,
        Self::ConditionStep,
        Self::ConditionKind,
        Self::Depth,
        Self::Locale,
        Self::Score,
        Self::Load,
    ];

    /// Its number.
    #[must_use]
    pub fn number(self) -> u16 {
        self as u16
    }
}

/// The words, for the command and the tests; the widget fetches them only when something is wrong.
#[cfg(not(target_arch = "wasm32"))]
impl Code {
    /// What is wrong, in one sentence, and what to do about it.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Shape => (
                "The prompt's definition does not have the shape of one: a field has the wrong type, or a condition is not known.",
                "Compare it with the example in the documentation; conditions are eq, ne, in, lt, lte, gt, gte, answered, skipped, all, any, not.",
            ),
            Self::Version => ("The definition's format version is not known.", "Write \"v\": 1."),
            Self::Id => (
                "An id has characters that are not allowed, or is too long, or a step is named \"end\".",
                "Use 1 to 40 lower-case letters a to z, digits and hyphens; \"end\" is taken.",
            ),
            Self::Duplicate => ("Two steps have the same id.", "Give each step an id of its own."),
            Self::Steps => {
                ("The prompt has no steps, or more than 50.", "Write 1 to 50 steps; shoppers answer one or two.")
            }
            Self::Start => (
                "The start is not the id of a step.",
                "Write the id of a step in \"start\", or leave it out to start with the first.",
            ),
            Self::Ask => ("The step asks something that is not known.", "Use nps, csat, ces, text or info in \"ask\"."),
            Self::Target => {
                ("The step leads to one that does not exist.", "Write the id of a step, or \"end\", in \"go\".")
            }
            Self::Unreachable => {
                ("No answer leads to this step.", "Lead to it from another step's \"next\", or remove it.")
            }
            Self::Cycle => (
                "Messages lead to each other for ever, with no question in between.",
                "Let one of them lead to a question or to \"end\".",
            ),
            Self::Text => {
                ("A text is missing in the default language.", "Write the text in the language of \"defaultLocale\".")
            }
            Self::Scale => ("The scale is not one that can be asked.", "Use 5 or 7 in \"scale\"."),
            Self::Anchors => {
                ("The words at the ends of the scale are not known.", "Use \"ease\" or \"agree\" in \"anchors\".")
            }
            Self::Max => ("The longest text is out of range.", "Use 1 to 500 in \"max\"."),
            Self::ConditionStep => {
                ("A condition names a step that does not exist.", "Write the id of a step that comes before.")
            }
            Self::ConditionKind => (
                "A condition compares what cannot be compared.",
                "Compare scales (nps, csat, ces) with numbers, texts with texts; a message has no answer.",
            ),
            Self::Depth => ("Conditions are nested too deep.", "Nest all, any and not 8 levels deep at most."),
            Self::Locale => {
                ("The default language is not one of the prompt's languages.", "Add \"defaultLocale\" to \"locales\".")
            }
            Self::Score => (
                "The score names a step without a scale.",
                "Write the id of an nps, csat or ces step in \"score.step\".",
            ),
            Self::Load => (
                "The prompt's own files could not be loaded, or this browser cannot run them.",
                "Check that the files of the package lie beside polku.js, that the CSP allows 'wasm-unsafe-eval', and the network panel.",
            ),
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl std::fmt::Display for Problem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (sentence, fix) = self.code.words();
        write!(formatter, "{}: {sentence} {fix}", self.short())
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl std::error::Error for Problem {}

//! What can be wrong with a definition: a number and a place. The prompt's module has no words for it: the check has them, and `www/errors.json`.

/// `codes! { Name = number "what is wrong" "what to do"; … }`: [`Code`] with everything that is known of each, from one list.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $number:literal $level:ident $says:literal $fix:literal;)*) => {
        /// What is wrong, by the number that the console and `onError` show.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
        #[repr(u16)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[$doc])* $name = $number,)*
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its number.
            #[must_use]
            pub fn number(self) -> u16 {
                self as u16
            }

            /// Its number as it is shown: `E207`, `W250` where it only deserves a look.
            #[cfg(any(feature = "check", not(target_arch = "wasm32")))]
            #[must_use]
            pub fn name(self) -> String {
                let letter = if self.level() == Level::Error { "E" } else { "W" };
                [letter, &self.number().to_string()].concat()
            }

            /// Whether the prompt is refused for it, or whether it only deserves a look.
            #[must_use]
            pub fn level(self) -> Level {
                match self {
                    $(Self::$name => Level::$level,)*
                }
            }

            /// What is wrong, in one sentence, and what to do about it.
            #[cfg(any(feature = "check", not(target_arch = "wasm32")))]
            #[must_use]
            pub fn words(self) -> (&'static str, &'static str) {
                match self {
                    $(Self::$name => ($says, $fix),)*
                }
            }
        }
    };
}

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub enum Level {
    /// It works; it may not be what was meant.
    Warning,
    /// A mistake.
    Error,
}

impl Level {
    /// Its name: `error` or `warning`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

codes! {
    /// Not the shape of a definition at all.
    Shape = 200 Error
        "The prompt's definition does not have the shape of one: a field has the wrong type, or a condition is not known."
        "Compare it with docs/prompts.md; conditions are eq, ne, in, lt, lte, gt, gte, has, hasAny, answered, skipped, matches, all, any, not.";
    /// A version of the format that we do not know.
    Version = 201 Error "The definition's format version is not known." "Write \"v\": 1.";
    /// An id that is not `[a-z0-9-]{1,40}`, a step named `end`, or another choice than those that `thumbs` and `yesno` have.
    Id = 202 Error
        "An id has characters that are not allowed, or is too long or missing, or a step is named \"end\", or the choice is none of its question's."
        "Use 1 to 40 lower-case letters a to z, digits and hyphens; \"end\" is taken; thumbs has up and down, yesno has yes and no.";
    /// Two steps with one id.
    Duplicate = 203 Error "Two steps have the same id." "Give each step an id of its own.";
    /// No steps, or too many.
    Steps = 204 Error "The prompt has no steps, or more than 50." "Write 1 to 50 steps; shoppers answer one or two.";
    /// The start is no step.
    Start = 205 Error
        "The start is not the id of a step."
        "Write the id of a step in \"start\", or leave it out to start with the first.";
    /// An `ask` that we do not know.
    Ask = 206 Error
        "The step asks something that is not known."
        "Use nps, csat, ces, rating, thumbs, yesno, single, multi, text, discovery, info, handoff or contact in \"ask\".";
    /// A `go` to a step that does not exist.
    Target = 207 Error "The step leads to one that does not exist." "Write the id of a step, or \"end\", in \"go\".";
    /// A step that no answer leads to.
    Unreachable = 208 Error
        "No answer leads to this step."
        "Lead to it from another step's \"next\" or from a choice, or remove it.";
    /// Messages that lead to each other for ever.
    Cycle = 209 Error
        "Messages lead to each other for ever, with no question in between."
        "Let one of them lead to a question or to \"end\".";
    /// A text that is missing in the default language.
    Text = 210 Error
        "A text is missing in the default language."
        "Write the text in the language of \"defaultLocale\".";
    /// A `scale` that the question does not have.
    Scale = 211 Error "The scale is not one that can be asked." "Use 5 or 7 in \"scale\" for ces, 2 to 10 for rating.";
    /// `anchors` other than `ease` or `agree`.
    Anchors = 212 Error
        "The words at the ends of the scale are not known."
        "Use \"ease\" or \"agree\" in \"anchors\", or write your own in \"low\" and \"high\".";
    /// A `max` out of 1 to 500.
    Max = 213 Error "The longest text is out of range." "Use 1 to 500 in \"max\".";
    /// A condition over a step that does not exist.
    ConditionStep = 214 Error "A condition names a step that does not exist." "Write the id of a step that comes before.";
    /// A condition that compares what cannot be compared: a score with a text, a message with anything.
    ConditionKind = 215 Error
        "A condition compares what cannot be compared."
        "Compare scales with numbers, choices with the ids of choices, texts with texts; matches is for texts, a message has no answer.";
    /// Conditions nested too deep.
    Depth = 216 Error "Conditions are nested too deep." "Nest all, any and not 8 levels deep at most.";
    /// The default language is not one of the languages.
    Locale = 217 Error
        "The default language is not one of the prompt's languages."
        "Add \"defaultLocale\" to \"locales\".";
    /// The score names a step without one.
    Score = 218 Error
        "The score names a step without a scale."
        "Write the id of an nps, csat, ces, rating or thumbs step in \"score.step\".";
    /// Not the definition's fault: a file of the prompt could not be loaded or the browser is too old for it.
    Load = 219 Error
        "The prompt's own files could not be loaded, or this browser cannot run them."
        "Check that the files of the package lie beside polku.js, that the CSP allows 'wasm-unsafe-eval', and the network panel.";
    /// A number that the field cannot have.
    Range = 227 Error
        "A number is not in the range of its field, or is not whole where it must be."
        "See the field's range in docs/prompts.md.";
    /// What should be the name of a language is none.
    Locales = 228 Error "A language's name is not understood." "Write it as in the lang attribute: fi, sv-FI, pt-BR.";
    /// `score.metric` is not what the step asks.
    Metric = 229 Error
        "The score's metric is not what its step asks."
        "Write the step's own \"ask\" in \"score.metric\", or leave the metric out.";
    /// `min` and `max` of `multi` do not fit its choices.
    Bounds = 230 Error
        "The fewest and the most that may be chosen do not fit the choices."
        "Let \"min\" be 1 or more, and \"max\" no less than it and no more than there are choices; to let it be skipped, write \"optional\": true.";
    /// A contact step in a prompt that does not say that it has one.
    Contact = 231 Error
        "The step asks for an address, and the prompt does not say that it may."
        "Write \"contact\": true beside \"steps\"; what is written there goes to the page alone, never into an answer.";
    /// A word that the field does not know.
    Word = 232 Error "The field has a word that is not on its list." "See the field's words in docs/prompts.md.";
    /// No choices, or too many.
    Choices = 233 Error "The question has no choices, or more than 30." "Write 2 to 30 choices; seven are read.";
    /// Two choices, or actions, with one id.
    DuplicateChoice = 234 Error "Two choices or actions have the same id." "Give each an id of its own within its step.";
    /// A handoff without actions, or with too many.
    Actions = 235 Error "The handoff has no actions, or more than 30." "Write what can be opened in \"actions\".";
    /// An action that leads nowhere.
    Action = 236 Error "The action opens nothing." "Give it an \"href\", an \"adapter\", a \"launcher\" or an \"event\".";
    /// An address that may not be opened.
    Href = 237 Error
        "The address is not one that a prompt may open."
        "Use https:, mailto:, tel:, or a path of the shop such as /help, without spaces.";
    /// HTML in a text.
    Html = 238 Error "The text has HTML in it." "Write plain text; **bold** and [words](https://…) are all that is drawn.";
    /// A condition about a choice that does not exist.
    ConditionChoice = 239 Error "A condition names a choice that its step does not have." "Write the id of one of the step's choices.";
    /// A field that we do not know.
    Unknown = 240 Error "The field is not known here." "Remove it, or compare its name with docs/prompts.md.";
    /// A trigger that we do not know, or that lacks something.
    Trigger = 241 Error
        "The trigger is not known, or lacks what it needs."
        "Write {\"on\": …} with a touchpoint, stage, stage_left, order_confirmed, visible, exit_intent, inactivity, scroll, time, stage_time, page_views, trouble or after_purchase, and what docs/prompts.md lists beside it.";
    /// A condition on the shopper that we do not know, or that has another shape.
    Who = 242 Error
        "The condition on who is asked is not known, or has another shape."
        "Write one of all, any, not, stage, url, device, locale, cartValueBucket, visitor, door, bought, variant, sample, hours, orders, products, as docs/prompts.md has it.";
    /// A selector that selects nothing or cannot be one.
    Selector = 243 Error "The selector is empty, or its brackets or quotes do not close." "Write a CSS selector, such as #help or [data-feedback].";
    /// Too large, or no JSON.
    Large = 244 Error "The definition is no JSON, or larger than 256 KB, or nested too deep." "Write a JSON object, or a list of them.";
    /// Two definitions with one id.
    Twins = 245 Error "Two prompts have the same id." "Give each prompt an id of its own.";
    /// Opening hours that are none.
    Hours = 246 Error
        "The hours are not understood."
        "Write {\"days\": [1, 2, 3, 4, 5], \"from\": \"09:00\", \"to\": \"17:00\"}; 1 is Monday, and days may be left out.";
    /// A text that is missing in one of the languages.
    Untranslated = 250 Warning
        "A text is missing in one of the prompt's languages; the default language's is shown there."
        "Write it, or take the language out of \"locales\".";
    /// A choice between fewer than two.
    FewChoices = 251 Warning "There is only one choice." "Write two or more, or ask with info.";
    /// A band of values that the shop never has.
    Band = 252 Warning
        "No cart is ever in this band of values."
        "Use 0, 0-20, 20-50, 50-100, 100-200, 200-500 or 500+, or these times ten, a hundred, … in currencies with large numbers.";
    /// Signs that will be seen as they are.
    Marks = 253 Warning
        "The text has an entity, or an asterisk pair without its other half; it is shown as it stands."
        "Write the sign itself, and ** before and after what is bold.";
    /// A language that `locales` does not list.
    Extra = 254 Warning
        "The text is in a language that \"locales\" does not list; nobody will see it."
        "Add the language to \"locales\", or take the text out.";
    /// A field that this kind of step does not read.
    Idle = 255 Warning
        "The field does nothing in a step that asks this."
        "Remove it, or ask something else; docs/prompts.md says which question reads what.";
}

/// One mistake in a definition.
#[cfg(any(feature = "check", not(target_arch = "wasm32")))]
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Problem {
    /// What is wrong.
    pub code: Code,
    /// Where, as a path into the JSON: `steps[2].next[0].go`.
    pub path: String,
    /// What was meant, where there is a guess: it goes before the fix that helps with every such mistake.
    pub hint: Option<String>,
}

#[cfg(any(feature = "check", not(target_arch = "wasm32")))]
impl Problem {
    /// Number and place, without words: `E207 steps[2].next[0].go`, `W250 steps[0].text.fi`.
    #[must_use]
    pub fn short(&self) -> String {
        let mut short = self.code.name();
        if !self.path.is_empty() {
            short.push(' ');
            short.push_str(&self.path);
        }
        short
    }

    /// What is wrong.
    #[must_use]
    pub fn sentence(&self) -> &'static str {
        self.code.words().0
    }

    /// What to do about it.
    #[must_use]
    pub fn fix(&self) -> String {
        let (_, fix) = self.code.words();
        match &self.hint {
            Some(hint) => [hint, " ", fix].concat(),
            None => fix.to_owned(),
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl std::fmt::Display for Problem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {} {}", self.short(), self.sentence(), self.fix())
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl std::error::Error for Problem {}

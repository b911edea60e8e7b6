//! What is wrong with a setting, a preset or a batch: a code, the field, and natively a sentence with the fix.

use crate::error::Code;

/// Something that keeps a format from being used, or a batch from being written.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Problem {
    /// A page tells it with its sentence from `www/errors.json`.
    pub code: Code,
    /// Where it is: a setting's name, a way into the preset such as `event.properties`, or one into the batch.
    pub field: String,
    /// What to do. Pages do without it: sentences cost bytes.
    #[cfg(not(target_arch = "wasm32"))]
    pub fix: String,
}

impl Problem {
    /// The same, found within `outer`.
    pub(super) fn within(mut self, outer: &str) -> Self {
        if !self.field.is_empty() && !self.field.starts_with(['[', ' ']) {
            self.field.insert(0, '.');
        }
        self.field.insert_str(0, outer);
        self
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.field, self.fix)
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl std::error::Error for Problem {}

/// `problem!(code, field, "what to do, {}", with)`: a [`Problem`], on a page without the sentence.
macro_rules! problem {
    ($code:ident, $field:expr, $($fix:tt)+) => {
        $crate::format::Problem {
            code: $crate::error::Code::$code,
            field: String::from($field),
            #[cfg(not(target_arch = "wasm32"))]
            fix: format!($($fix)+),
        }
    };
}
pub(super) use problem;

//! What is wrong with a setting, a preset or a batch: a code, the field, and natively a sentence with the fix.

use crate::error::Code;

/// Something that keeps a format from being used, or a batch from being written.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Problem(Box<Said>);

/// What there is to say of it.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
pub struct Said {
    /// A page tells it with its sentence from `www/errors.json`.
    pub code: Code,
    /// Where it is: a setting's name, a way into the preset such as `event.properties`, or one into the batch.
    pub field: String,
    /// What to do. Pages do without it: sentences cost bytes.
    #[cfg(not(target_arch = "wasm32"))]
    pub fix: String,
}

/// In a box: results are handed on everywhere, and moving a pointer is cheap.
impl std::ops::Deref for Problem {
    type Target = Said;

    fn deref(&self) -> &Said {
        &self.0
    }
}

impl Problem {
    #[cfg(not(target_arch = "wasm32"))]
    pub(super) fn new(code: Code, field: &str, fix: String) -> Self {
        Self(Box::new(Said { code, field: field.to_owned(), fix }))
    }

    #[cfg(target_arch = "wasm32")]
    #[inline(never)]
    pub(super) fn new(code: Code, field: &str) -> Self {
        Self(Box::new(Said { code, field: field.to_owned() }))
    }

    /// The same, found within `outer`.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    pub(super) fn within(mut self, outer: &str) -> Self {
        let inner = &self.0.field;
        let dot = if inner.is_empty() || inner.starts_with('[') || inner.starts_with(' ') { "" } else { "." };
        self.0.field = [outer, dot, inner].concat();
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
    ($code:ident, $field:expr, $($fix:tt)+) => {{
        #[cfg(not(target_arch = "wasm32"))]
        let problem = $crate::format::Problem::new($crate::error::Code::$code, ::std::convert::AsRef::<str>::as_ref(&$field), format!($($fix)+));
        #[cfg(target_arch = "wasm32")]
        let problem = $crate::format::Problem::new($crate::error::Code::$code, ::std::convert::AsRef::<str>::as_ref(&$field));
        problem
    }};
}
pub(super) use problem;

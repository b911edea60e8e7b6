//! Where in a definition we are.

/// A place in the JSON: written out only when something is wrong there.
#[derive(Clone, Copy)]
pub(super) enum Path<'a> {
    Root,
    Field(&'a Self, &'a str),
    Item(&'a Self, usize),
}

#[cfg(any(feature = "check", not(target_arch = "wasm32")))]
impl Path<'_> {
    /// The place in words: `steps[2].next[0].go`.
    pub(super) fn written(&self) -> String {
        let mut path = String::new();
        self.write(&mut path);
        path
    }

    fn write(&self, path: &mut String) {
        match self {
            Self::Root => {}
            Self::Field(parent, name) => {
                parent.write(path);
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(name);
            }
            Self::Item(parent, nth) => {
                parent.write(path);
                path.push('[');
                path.push_str(&nth.to_string());
                path.push(']');
            }
        }
    }
}

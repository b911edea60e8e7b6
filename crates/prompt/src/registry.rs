//! The open prompts, by handle. A plain number crosses to JS instead of an object: nothing there to be collected too early.

use std::cell::RefCell;
use std::rc::Rc;

use crate::prompt::Prompt;

struct Open {
    last: u32,
    prompts: Vec<(u32, Rc<Prompt>)>,
}

thread_local! {
    static OPEN: RefCell<Open> = const { RefCell::new(Open { last: 0, prompts: Vec::new() }) };
}

/// Keeps a prompt alive until [`forget`], and gives it a handle.
pub(crate) fn keep(prompt: Rc<Prompt>) -> u32 {
    OPEN.with_borrow_mut(|open| {
        open.last = open.last.wrapping_add(1);
        open.prompts.push((open.last, prompt));
        open.last
    })
}

/// The prompt with this handle, while it is open.
pub(crate) fn find(handle: u32) -> Option<Rc<Prompt>> {
    OPEN.with_borrow(|open| open.prompts.iter().find(|(kept, _)| *kept == handle).map(|(_, prompt)| Rc::clone(prompt)))
}

/// Lets go of a prompt that has left the page.
pub(crate) fn forget(prompt: &Prompt) {
    // Taken out first, dropped after the borrow: its listeners go with it.
    let gone = OPEN.with_borrow_mut(|open| {
        let at = open.prompts.iter().position(|(_, kept)| std::ptr::eq(Rc::as_ptr(kept), prompt))?;
        Some(open.prompts.swap_remove(at))
    });
    drop(gone);
}

//! Walks that say the same in Chromium, Firefox and WebKit: nothing in them is one browser's own. What differs stands in docs/engines.md.

mod walks;

/// Each of these walks as a test in each engine.
macro_rules! in_each {
    ($($walk:ident)*) => {
        mod chromium {
            $(#[test] fn $walk() { crate::browser::within(crate::engine::Engine::Chromium, super::walks::$walk); })*
        }
        mod firefox {
            $(#[test] fn $walk() { crate::browser::within(crate::engine::Engine::Firefox, super::walks::$walk); })*
        }
        mod webkit {
            $(#[test] fn $walk() { crate::browser::within(crate::engine::Engine::WebKit, super::walks::$walk); })*
        }
    };
}

in_each! {
    a_visit_with_all_that_it_loads
    a_visit_as_javascript
    a_visit_under_a_strict_policy
    a_visit_under_a_policy_without_webassembly
    a_page_that_is_left_and_come_back_to
    consent_and_its_withdrawal
    a_single_page_shop
    storage_that_is_shut
    memory_that_grows
    the_shoppers_own_view_erases
}

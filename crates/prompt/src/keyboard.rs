//! The screen keyboard of phones: browsers lay it over the page, so the sheet climbs above it by itself.

use web_sys::{HtmlElement, Window};

/// Less than this is a browser's bar that comes and goes.
const KEYBOARD_PX: f64 = 60.0;

/// Writes how much of the window's lower end the keyboard covers, where the style sheet reads it.
pub(crate) fn follow(window: &Window, host: &HtmlElement) -> Option<()> {
    let seen = window.visual_viewport()?;
    let covered = window.inner_height().ok()?.as_f64()? - seen.height() - seen.offset_top();
    // Someone who has zoomed in sees a part of the window: that is no keyboard.
    let up = covered > KEYBOARD_PX && seen.scale() < 1.01;
    let mut pixels = (if up { covered as u32 } else { 0 }).to_string();
    pixels.push_str("px");
    host.style().set_property("--k", &pixels).ok()?;
    host.toggle_attribute_with_force("data-keyboard", up).ok()?;
    Some(())
}

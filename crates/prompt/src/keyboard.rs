//! The screen keyboard of phones: browsers lay it over the page, so the sheet climbs above it by itself.

use web_sys::{HtmlElement, Window};

use crate::dom;

/// How much of the window's lower end the keyboard covers, written where the style sheet reads it.
pub(crate) fn follow(window: &Window, host: &HtmlElement, frame: &HtmlElement) -> Option<()> {
    let seen = window.visual_viewport()?;
    let height = window.inner_height().ok()?.as_f64()?;
    // Someone who has zoomed in sees a part of the window: that is no keyboard.
    let covered = if seen.scale() > 1.01 { 0.0 } else { height - seen.height() - seen.offset_top() };
    let covered = if covered > 60.0 { covered as u32 } else { 0 };
    let mut pixels = covered.to_string();
    pixels.push_str("px");
    host.style().set_property("--k", &pixels).ok()?;
    dom::set(frame, "data-kb", if covered > 0 { "up" } else { "down" });
    Some(())
}

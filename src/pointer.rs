//! A click, as plain data: what was hit is named, never read.

use polku_core::{Input, Pointer, target_name};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, MouseEvent};

use crate::driver;

/// What counts as one control, whichever of its inner elements was hit.
const CONTROL: &str = "a,button,input,select,textarea,summary,video,audio,[role],[data-polku-id],[contenteditable]";

/// Labels beyond this are sentences, not the signs of steppers and carousels; in UTF-16 units.
const LABEL: usize = 12;

/// A click anywhere in the document.
pub(crate) fn click(event: &Event) {
    let Some(event) = event.dyn_ref::<MouseEvent>() else {
        return;
    };
    let Some(hit) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
        return;
    };
    let element = hit.closest(CONTROL).ok().flatten().unwrap_or(hit);
    let attribute = |name| element.get_attribute(name).unwrap_or_default();
    let tag = element.tag_name().to_ascii_lowercase();
    let role = match attribute("role") {
        role if role.is_empty() => implied_role(&tag, &attribute("type")).to_owned(),
        role => role,
    };
    let mut label = attribute("aria-label");
    if label.is_empty() && tag == "button" {
        label = element.text_content().unwrap_or_default();
    }
    let label = label.trim_ascii();
    let target = target_name(&attribute("data-polku-id"), &tag, &attribute("id"), &role);
    driver::now(Input::Pointer(Pointer {
        x: event.client_x(),
        y: event.client_y(),
        target: &target,
        role: &role,
        label: if label.len() <= LABEL { label } else { "" },
    }));
}

/// The role that a tag has by itself, as far as it matters to clicks (HTML-AAM).
fn implied_role<'a>(tag: &'a str, kind: &str) -> &'a str {
    match (tag, kind) {
        ("a", _) => "link",
        ("button" | "summary", _) | ("input", "button" | "submit" | "reset" | "image") => "button",
        ("input", "checkbox") => "checkbox",
        ("input", "radio") => "radio",
        ("input", "number") => "spinbutton",
        ("input", "range") => "slider",
        ("input" | "textarea", _) => "textbox",
        ("select", _) => "combobox",
        ("video" | "audio", _) => tag,
        ("canvas", _) => "application",
        _ => "",
    }
}

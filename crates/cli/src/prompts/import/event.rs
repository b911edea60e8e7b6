//! Events of the shop's own, by the names that the other tool has for them.

use polku_core::Name;

/// What `on` may say of an event: only where it has the name of a touchpoint does anybody but the shop know which one it is.
pub(super) fn touchpoint(name: &str) -> Option<&'static str> {
    match name {
        "$pageview" => return Some("page_view"),
        "$rageclick" => return Some("rage_click"),
        "$dead_click" => return Some("dead_click"),
        _ => {}
    }
    let written: String = name
        .trim()
        .chars()
        .map(|sign| if matches!(sign, ' ' | '-') { '_' } else { sign.to_ascii_lowercase() })
        .collect();
    // What a prompt does itself opens none, nor does what no shopper does.
    let own = written.starts_with("prompt_")
        || matches!(written.as_str(), "erase" | "journey_summary" | "stage_enter" | "web_vitals");
    Name::ALL.iter().map(|name| name.as_str()).find(|known| !own && *known == written)
}

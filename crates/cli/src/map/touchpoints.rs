//! What kind of thing each event is, as far as the map cares.

use crate::store::Event;

/// The stages of the default framework, in their order.
pub const STAGES: [&str; 5] = ["awareness", "consideration", "decision", "retention", "advocacy"];

/// The lenses, in the order of the map.
pub const LENSES: [&str; 4] = ["did", "saw", "felt", "tech"];

/// Known touchpoints in the order in which a path usually has them; settles which of two equally frequent ones is first.
const USUAL_ORDER: [&str; 24] = [
    "select_promotion",
    "view_item_list",
    "search",
    "select_item",
    "view_item",
    "add_to_wishlist",
    "compare_leave",
    "add_to_cart",
    "remove_from_cart",
    "view_cart",
    "login",
    "sign_up",
    "begin_checkout",
    "add_shipping_info",
    "add_payment_info",
    "purchase",
    "order_status_view",
    "help_view",
    "contact_attempt",
    "return_start",
    "complaint",
    "refund",
    "share",
    "review_write",
];

/// Place in the usual order; a name that is not in it comes after.
pub fn usual_place(name: &str) -> usize {
    USUAL_ORDER.iter().position(|known| *known == name).unwrap_or(USUAL_ORDER.len())
}

/// The role of an event on the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A moment of contact.
    Touchpoint,
    /// A moment of contact that got in the way.
    Friction,
    /// Part of a dialogue.
    Prompt,
    /// Says something about other events; no moment of its own.
    Bookkeeping,
}

/// The role by name. A name nobody knows yet is a touchpoint: shops have their own.
pub fn role(name: &str) -> Role {
    match name {
        "rage_click" | "dead_click" | "form_error" | "form_abandon" | "js_error" | "slow_page" | "request_failed"
        | "payment_declined" | "order_unconfirmed" | "cta_hidden" | "hesitation" | "search_no_results"
        | "error_shown" | "search_repeated" | "back_and_forth" | "no_progress" | "page_reloaded" => Role::Friction,
        "prompt_shown" | "prompt_answer" | "prompt_closed" => Role::Prompt,
        "stage_enter" | "journey_summary" | "page_engagement" | "web_vitals" | "erase" => Role::Bookkeeping,
        _ => Role::Touchpoint,
    }
}

/// The lens of an event; what does not say is something that the shopper did.
pub fn lens(event: &Event) -> &str {
    event.lens.as_deref().unwrap_or("did")
}

/// The name that the map counts by. Off-site touchpoints are told apart by their kind: a friend is not an advertisement.
pub fn label(event: &Event) -> String {
    match event.data.get("kind").and_then(|kind| kind.as_str()) {
        Some(kind) if event.name == "offsite_touchpoint" => format!("offsite:{kind}"),
        _ => event.name.clone(),
    }
}

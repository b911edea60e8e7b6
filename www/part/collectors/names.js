/** All events, in the order of their bits in the core. */
export const NAMES = (
  "view_item_list select_item view_item search add_to_wishlist add_to_cart remove_from_cart view_cart begin_checkout add_shipping_info " +
  "add_payment_info purchase refund view_promotion select_promotion share login sign_up generate_lead contact_attempt help_view " +
  "order_status_view return_start complaint review_write compare_leave page_view rage_click js_error payment_declined search_no_results " +
  "form_error dead_click form_abandon error_shown order_unconfirmed cta_hidden hesitation search_repeated back_and_forth no_progress " +
  "page_reloaded slow_page request_failed web_vitals page_engagement content_seen journey_summary stage_enter offsite_touchpoint prompt_shown " +
  "prompt_answer prompt_closed erase"
).split(" ");

const bit = (at) => 1n << BigInt(at);

/** Every event, also those of a newer core. */
export const EVERY = bit(64) - 1n;

/** A shop's order to erase, which no filter holds back. */
export const ERASE = bit(NAMES.indexOf("erase"));

/** The bits of the events that `list` names (`add_to_*` names several); the word that names none, if there is one. */
export function named(list = []) {
  let mask = 0n;
  for (const word of Array.isArray(list) ? list : list.split(/[\s,]+/).filter(Boolean)) {
    const fits = word.endsWith("*") ? (name) => name.startsWith(word.slice(0, -1)) : (name) => name === word;
    if (!NAMES.some(fits)) return word;
    NAMES.forEach((name, at) => fits(name) && (mask |= bit(at)));
  }
  return mask;
}

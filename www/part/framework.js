// Frameworks other than `five-stages`: `six-elements`, or a shop's own from a file. Checked here, and written as the one text that the
// module reads (`Framework::new` in crates/core/src/framework.rs). Loaded only where `data-framework` asks for it.

/** Conditions of rules: `when` names one or several, with `|` between several of which all must be met. In the order of their bits in the core. */
const WHEN = ["landing", "bought", "no_cart", "promoter", "link", "instructions", "returned"];

/** What a shop may want to be judged by, per stage: as the summary's members for a stage. */
const TARGETS = ["conversion", "engaged", "friction", "scores", "value", "dwell", "touchpoints", "emotion"];

/** Touchpoints that may enter a stage: all but those that only tell of others. */
const ON = (
  "view_item_list select_item view_item search add_to_wishlist add_to_cart remove_from_cart view_cart begin_checkout add_shipping_info " +
  "add_payment_info purchase refund view_promotion select_promotion share login sign_up generate_lead contact_attempt help_view " +
  "order_status_view return_start complaint review_write compare_leave page_view rage_click js_error payment_declined search_no_results " +
  "form_error dead_click form_abandon error_shown order_unconfirmed cta_hidden hesitation search_repeated back_and_forth no_progress " +
  "page_reloaded slow_page request_failed content_seen offsite_touchpoint prompt_shown prompt_answer prompt_closed"
).split(" ");

const rules = (enter, names, when) => names.split(" ").map((on) => ({ on, when, enter }));

const SIX_ELEMENTS = {
  v: 1,
  id: "six-elements",
  stages: ["accessibility", "findability", "choice", "purchase", "onboarding", "aftercare"],
  rules: [
    ...rules("accessibility", "page_view", "landing"),
    ...rules("accessibility", "slow_page js_error"),
    ...rules("findability", "search view_item_list search_no_results"),
    ...rules("choice", "view_item add_to_wishlist compare_leave"),
    ...rules("purchase", "view_cart begin_checkout add_shipping_info add_payment_info purchase"),
    ...rules("onboarding", "help_view", "instructions"),
    ...rules("onboarding", "contact_attempt", "bought"),
    ...rules("aftercare", "return_start review_write"),
    ...rules("aftercare", "purchase", "bought"),
    ...rules("aftercare", "purchase", "returned"),
  ],
};

const isName = (text) => typeof text === "string" && /^[a-z][a-z0-9_-]{0,23}$/.test(text);

/**
 * The text of the framework that `data-framework` names: `six-elements`, or the address of a file. Nothing where it cannot be had or is
 * wrong, which must not be guessed: `fail` has said what, and where in the file.
 */
export async function framework(option, fail) {
  let given = SIX_ELEMENTS;
  if (option !== "six-elements") {
    try {
      const answer = await fetch(new URL(option, location.href), { credentials: "omit" });
      if (!answer.ok) throw Error(`status ${answer.status}`);
      given = await answer.json();
    } catch (error) {
      return void fail(106, "data-framework", error);
    }
  }
  return text(given, fail);
}

/** The same of a framework that is at hand. */
export function text(given, fail) {
  const wrong = (code, path) => void fail(code, `data-framework ${path}`);
  const { v, id, stages, rules, targets } = given || {};
  if (v !== 1) return wrong(107, "v");
  if (!isName(id)) return wrong(108, "id");
  if (!Array.isArray(stages) || !stages.length || stages.length > 8) return wrong(109, "stages");
  for (const [at, stage] of stages.entries()) {
    if (!isName(stage) || stages.indexOf(stage) < at) return wrong(109, `stages[${at}]`);
  }
  if (!Array.isArray(rules) || !rules.length || rules.length > 200) return wrong(110, "rules");
  const words = [];
  for (const [at, rule] of rules.entries()) {
    const { on, when, enter } = rule || {};
    if (!ON.includes(on)) return wrong(111, `rules[${at}].on`);
    let bits = 0;
    for (const name of when === undefined ? [] : String(when).split("|")) {
      const bit = WHEN.indexOf(name);
      if (bit < 0) return wrong(112, `rules[${at}].when`);
      bits |= 1 << bit;
    }
    const stage = stages.indexOf(enter);
    if (stage < 0) return wrong(113, `rules[${at}].enter`);
    words.push(`${on},${bits},${stage}`);
  }
  if (targets !== undefined && Object(targets) !== targets) return wrong(114, "targets");
  for (const [stage, names] of Object.entries(targets || {})) {
    if (!stages.includes(stage)) return wrong(114, `targets.${stage}`);
    const at = Array.isArray(names) ? names.findIndex((name) => !TARGETS.includes(name)) : 0;
    if (!Array.isArray(names) || at >= 0) return wrong(114, `targets.${stage}[${at}]`);
  }
  // What summaries tell of it: members of JSON, without a space, for those part the words.
  const tells = JSON.stringify({ framework: id, targets }).slice(1, -1);
  return [tells, stages.join(","), ...words].join(" ");
}

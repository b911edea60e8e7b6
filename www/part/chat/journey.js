// The steps of this visit, as they may go along with a message where the shopper ticks that: what the shopper's own view shows, in short.

const FRICTION = /^(rage_click|dead_click|form_error|form_abandon|js_error|slow_page|request_failed|payment_declined|order_unconfirmed|cta_hidden|hesitation|search_no_results)$/;
/** What is measured, and what the widget does itself, are no steps. */
const OWN = /^(stage_enter|web_vitals|page_engagement|journey_summary|erase|prompt_.*)$/;
/** The newest stages, and the newest steps: somebody has to read them. */
const STAGES = 40;
const STEPS = 100;

/** `{stage, path, touchpoints, friction}`; nothing where nothing is measured. */
export async function journey() {
  const { polku } = window;
  const now = polku?.journey();
  if (!now) return;
  const { sent, waiting } = await polku.privacy.export();
  const events = new Map();
  // Times are rounded: what shares one stands in the order of its page, and the page that began first goes first.
  const begun = {};
  for (const { batch } of [...sent, ...waiting]) {
    if (batch?.journey?.id !== now.id) continue;
    const { leg } = batch.journey;
    for (const event of batch.events) {
      events.set(leg + event.seq, [event, leg]);
      begun[leg] = Math.min(begun[leg] ?? event.at, event.at);
    }
  }
  const all = [...events.values()].sort(([a, one], [b, other]) => a.at - b.at || begun[one] - begun[other] || a.seq - b.seq).map(([event]) => event);
  const path = all.filter(({ name }) => name === "stage_enter").map(({ stage, at, data }, nth, entered) => ({ stage, at, dwell: ((entered[nth + 1] || all.at(-1)).at || at) - at, rule: data?.rule }));
  const friction = {};
  for (const { name, data } of all) if (FRICTION.test(name)) friction[name] = (friction[name] || 0) + (data?.count || 1);
  const touchpoints = all.map(({ name }) => name).filter((name) => !OWN.test(name) && !FRICTION.test(name));
  return { stage: now.stage, path: path.slice(-STAGES), touchpoints: touchpoints.slice(-STEPS), friction };
}

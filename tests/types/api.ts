// The types of the JS API: what they take, and what they refuse.
import polku, { init } from "../../www/polku";
import type { Batch, Collector, DataOf, ErrorCode, EventOf, Options, PolkuError, TouchpointName } from "../../www/polku";

init({ key: "pk_shop", collector: "https://collect.example/v1/batch", prompts: "/prompts.json", mode: "feedback", money: "exact", base: "/polku/" });
export const several: Options = { key: "pk_shop", collectors: [{ url: "/a", format: "ndjson", consent: "remember", events: ["add_to_*"] }], questions: "default", shopName: "Kahvi Kulma" };
polku.track("add_to_cart", { currency: "EUR", value: "11.90", items: [{ item_id: 7, quantity: 1 }] });
polku("track", "add_to_cart");
const off = polku.on("stage", ({ stage, from, rule }) => console.log(stage.length, from?.length, rule === "view_item"));
off();
polku.on("touchpoint", ({ name, lens }) => name === "purchase" && lens === "did");
polku.on("error", ({ code }: PolkuError) => code === "E104");
polku.on("contact", ({ value }) => value.length);
export const sent: Promise<{ sent: number; queued: number }> = polku.flush();
export const known = polku.privacy.export().then((all) => all?.sent[0]?.status);

/** A collector tells events apart by their names. */
export function read({ events, loss }: Batch) {
  for (const event of events) {
    if (event.name === "page_view") console.log(event.data?.door);
    if (event.name === "prompt_answer") console.log(event.data?.score, event.data?.themes?.[0]);
    if (event.name === "rage_click") console.log(event.data?.confidence);
    // @ts-expect-error A view has no score.
    if (event.name === "page_view") console.log(event.data?.score);
  }
  return loss?.dropped.full;
}
export const score: DataOf<"prompt_answer">["score"] = 9;
export const vital = (event: EventOf<"web_vitals">): "good" | "needs-improvement" | "poor" | undefined => event.data?.rating;

// @ts-expect-error No such touchpoint.
polku.track("add_to_card");
// @ts-expect-error What Polku tells by itself is not for a shop to report.
export const own: TouchpointName = "page_view";
// @ts-expect-error An item has GA4's names.
polku.track("view_item", { items: [{ id: "x" }] });
// @ts-expect-error A mail address has no place in an event.
polku.track("login", { email: "somebody@example.fi" });
// @ts-expect-error Nothing is told under this name.
polku.on("stages", () => {});
// @ts-expect-error A stage has no score.
polku.on("stage", ({ score }) => score);
// @ts-expect-error There are two modes.
init({ key: "pk_shop", collector: "/v1/batch", mode: "loose" });
// @ts-expect-error A key is needed.
init({ collector: "/v1/batch" });
// @ts-expect-error No such option.
init({ key: "pk_shop", collector: "/v1/batch", colector: "/v1/batch" });
// @ts-expect-error No such format.
export const collector: Collector = { url: "/a", format: "csv" };
// @ts-expect-error Consent is given or not.
polku.consent({ measure: "yes" });
// @ts-expect-error No such code.
export const code: ErrorCode = "E099";
// @ts-expect-error The number of the order never leaves.
export const order = (data: DataOf<"purchase">) => data.transaction_id;
// @ts-expect-error It may be null.
export const stage = polku.journey().stage;
// @ts-expect-error The version is not for pages to set.
polku.version = "2";

// The entries of the package, and what is none.
import polku, { init, polku as same } from "polku";
import type { Batch, EventOf, Prompts } from "./names.js";
import "polku/elements";
import "polku/polku.js";
import manifest from "polku/manifest.json" with { type: "json" };

export const api: typeof same = polku;
init({ key: "pk_shop", collector: "/v1/batch" });
window.polku.track("purchase", { transaction_id: "1", value: 1 });
export const place: boolean = document.createElement("polku-prompt").open;
export const button: string = document.createElement("polku-launcher").prompt;
export const version: string = manifest.version;
export const prompts: Prompts = [];
export const batch = (sent: Batch) => sent.events.length;
export const look = (event: EventOf<"web_vitals">) => event.data?.rating;

// @ts-expect-error No such entry.
export { nothing } from "polku/react/index.js";
// @ts-expect-error No such call.
polku.follow("me");

import { init, polku } from "polku";
import "polku/elements";

const collector = new URLSearchParams(location.search).get("collector");
init({ key: "pk_webpack", collector, consent: "api", prompts: "/prompts.json" });
document.querySelector("#agree").addEventListener("click", () => polku.consent({ measure: true, since: "earlier" }));
document.querySelector("#look").addEventListener("click", () => polku.track("view_item", { currency: "EUR", value: 11.9, items: [{ item_id: "AAMU-250" }] }));
polku.on("stage", ({ stage }) => {
  document.querySelector("#stage").textContent = stage;
});

import { StrictMode, createElement as h, useEffect } from "react";
import { createRoot } from "react-dom/client";
import { PolkuLauncher, PolkuPrompt, PolkuProvider, useJourney, usePolku } from "polku/react";

const collector = new URLSearchParams(location.search).get("collector");
const options = { key: "pk_vite", collector, consent: "api", prompts: "/prompts.json" };
// What strict mode has run, for whoever looks.
window.runs = 0;

function Product() {
  const polku = usePolku();
  const journey = useJourney();
  useEffect(() => {
    window.runs++;
  }, []);
  return h(
    "main",
    null,
    h("h1", null, "A shop with Vite"),
    h("p", { id: "stage" }, journey ? journey.stage : "none"),
    h("button", { id: "agree", onClick: () => polku.consent({ measure: true, since: "earlier" }) }, "Agree"),
    h("button", { id: "look", onClick: () => polku.track("view_item", { currency: "EUR", value: 11.9, items: [{ item_id: "AAMU-250" }] }) }, "Look"),
    h(PolkuPrompt, { prompt: "placed", open: true }),
    h(PolkuLauncher, { prompt: "asked", text: "Tell us" }),
  );
}

createRoot(document.getElementById("root")).render(h(StrictMode, null, h(PolkuProvider, { options }, h(Product))));

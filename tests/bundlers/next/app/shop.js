"use client";
import { polku } from "polku";
import { PolkuProvider, useJourney, usePolku } from "polku/react";

const collector = typeof window === "undefined" ? "" : new URLSearchParams(location.search).get("collector");
const options = { key: "pk_next", collector, consent: "api", prompts: "/prompts.json" };
// On the server this does nothing.
polku.variant("shelf", "next");

export function Shop({ children }) {
  return <PolkuProvider options={options}>{children}</PolkuProvider>;
}

export function Product() {
  const api = usePolku();
  const journey = useJourney();
  return (
    <>
      <p id="stage">{journey ? journey.stage : "none"}</p>
      <button id="agree" onClick={() => api.consent({ measure: true, since: "earlier" })}>Agree</button>
      <button id="look" onClick={() => api.track("view_item", { currency: "EUR", value: 11.9, items: [{ item_id: "AAMU-250" }] })}>Look</button>
    </>
  );
}

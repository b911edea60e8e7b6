// One journey, as an example leads to it: its path and all of its events.

import { h } from "../dom.js";
import { eventTable } from "../events.js";
import { hour, languageName } from "../format.js";
import { name, t } from "../texts.js";
import { way } from "./parts.js";

export const reads = (wanted, { id }) => [`journeys/${encodeURIComponent(id ?? "")}`, {}];

export const isEmpty = () => false;

export function show({ journey, events }) {
  return [h("section", { class: "chart", "aria-labelledby": "t-one" },
    h("h3", { id: "t-one" }, hour(journey.started)),
    h("p", { class: "note" }, [journey.device ? name("device", journey.device) : t("unknownDevice"), journey.lang && languageName(journey.lang), t("events", { n: events.length })].filter(Boolean).join(" · ")),
    way(journey.stages), eventTable(events))];
}

// Whose word an event is: reports and events are told apart from each other, and are brought together here as crates/core/src/engine/trust.rs does it.

/** Two reports of what a shopper did are one within this, in ms, as in crates/core/src/engine/trust.rs. */
const TOGETHER = 3000;
/** A report that came to nothing for so long comes to nothing any more, in ms: the engine waits a second for a better one. */
const WAIT = 1500;

/** `changed` is called as it turns out that a report came to nothing. */
export function sources(changed) {
  // Reports that have come to nothing so far; the last event of each name, with when it came; what was found; how the page came to be looked at.
  let open = [];
  let last = {};
  const found = new Set();
  let how;
  const expire = (report) => {
    if (report.state !== "waits") return;
    report.state = "none";
    changed();
  };
  return {
    page(arrival) {
      how = arrival;
      last = {};
    },
    found: (name) => found.add(name),
    report(report) {
      const { event, t } = last[report.name] || {};
      // Told already, by whoever is trusted more: this says the same.
      if (event && !event.by.includes(report.by) && report.t - t < TOGETHER) {
        event.by.push(report.by);
        report.state = "same";
        return;
      }
      open.push(report);
      if (report.state === "waits") setTimeout(expire, WAIT, report);
    },
    /** By whom: numbers are sources in the order of their trust, words are ours. */
    event({ name }) {
      const reports = open.filter((report) => report.name === name);
      open = open.filter((report) => report.name !== name);
      let by = [];
      if (name === "page_view") by = [how];
      else if (name === "stage_enter") by = ["rule"];
      else if (name.startsWith("prompt_")) by = ["prompt"];
      else if (reports.length) by = [...new Set(reports.map((report) => report.by))].sort();
      else by = [found.has(name) ? "watch" : "engine"];
      for (const report of reports) report.state = "event";
      last[name] = { event: { by }, t: Date.now() };
      return by;
    },
  };
}

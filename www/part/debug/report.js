// What is copied for a report: what the panel shows, and the recording from which the same page's engine can be played again.

/** All of it as one object. It holds addresses with their queries and what is stored of the visit: whoever passes it on should look at it first. */
export function report({ entries, recording, cost, state }) {
  const { options = {}, lanes = [] } = state.shell || {};
  return {
    polku: window.polku.version,
    made: new Date().toISOString(),
    page: location.origin + location.pathname,
    browser: navigator.userAgent,
    options,
    collectors: lanes.map(({ url }) => url || "dataLayer"),
    journey: window.polku.journey(),
    entries,
    cost: cost.now(),
    replay: recording,
  };
}

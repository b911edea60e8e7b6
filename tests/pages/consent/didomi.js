// Doubles: the Didomi web SDK.
// Source: "API" and "Events" of the Web SDK reference (developers.didomi.io/cmp/web-sdk/reference).
// Not doubled: the notice, vendors, regulations other than GDPR and none, TCF, frames, `getUserStatus`.
// From memory: what the status holds where no consent is required; the record (here one cookie of its own).
(() => {
  const PURPOSES = ["cookies", "measure_content_performance", "market_research", "analytics"];
  const stored = () => document.cookie.match(/double-didomi=(\w+)/)?.[1];
  const fail = () => {
    throw new Error("didomi double");
  };
  let how = "undecided";
  let here = false;
  let choice;
  const handlers = [];
  const fire = (event, data) => {
    for (const [name, run] of [...handlers]) if (name === event) run(data);
  };
  const sdk = {
    isReady: () => true,
    isConsentRequired: () => how !== "default",
    // No one is asked where nothing is required: false here does not say that somebody has chosen.
    shouldUserStatusBeCollected: () => how !== "default" && !choice,
    shouldConsentBeCollected: () => how !== "default" && !choice,
    getCurrentUserStatus() {
      const enabled = choice ? choice === "granted" : how === "default";
      // What nobody has decided is in the list too, as not enabled.
      const purposes = Object.fromEntries(PURPOSES.map((id) => [id, { id, enabled }]));
      const updated = choice && "2026-01-01T00:00:00.000Z";
      const regulation = how === "default" ? "none" : "gdpr";
      return { user_id: "double", regulation, created: updated, updated, consent_string: "", addtl_consent: "", purposes, vendors: {} };
    },
    // The older call knows three answers.
    getUserConsentStatusForPurpose: () => (choice ? choice === "granted" : how === "default" ? true : undefined),
    on: (event, run) => handlers.push([event, run]),
  };
  const decide = (what) => {
    document.cookie = `double-didomi=${what};path=/`;
    if (!here) return;
    const same = choice === what;
    choice = what;
    // No change, no event.
    if (!same) fire("consent.changed", { context: "user", action: "click" });
  };
  (window.cmps ??= {}).didomi = window.cmp = {
    load() {
      if (here || how === "never") return;
      here = true;
      choice = stored();
      window.Didomi = sdk;
      if (how === "throws") for (const name of Object.keys(sdk)) sdk[name] = fail;
      if (how === "nonsense") Object.assign(sdk, { isConsentRequired: () => 1, shouldUserStatusBeCollected: () => "no", on: null,
        getCurrentUserStatus: () => ({ purposes: PURPOSES }), getUserConsentStatusForPurpose: () => "yes" });
      // Its settings come first; then the queues are emptied and stay open.
      setTimeout(() => {
        const call = (run) => {
          try {
            run(sdk);
          } catch {
            // Its own guard: one callback that fails does not stop the others.
          }
        };
        for (const { event, listener } of (window.didomiEventListeners ||= [])) handlers.push([event, listener]);
        window.didomiEventListeners.push = ({ event, listener }) => handlers.push([event, listener]);
        for (const run of (window.didomiOnReady ||= [])) call(run);
        window.didomiOnReady.push = (run) => (call(run), 0);
        if (!choice && how === "undecided") fire("notice.shown");
      }, 20);
    },
    undecided: () => (how = "undecided"),
    /** A shopper of a country where no consent is required. */
    byDefault: () => (how = "default"),
    grant: () => decide("granted"),
    deny: () => decide("denied"),
    withdraw: () => decide("denied"),
    throws: () => (how = "throws"),
    nonsense: () => (how = "nonsense"),
    never: () => (how = "never"),
  };
})();

// Doubles: Usercentrics Web CMP, version 3.
// Source: "Browser UI API: Control Functionality", "Interfaces", "Events" (usercentrics.com/docs, Web CMP), "Migrate from V2".
// Not doubled: the window, TCF, subservices, `serviceIds`, the `dataLayer` edition of `consent_status`.
// From memory: the record in `localStorage` (here one word); that `UC_UI` lives on beside `__ucCmp`, with histories that say nothing.
(() => {
  const KEY = "double-uc3";
  const BY = { initial: "onInitialPageLoad", granted: "onAcceptAllServices", denied: "onDenyAllServices" };
  let how = "undecided";
  let here = false;
  let on = false;
  let type = "IMPLICIT";
  let by = BY.initial;
  const service = (name, category) => {
    const essential = category === "essential";
    return { name, version: "1.0.0", category, essential, consent: { given: essential || on, type } };
  };
  const services = () => ({ a: service("Shop", "essential"), b: service("Web analytics", "statistics"), c: service("Polku", "statistics"),
    d: service("Adverts", "marketing") });
  const category = (dps) => ({ essential: false, state: on ? "ALL_ACCEPTED" : "ALL_DENIED", hidden: false, dps });
  const details = () => ({
    consent: { status: on ? "ALL_ACCEPTED" : "ALL_DENIED", required: type === "IMPLICIT" && how !== "default", version: 1, controllerId: "double",
      language: "fi", createdAt: 1, updatedAt: 1, updatedBy: by, setting: { id: "double", type: "GDPR", version: "1.0.0" }, type, hash: "0" },
    services: services(),
    categories: { essential: { essential: true, state: "ALL_ACCEPTED", dps: { a: true } }, statistics: category({ b: on, c: on }),
      marketing: category({ d: on }) },
  });
  const fire = (name, detail) => window.dispatchEvent(new CustomEvent(name, { detail }));
  const status = () => {
    fire("UC_CONSENT", details());
    const each = Object.fromEntries(Object.values(services()).map((one) => [one.name, one.consent.given]));
    fire("ucEvent", { event: "consent_status", action: by, type, ...each, ucCategory: { essential: true, statistics: on, marketing: on } });
  };
  const decide = (what) => {
    localStorage.setItem(KEY, what);
    if (!here) return;
    on = what === "granted";
    [type, by] = ["EXPLICIT", BY[what]];
    fire("UC_UI_CMP_EVENT", { source: "FIRST_LAYER", type: on ? "ACCEPT_ALL" : "DENY_ALL" });
    status();
  };
  (window.cmps ??= {})["usercentrics-v3"] = window.cmp = {
    load() {
      if (here || how === "never") return;
      here = true;
      const record = localStorage.getItem(KEY);
      on = record ? record === "granted" : how === "default";
      [type, by] = record ? ["EXPLICIT", BY[record]] : ["IMPLICIT", BY.initial];
      let ready = false;
      window.__ucCmp = { isInitialized: async () => ready, isConsentRequired: async () => details().consent.required,
        getConsentDetails: async () => details(), showFirstLayer: async () => {}, showSecondLayer: async () => {} };
      window.UC_UI = { isInitialized: () => ready,
        getServicesBaseInfo: () => Object.entries(services()).map(([id, one]) => ({ id, name: one.name, categorySlug: one.category,
          consent: { status: one.consent.given, history: [] } })) };
      // One that throws right away and one whose promise fails.
      if (how === "throws") {
        const fail = () => {
          throw new Error("usercentrics double");
        };
        Object.assign(window.__ucCmp, { isInitialized: fail, getConsentDetails: async () => fail() });
        window.UC_UI = { isInitialized: fail, getServicesBaseInfo: fail };
      }
      if (how === "nonsense") {
        Object.assign(window.__ucCmp, { isInitialized: () => "yes",
          getConsentDetails: async () => ({ consent: "EXPLICIT", categories: [{ state: true }], services: 3 }) });
        window.UC_UI = 1;
        return fire("UC_CONSENT", "ALL_ACCEPTED");
      }
      setTimeout(() => {
        ready = true;
        fire("UC_UI_INITIALIZED", null);
        if (how === "throws") return fire("UC_UI_CMP_EVENT", { source: "FIRST_LAYER", type: "SAVE" });
        status();
        if (!record) fire("UC_UI_CMP_EVENT", { source: "FIRST_LAYER", type: "CMP_SHOWN" });
      }, 20);
    },
    undecided: () => (how = "undecided"),
    /** On by default, or where no consent is required: accepted, and implicit. */
    byDefault: () => (how = "default"),
    grant: () => decide("granted"),
    deny: () => decide("denied"),
    withdraw: () => decide("denied"),
    throws: () => (how = "throws"),
    nonsense: () => (how = "nonsense"),
    never: () => (how = "never"),
  };
})();

// Doubles: Usercentrics Web CMP, version 2.
// Source: "Browser UI API", "Interfaces" and "Web CMP v2 Events" (usercentrics.com/docs, CMP V2 legacy).
// Not doubled: the window, the smart data protector, TCF, more than four services, the `dataLayer` edition of `consent_status`.
// From memory: the record in `localStorage` (here one word), the order of the two events. Category slugs are the shop's own choice.
(() => {
  const KEY = "double-uc2";
  const EVENTS = { initial: "onInitialPageLoad", granted: "onAcceptAllServices", denied: "onDenyAllServices" };
  let how = "undecided";
  let here = false;
  let on = false;
  let history = [];
  const entry = (action, type) => ({ action, language: "fi", status: on, timestamp: 1, type, versions: {} });
  const service = (id, name, categorySlug) => {
    const essential = categorySlug === "essential";
    return { id, name, categorySlug, isEssential: essential, isHidden: false, processorId: id, version: "1.0.0",
      consent: { status: essential || on, history: essential ? [] : history } };
  };
  const services = () => [service("a", "Shop", "essential"), service("b", "Web analytics", "statistics"), service("c", "Polku", "statistics"),
    service("d", "Adverts", "marketing")];
  const status = (action) => {
    const each = Object.fromEntries(services().map((one) => [one.name, one.consent.status]));
    const type = history.some((one) => one.type === "explicit") ? "explicit" : "implicit";
    const detail = { event: "consent_status", action, type, ...each, ucCategory: { essential: true, statistics: on, marketing: on } };
    // The shop names this event itself; "ucEvent" is what the documentation uses.
    window.dispatchEvent(new CustomEvent("ucEvent", { detail }));
  };
  const ui = (type) => {
    const source = type === "CMP_SHOWN" ? "none" : "FIRST_LAYER";
    window.dispatchEvent(new CustomEvent("UC_UI_CMP_EVENT", { detail: { source, type, abTestVariant: null } }));
  };
  const decide = (what) => {
    localStorage.setItem(KEY, what);
    if (!here) return;
    on = what === "granted";
    history = [...history, entry(EVENTS[what], "explicit")];
    ui(on ? "ACCEPT_ALL" : "DENY_ALL");
    status(EVENTS[what]);
  };
  (window.cmps ??= {})["usercentrics-v2"] = window.cmp = {
    load() {
      if (here || how === "never") return;
      here = true;
      const record = localStorage.getItem(KEY);
      // The object is there before it knows anything: until it is initialized, its answers mean nothing.
      let ready = false;
      window.UC_UI = { isInitialized: () => ready, isConsentRequired: () => !history.some((one) => one.type === "explicit"),
        getServicesBaseInfo: () => (ready ? services() : []), areAllConsentsAccepted: () => on, showFirstLayer() {}, showSecondLayer() {} };
      on = record ? record === "granted" : how === "default";
      history = record ? [entry(EVENTS[record], "explicit")] : [entry(EVENTS.initial, "implicit")];
      if (how === "throws") {
        window.UC_UI.getServicesBaseInfo = () => {
          throw new Error("usercentrics double");
        };
      }
      if (how === "nonsense") {
        window.UC_UI = { isInitialized: () => true, isConsentRequired: 1,
          getServicesBaseInfo: () => [null, 3, { categorySlug: "statistics" },
            { categorySlug: "statistics", consent: { status: "true", history: {} } }] };
        window.dispatchEvent(new CustomEvent("UC_UI_INITIALIZED"));
        return void window.dispatchEvent(new CustomEvent("UC_UI_CMP_EVENT", { detail: 1 }));
      }
      // It is initialized once its settings have come.
      setTimeout(() => {
        ready = true;
        window.dispatchEvent(new CustomEvent("UC_UI_INITIALIZED"));
        status(EVENTS.initial);
        if (!record) ui("CMP_SHOWN");
      }, 20);
    },
    undecided: () => (how = "undecided"),
    /** Services that are on by default: the only entry of their history is implicit. */
    byDefault: () => (how = "default"),
    grant: () => decide("granted"),
    deny: () => decide("denied"),
    withdraw: () => decide("denied"),
    throws: () => (how = "throws"),
    nonsense: () => (how = "nonsense"),
    never: () => (how = "never"),
  };
})();

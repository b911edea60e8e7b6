// Doubles: Google's consent mode as a page sees it: Arguments objects in `dataLayer`, and the state that the Google tag keeps.
// Source: "Set up consent mode on websites", "Consent mode reference" (developers.google.com/tag-platform/security).
// Not doubled: tags, pings, regions (the tag knows them from its server), the settings that a container makes.
// From memory, undocumented by Google: all of `google_tag_data.ics` (listeners, 1 granted, 2 denied, 0 unset; `usedDefault`, `usedUpdate`),
// and that templates of platforms change the state without an entry in `dataLayer`.
(() => {
  const KEY = "analytics_storage";
  const stored = () => document.cookie.match(/double-google=(\w+)/)?.[1];
  let how = "undecided";
  let before = "denied";
  let region;
  let here = false;
  window.dataLayer = window.dataLayer || [];
  window.gtag = function () {
    dataLayer.push(arguments);
  };
  const all = (value) => ({ ad_storage: value, ad_user_data: value, ad_personalization: value, [KEY]: value });

  const install = () => {
    const listeners = [];
    const entries = {};
    const ics = {
      entries, active: false, usedDefault: false, usedUpdate: false,
      addListener: (keys, run) => listeners.push([keys, run]),
      getConsentState: (key) => {
        if (how === "throws") throw new Error("google double");
        if (how === "nonsense") return "yes";
        const value = entries[key]?.update ?? entries[key]?.default;
        return value === undefined ? 0 : value ? 1 : 2;
      },
      /** What templates call, past `dataLayer`. */
      update: (values) => set("update", values),
    };
    const set = (kind, values) => {
      ics.active = true;
      ics[kind === "update" ? "usedUpdate" : "usedDefault"] = true;
      const names = Object.keys(values).filter((name) => name.includes("_storage") || name.startsWith("ad_"));
      for (const name of names) {
        const value = values[name] === "granted";
        // A default for a region holds only there; here the shopper is elsewhere.
        if (kind === "update" || !values.region || values.region.includes("FI")) (entries[name] ??= {})[kind] = value;
      }
      for (const [keys, run] of listeners) if (keys.some((key) => names.includes(key))) run();
    };
    const take = (entry) => {
      // Only what `gtag` has pushed counts: an array of the same content is no command.
      if (Object.prototype.toString.call(entry) !== "[object Arguments]") return;
      const [command, kind, values] = entry;
      if (command === "consent" && values && typeof values === "object") set(kind, values);
    };
    window.google_tag_data = { ...window.google_tag_data, ics: how === "nonsense" ? { entries: 3, usedUpdate: "no", getConsentState: 1 } : ics };
    for (const entry of dataLayer) take(entry);
    const { push } = dataLayer;
    dataLayer.push = function (...entries) {
      const length = push.apply(this, entries);
      for (const entry of entries) take(entry);
      return length;
    };
  };
  const update = (value, path) => {
    if (path === "template") google_tag_data.ics.update(all(value));
    else gtag("consent", "update", all(value));
  };
  const decide = (what, path) => {
    document.cookie = `double-google=${what};path=/`;
    if (here) update(what, path);
  };
  (window.cmps ??= {}).google = window.cmp = {
    load() {
      if (here) return;
      // The page itself sets the defaults; the tag may never come.
      gtag("consent", "default", { ...all(before), security_storage: "granted", wait_for_update: 500, ...(region && { region }) });
      if (how === "never") return;
      here = true;
      if (how === "nonsense") {
        dataLayer.push(null, 7, "consent", ["consent", "update", all("granted")], { 0: "consent", 1: "update", 2: all("granted") });
        gtag("consent");
        gtag("consent", "update");
        gtag("consent", "update", null);
        gtag("consent", "update", "granted");
        gtag("consent", "update", { [KEY]: true });
      }
      install();
      // A platform with a record of an earlier visit says so by an update, on each page.
      if (stored()) update(stored());
    },
    /** With a region the default holds there only. */
    undecided: (where) => ([how, before, region] = ["undecided", "denied", where && [where]]),
    byDefault: (where) => ([how, before, region] = ["undecided", "granted", where && [where]]),
    /** With "template" the state changes and `dataLayer` does not. */
    grant: (path) => decide("granted", path),
    deny: (path) => decide("denied", path),
    withdraw: (path) => decide("denied", path),
    throws: () => (how = "throws"),
    nonsense: () => (how = "nonsense"),
    never: () => (how = "never"),
  };
})();

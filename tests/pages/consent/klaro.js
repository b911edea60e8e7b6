// Doubles: Klaro 0.7, as far as a page can ask it; the tests with the npm package use the real one.
// Source: "API" and "Configuration" (klaro.org/docs), and the observable behaviour of klaro 0.7.22.
// Not doubled: its window, services' scripts and cookies, contextual consent, storage other than the cookie, `klaro.addEventListener`.
(() => {
  const stored = () => document.cookie.match(/(?:^|; )klaro=([^;]*)/)?.[1];
  let how = "undecided";
  let manager;
  const make = (config) => {
    const initial = () => Object.fromEntries(config.services.map((one) => [one.name, one.required || one.default || config.default || false]));
    const watchers = new Set();
    const made = {
      config, consents: initial(), savedConsents: initial(), confirmed: false, changed: false,
      watch: (watcher) => void watchers.add(watcher),
      unwatch: (watcher) => void watchers.delete(watcher),
      getConsent: (name) => made.consents[name] || false,
      updateConsent(name, value) {
        made.consents[name] = value;
        tell("consents", made.consents);
      },
      changeAll(value) {
        for (const one of config.services) made.updateConsent(one.name, Boolean(one.required || value));
      },
      saveAndApplyConsents(type = "script") {
        document.cookie = `klaro=${encodeURIComponent(JSON.stringify(made.consents))};path=/`;
        const changed = Object.entries(made.consents).filter(([name, value]) => made.savedConsents[name] !== value);
        const changes = Object.fromEntries(changed);
        made.confirmed = true;
        made.savedConsents = { ...made.consents };
        tell("saveConsents", { changes, consents: made.consents, type });
        tell("applyConsents", Object.keys(changes).length);
      },
    };
    const tell = (name, data) => {
      for (const watcher of watchers) watcher.update(made, name, data);
    };
    if (stored()) {
      made.consents = JSON.parse(decodeURIComponent(stored()));
      made.savedConsents = { ...made.consents };
      // A record without one of the services is from other settings: the shopper is asked again.
      made.confirmed = config.services.every((one) => one.name in made.consents);
    }
    return made;
  };
  const decide = (value, type) => {
    if (!manager) {
      const consents = { shop: true, analytics: value, polku: value };
      document.cookie = `klaro=${encodeURIComponent(JSON.stringify(consents))};path=/`;
      return;
    }
    // The switches move one by one, and their listeners hear of it, before anything is saved.
    manager.changeAll(value);
    manager.saveAndApplyConsents(type);
  };
  (window.cmps ??= {}).klaro = window.cmp = {
    load() {
      if (window.klaro || how === "never") return;
      const on = how === "default";
      const services = [{ name: "shop", purposes: ["functional"], required: true }, { name: "analytics", purposes: ["analytics"] },
        { name: "polku", purposes: ["analytics"] }];
      window.klaroConfig = { storageName: "klaro", default: on, services };
      if (how === "throws") {
        window.klaro = { getManager() {
          throw new Error("klaro double");
        } };
        return;
      }
      if (how === "nonsense") {
        const manager = { confirmed: "yes", consents: ["polku"], savedConsents: 1, getConsent: () => "true", watch: 1, config: {} };
        window.klaro = { getManager: () => manager };
        return;
      }
      // One manager for a page, whoever asks; there is no event that says so.
      window.klaro = { getManager: () => (manager ??= make(window.klaroConfig)), version: () => "0.7.22", show() {}, defaultConfig: window.klaroConfig };
      window.klaro.getManager();
    },
    undecided: () => (how = "undecided"),
    /** Services that are on by default: the switches say yes, and nobody has confirmed them. */
    byDefault: () => (how = "default"),
    /** The shopper moves a switch and has not saved yet. */
    toggle: () => manager.changeAll(!manager.consents.polku),
    grant: () => decide(true, "accept"),
    deny: () => decide(false, "decline"),
    withdraw: () => decide(false, "save"),
    throws: () => (how = "throws"),
    nonsense: () => (how = "nonsense"),
    never: () => (how = "never"),
  };
})();

// Doubles: Cookiebot by Usercentrics.
// Source: "Developer" (cookiebot.com/en/developer): properties, methods, events and callbacks.
// Not doubled: the dialog, script blocking, consent shared between domains, the cookie of old consents without a method.
// From memory: the exact content of the cookie `CookieConsent`, the order of the events, `CookiebotOnDecline` on each load.
(() => {
  const stored = () => decodeURIComponent(document.cookie.match(/CookieConsent=([^;]*)/)?.[1] ?? "").match(/statistics:(\w+),.*method:'(\w+)'/);
  const keep = (on, method) => {
    const text = `{stamp:'double',necessary:true,preferences:${on},statistics:${on},marketing:${on},method:'${method}',ver:1,utc:1,region:'fi'}`;
    document.cookie = `CookieConsent=${encodeURIComponent(text)};path=/`;
  };
  let how = "undecided";
  let here = false;
  const fire = (name) => {
    window[`CookiebotCallback_${name.slice(9)}`]?.();
    window.dispatchEvent(new Event(name));
  };
  const state = (on, method) => {
    const answered = method === "explicit";
    Object.assign(window.Cookiebot, {
      consent: { necessary: true, preferences: on, statistics: on, marketing: on, method, stamp: "double" },
      consented: Boolean(method) && on, declined: Boolean(method) && !on, hasResponse: answered,
    });
  };
  const announce = (on) => {
    fire("CookiebotOnConsentReady");
    fire(on ? "CookiebotOnAccept" : "CookiebotOnDecline");
  };
  const decide = (on) => {
    keep(on, "explicit");
    if (!here) return;
    state(on, "explicit");
    announce(on);
  };
  (window.cmps ??= {}).cookiebot = window.cmp = {
    load() {
      if (here || how === "never") return;
      here = true;
      window.Cookiebot = { doNotTrack: false, consentID: "0", show() {}, hide() {}, renew() {}, withdraw: () => decide(false) };
      if (how === "throws") {
        const fail = () => {
          throw new Error("cookiebot double");
        };
        for (const name of ["consent", "consented", "declined", "hasResponse"]) Object.defineProperty(window.Cookiebot, name, { get: fail });
        return announce(true);
      }
      if (how === "nonsense") {
        Object.assign(window.Cookiebot, { consent: { statistics: "true", method: 1 }, consented: "yes", hasResponse: "no" });
        return announce(true);
      }
      const [, on, method] = stored() ?? [];
      if (method) state(on === "true", method);
      else if (how === "default") state(true, "implied");
      else state(false, null);
      fire("CookiebotOnLoad");
      // Who accepted on an earlier visit is announced again on every page.
      if (method || how === "default") announce(window.Cookiebot.consent.statistics);
      else fire("CookiebotOnDialogDisplay");
    },
    undecided: () => (how = "undecided"),
    /** Implied consent: everything on, nobody asked. */
    byDefault: () => (how = "default"),
    grant: () => decide(true),
    deny: () => decide(false),
    withdraw: () => decide(false),
    throws: () => (how = "throws"),
    nonsense: () => (how = "nonsense"),
    never: () => (how = "never"),
  };
})();

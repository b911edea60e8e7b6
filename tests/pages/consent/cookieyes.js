// Doubles: CookieYes, its hosted script; after `plugin()` its WordPress plugin, which has no event on load.
// Source: "Retrieving consent data using API getCkyConsent()", "Consent banner action API", "Event listeners" (cookieyes.com/documentation).
// Not doubled: the banner, script blocking, consent ids, other languages.
// From memory: the whole of the cookie `cookieyes-consent`, the plugin's lack of `cookieyes_banner_load`.
(() => {
  const OPTIONAL = ["functional", "analytics", "performance", "advertisement"];
  const stored = () => document.cookie.match(/cookieyes-consent=([^;]*)/)?.[1];
  const part = (name) => stored()?.match(new RegExp(`(?:^|,)${name}:(\\w+)`))?.[1];
  let how = "undecided";
  let here = false;
  let hosted = true;
  const keep = (on, acted) => {
    const word = on ? "yes" : "no";
    const each = OPTIONAL.map((name) => `${name}:${word}`).join(",");
    document.cookie = `cookieyes-consent=consentid:double,consent:${acted ? word : ""},action:${acted ? "yes" : ""},necessary:yes,${each};path=/`;
  };
  const consent = () => ({
    activeLaw: how === "default" ? "ccpa" : "gdpr",
    categories: { necessary: true, ...Object.fromEntries(OPTIONAL.map((name) => [name, part(name) === "yes"])) },
    isUserActionCompleted: part("action") === "yes", consentID: "double", languageCode: "en",
  });
  const fire = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
  const decide = (on) => {
    keep(on, true);
    if (!here) return;
    fire("cookieyes_consent_update", { accepted: on ? ["necessary", ...OPTIONAL] : ["necessary"], rejected: on ? [] : OPTIONAL });
  };
  (window.cmps ??= {}).cookieyes = window.cmp = {
    load() {
      if (here || how === "never") return;
      here = true;
      // The first page writes the cookie too, without an action: under an opt-out law everything in it is "yes".
      if (!stored()) keep(how === "default", false);
      window.getCkyConsent = consent;
      window.revisitCkyConsent = () => {};
      if (how === "throws") {
        window.getCkyConsent = () => {
          throw new Error("cookieyes double");
        };
      }
      if (how === "nonsense") window.getCkyConsent = () => ({ categories: "analytics", isUserActionCompleted: "yes" });
      if (hosted) fire("cookieyes_banner_load", how === "throws" || how === "nonsense" ? undefined : consent());
      if (how === "nonsense") fire("cookieyes_consent_update", { accepted: "analytics" });
    },
    undecided: () => (how = "undecided"),
    /** An opt-out law: all categories on, no action of the visitor. */
    byDefault: () => (how = "default"),
    grant: () => decide(true),
    deny: () => decide(false),
    withdraw: () => decide(false),
    throws: () => (how = "throws"),
    nonsense: () => (how = "nonsense"),
    never: () => (how = "never"),
    plugin: () => (hosted = false),
  };
})();

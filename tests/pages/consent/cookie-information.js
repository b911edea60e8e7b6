// Doubles: Cookie Information (Piwik PRO), its consent pop-up.
// Source: "Implementing Cookie Control (SDK)", "All you need to know about consents" (support.cookieinformation.com).
// Not doubled: the pop-up, automatic blocking, expiry (12 months or 14 days), Google consent mode, TCF.
// From memory: that the event comes after a refusal too, and on every load for those who have decided; the fields of the cookie;
// that the answer before a decision is false (some report undefined where the record cannot be kept).
(() => {
  const OPTIONAL = ["cookie_cat_functional", "cookie_cat_statistic", "cookie_cat_marketing", "cookie_cat_unclassified"];
  const stored = () => document.cookie.match(/CookieInformationConsent=([^;]*)/)?.[1];
  let how = "undecided";
  let here = false;
  let approved = ["cookie_cat_necessary"];
  const keep = (on) => {
    const consents_approved = ["cookie_cat_necessary", ...(on ? OPTIONAL : [])];
    const about = { website_uuid: "double", timestamp: "2026-01-01T00:00:00.000Z", consent_url: "double" };
    const record = { ...about, consents_approved, consents_denied: on ? [] : OPTIONAL };
    document.cookie = `CookieInformationConsent=${encodeURIComponent(JSON.stringify(record))};path=/`;
    return consents_approved;
  };
  const fire = () => window.dispatchEvent(new Event("CookieInformationConsentGiven"));
  const decide = (on) => {
    const now = keep(on);
    if (!here) return;
    approved = now;
    fire();
  };
  (window.cmps ??= {})["cookie-information"] = window.cmp = {
    load() {
      if (here || how === "never") return;
      here = true;
      const record = stored();
      if (record) approved = JSON.parse(decodeURIComponent(record)).consents_approved;
      else if (how === "default") approved = ["cookie_cat_necessary", ...OPTIONAL];
      window.CookieInformation = { getConsentGivenFor: (id) => approved.includes(id), loadConsent() {}, submitAllCategories() {} };
      if (how === "throws") {
        window.CookieInformation.getConsentGivenFor = () => {
          throw new Error("cookie information double");
        };
      }
      if (how === "nonsense") window.CookieInformation.getConsentGivenFor = () => "cookie_cat_statistic";
      if (record || how !== "undecided") fire();
    },
    undecided: () => (how = "undecided"),
    /** Categories that count as approved without a record: a pop-up that only informs. */
    byDefault: () => (how = "default"),
    grant: () => decide(true),
    deny: () => decide(false),
    withdraw: () => decide(false),
    throws: () => (how = "throws"),
    nonsense: () => (how = "nonsense"),
    never: () => (how = "never"),
  };
})();

// Doubles: Shopify's Customer Privacy API on a storefront page.
// Source: "Customer Privacy API" (shopify.dev/docs/api/customer-privacy), "useCustomerPrivacy" (Hydrogen).
// Not doubled: the banner, Web Pixels, sale of data beyond its flag, metafields, checkout.
// From memory: the record (here one cookie of its own); that a page load tells nobody of an earlier choice.
(() => {
  const stored = () => document.cookie.match(/double-shopify=(\w+)/)?.[1];
  let how = "undecided";
  let arrived = false;
  let choice;
  const waiting = [];
  const fail = () => {
    throw new Error("shopify double");
  };
  const word = () => (choice ? (choice === "granted" ? "yes" : "no") : "");
  // What may be done depends on the merchant and the country too: yes where nobody needs to be asked.
  const allowed = () => (choice ? choice === "granted" : how === "default");
  const api = {
    analyticsProcessingAllowed: allowed, marketingAllowed: allowed, preferencesProcessingAllowed: allowed, saleOfDataAllowed: allowed,
    currentVisitorConsent: () => ({ analytics: word(), marketing: word(), preferences: word(), sale_of_data: word() }),
    shouldShowBanner: () => how !== "default" && !choice, getRegion: () => "FI",
  };
  const fire = (detail) => document.dispatchEvent(new CustomEvent("visitorConsentCollected", { detail }));
  const ready = (done) => {
    if (how === "throws") for (const name of Object.keys(api)) api[name] = fail;
    if (how === "nonsense") Object.assign(api, { analyticsProcessingAllowed: () => "true", currentVisitorConsent: () => ({ analytics: true }) });
    window.Shopify.customerPrivacy = api;
    done(false);
    document.dispatchEvent(new CustomEvent("shopifyCustomerPrivacyApiLoaded"));
    if (how === "nonsense") fire("analytics");
  };
  // The page always has this much; the API itself comes only when somebody asks for it.
  window.Shopify = { ...window.Shopify, loadFeatures(features, done = () => {}) {
    if (!features.some(({ name }) => name === "consent-tracking-api")) return;
    if (arrived) setTimeout(() => ready(done), 20);
    else waiting.push(done);
  } };
  const decide = (what) => {
    document.cookie = `double-shopify=${what};path=/`;
    if (!arrived) return;
    choice = what;
    const on = what === "granted";
    // Told once the server has it.
    setTimeout(() => fire({ analyticsAllowed: on, marketingAllowed: on, preferencesAllowed: on, saleOfDataAllowed: on,
      firstPartyMarketingAllowed: on, thirdPartyMarketingAllowed: on }), 20);
  };
  (window.cmps ??= {}).shopify = window.cmp = {
    load() {
      if (arrived || how === "never") return;
      arrived = true;
      choice = stored();
      for (const done of waiting.splice(0)) setTimeout(() => ready(done), 20);
    },
    undecided: () => (how = "undecided"),
    /** A country or a merchant for whom no consent is required: allowed, and the visitor's own answer is empty. */
    byDefault: () => (how = "default"),
    grant: () => decide("granted"),
    deny: () => decide("denied"),
    withdraw: () => decide("denied"),
    throws: () => (how = "throws"),
    nonsense: () => (how = "nonsense"),
    never: () => (how = "never"),
  };
})();

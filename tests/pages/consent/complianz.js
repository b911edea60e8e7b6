// Doubles: Complianz for WordPress, without the WP Consent API (that is a source of its own).
// Source: "Developers" articles (complianz.io): cmplz_has_consent, the events of the banner; the plugin's public behaviour.
// Not doubled: the banner, blocked scripts, consent per service, the reload of the page after a withdrawal, regions other than one.
// From memory: `cmplz_banner-status` is "dismissed" after a choice; the order of the events; the object `complianz`.
(() => {
  const OPTIONAL = ["preferences", "statistics", "marketing"];
  const cookie = (name) => document.cookie.match(new RegExp(`${name}=(\\w+)`))?.[1] ?? "";
  let how = "undecided";
  let here = false;
  const region = () => (how === "default" ? "us" : "eu");
  const type = () => (how === "default" ? "optout" : "optin");
  const consent = (category) => {
    const record = cookie(`cmplz_${category}`);
    return category === "functional" || (record ? record === "allow" : type() === "optout");
  };
  const categories = () => ["functional", ...OPTIONAL].filter(consent);
  const fire = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
  const keep = (on) => {
    for (const name of ["functional", ...OPTIONAL]) document.cookie = `cmplz_${name}=${on || name === "functional" ? "allow" : "deny"};path=/`;
    document.cookie = "cmplz_banner-status=dismissed;path=/";
  };
  const decide = (on, revoke) => {
    const before = OPTIONAL.map((name) => cookie(`cmplz_${name}`));
    keep(on);
    if (!here) return;
    const value = on ? "allow" : "deny";
    OPTIONAL.forEach((category, nth) => {
      // Only what has changed is told, one event each.
      if (before[nth] !== value) fire("cmplz_status_change", { category, value, region: region(), categories: categories() });
    });
    fire("cmplz_fire_categories", { categories: categories(), region: region() });
    if (revoke) fire("cmplz_revoke", true);
  };
  (window.cmps ??= {}).complianz = window.cmp = {
    load() {
      if (here || how === "never") return;
      here = true;
      window.complianz = { consenttype: type(), region: region(), prefix: "cmplz_", current_policy_id: "1" };
      window.cmplz_has_consent = consent;
      window.cmplz_set_consent = () => {};
      if (how === "throws") {
        window.cmplz_has_consent = () => {
          throw new Error("complianz double");
        };
      }
      if (how === "nonsense") {
        window.cmplz_has_consent = () => "statistics";
        document.cookie = "cmplz_statistics=1;path=/";
        window.complianz = 1;
        return fire("cmplz_status_change", "allow");
      }
      fire("cmplz_before_cookiebanner");
      // On every page, with what counts as accepted: under opt-out that is all, and nobody was asked.
      fire("cmplz_fire_categories", { categories: how === "throws" ? ["functional"] : categories(), region: region() });
      if (!cookie("cmplz_banner-status")) fire("cmplz_cookie_warning_loaded", region());
    },
    undecided: () => (how = "undecided"),
    /** A region of opt-out. */
    byDefault: () => (how = "default"),
    grant: () => decide(true),
    deny: () => decide(false),
    withdraw: () => decide(false, true),
    throws: () => (how = "throws"),
    nonsense: () => (how = "nonsense"),
    never: () => (how = "never"),
  };
})();

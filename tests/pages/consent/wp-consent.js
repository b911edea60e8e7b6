// Doubles: the WP Consent API and a banner that feeds it.
// Source: the plugin's readme on wordpress.org ("WP Consent API") and the public behaviour of its script.
// Not doubled: consent per service, PHP, the wait for a hook, the banner.
// From memory: the prefix `wp_consent` of the cookies; `wp_has_service_consent` has had another name in one version, so it is left out.
(() => {
  const OPTIONAL = ["preferences", "statistics", "statistics-anonymous", "marketing"];
  const cookie = (name) => document.cookie.match(new RegExp(`wp_consent_${name}=(\\w+)`))?.[1] ?? "";
  let how = "undecided";
  let kind = "optin";
  let here = false;
  const fire = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
  const set = (category, value) => {
    const before = cookie(category);
    document.cookie = `wp_consent_${category}=${value};path=/`;
    if (!here || before === value) return;
    // An array with names for its entries: it has no length, and JSON of it is empty.
    const detail = [];
    detail[category] = value;
    fire("wp_listen_for_consent_change", detail);
  };
  const decide = (value) => {
    for (const category of ["functional", ...OPTIONAL]) set(category, category === "functional" ? "allow" : value);
  };
  (window.cmps ??= {})["wp-consent"] = window.cmp = {
    load() {
      if (here || how === "never") return;
      here = true;
      window.consent_api = { consent_type: "", waitfor_consent_hook: "", cookie_prefix: "wp_consent", cookie_expiration: "30", services: [] };
      window.wp_fallback_consent_type = "";
      window.wp_set_consent = set;
      window.wp_has_consent = (category) => {
        const type = window.wp_consent_type ?? window.wp_fallback_consent_type;
        // Without a banner, or where one opts out, silence is yes.
        if (!type || (type.includes("optout") && !cookie(category))) return true;
        return cookie(category) === "allow";
      };
      if (how === "throws") {
        window.wp_has_consent = () => {
          throw new Error("wp consent double");
        };
      }
      if (how === "nonsense") {
        window.wp_has_consent = () => "allow";
        document.cookie = "wp_consent_statistics=1;path=/";
        window.wp_consent_type = ["optin"];
        return fire("wp_listen_for_consent_change", "statistics");
      }
      // The banner says which kind it is once it has come; without one nobody ever does.
      if (kind) {
        window.wp_consent_type = kind;
        fire("wp_consent_type_defined");
      }
    },
    undecided: () => ([how, kind] = ["undecided", "optin"]),
    /** No banner at all; with "optout" one of a region of opt-out. Either way `wp_has_consent` says yes. */
    byDefault: (type) => ([how, kind] = ["default", type]),
    grant: () => decide("allow"),
    deny: () => decide("deny"),
    withdraw: () => decide("deny"),
    throws: () => (how = "throws"),
    nonsense: () => (how = "nonsense"),
    never: () => (how = "never"),
  };
})();

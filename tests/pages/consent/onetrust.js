// Doubles: OneTrust (and CookiePro, which is the same script).
// Source: "Web CMP Events Guide", "OnetrustActiveGroups: using the data layer object" (developer.onetrust.com, my.onetrust.com).
// Not doubled: the banner, geolocation rules, entries in `dataLayer`, own category ids, receipts, the TCF edition.
// From memory: the fields of `GetDomainData()`, of the cookies `OptanonConsent` and `OptanonAlertBoxClosed`, the order of the calls.
(() => {
  const ALL = ["C0001", "C0002", "C0003", "C0004"];
  const cookie = (name) => decodeURIComponent(document.cookie.match(new RegExp(`${name}=([^;]*)`))?.[1] ?? "");
  let how = "undecided";
  let here = false;
  let active = [];
  const listeners = [];
  const keep = (on) => {
    const groups = ALL.map((id) => `${id}:${on || id === "C0001" ? 1 : 0}`).join(",");
    document.cookie = `OptanonConsent=${encodeURIComponent(`isGpcEnabled=0&version=202401&interactionCount=1&groups=${groups}`)};path=/`;
    document.cookie = "OptanonAlertBoxClosed=2026-01-01T00:00:00.000Z;path=/";
  };
  const state = (groups) => {
    active = groups;
    window.OnetrustActiveGroups = window.OptanonActiveGroups = `,${groups.join(",")},`;
  };
  const announce = () => {
    window.OptanonWrapper?.();
    window.dispatchEvent(new CustomEvent("OneTrustGroupsUpdated", { detail: active }));
  };
  const decide = (on) => {
    keep(on);
    if (!here) return;
    state(on ? ALL : ALL.slice(0, 1));
    for (const run of listeners) run(new CustomEvent("consent.onetrust", { detail: active }));
    announce();
    // Only after the receipt, which takes a request.
    setTimeout(() => window.dispatchEvent(new CustomEvent("OTConsentApplied")), 20);
  };
  (window.cmps ??= {}).onetrust = window.cmp = {
    load() {
      if (here || how === "never") return;
      here = true;
      const fail = () => {
        throw new Error("onetrust double");
      };
      const model = how === "default" ? "opt-out" : "opt-in";
      window.OneTrust = {
        OnConsentChanged: (run) => listeners.push(run),
        IsAlertBoxClosed: () => Boolean(cookie("OptanonAlertBoxClosed")),
        GetDomainData: () => ({ ConsentModel: { Name: model } }),
      };
      const [, record] = cookie("OptanonConsent").match(/groups=([^&]*)/) ?? [];
      if (how === "nonsense") {
        window.OneTrust = { OnConsentChanged: 1, IsAlertBoxClosed: () => "true", GetDomainData: () => null };
        window.OnetrustActiveGroups = ["C0002"];
        window.OptanonActiveGroups = 2;
        return void window.dispatchEvent(new CustomEvent("OneTrustGroupsUpdated", { detail: "C0002" }));
      }
      if (record) state(record.split(",").filter((one) => one.endsWith(":1")).map((one) => one.slice(0, -2)));
      else state(how === "default" ? ALL : ALL.slice(0, 1));
      if (how === "throws") {
        state(ALL);
        window.OneTrust = { OnConsentChanged: fail, IsAlertBoxClosed: fail, GetDomainData: fail };
      }
      announce();
    },
    undecided: () => (how = "undecided"),
    /** The opt-out model: every group is active before anybody chose. */
    byDefault: () => (how = "default"),
    /** The banner's cross: nobody chose, yet the box is closed and the listeners are told. */
    close: () => decide(active.includes("C0002")),
    grant: () => decide(true),
    deny: () => decide(false),
    withdraw: () => decide(false),
    throws: () => (how = "throws"),
    nonsense: () => (how = "nonsense"),
    never: () => (how = "never"),
  };
})();

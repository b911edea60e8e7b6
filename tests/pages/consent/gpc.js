// Doubles: the signals of browsers themselves, Global Privacy Control and Do Not Track in its spellings.
// Source: "Global Privacy Control" (W3C draft), "Navigator.globalPrivacyControl" and "Navigator.doNotTrack" (MDN).
// Not doubled: the `Sec-GPC` and `DNT` headers. There is no event: what changes while a page is open counts for the next page.
(() => {
  const put = (on, name, get) => Object.defineProperty(on, name, { configurable: true, get });
  const clear = () => {
    put(navigator, "globalPrivacyControl", () => undefined);
    put(navigator, "doNotTrack", () => null);
    put(navigator, "msDoNotTrack", () => undefined);
    put(window, "doNotTrack", () => undefined);
  };
  const SPELLINGS = {
    gpc: () => put(navigator, "globalPrivacyControl", () => true),
    dnt: () => put(navigator, "doNotTrack", () => "1"),
    yes: () => put(navigator, "doNotTrack", () => "yes"),
    window: () => put(window, "doNotTrack", () => "1"),
    ms: () => put(navigator, "msDoNotTrack", () => "1"),
  };
  const object = (how = "gpc") => {
    clear();
    SPELLINGS[how]();
  };
  clear();
  (window.cmps ??= {}).gpc = window.cmp = {
    load() {},
    undecided: clear,
    /** The signals of a browser that is switched to "do not object": they are no consent. */
    byDefault() {
      clear();
      put(navigator, "globalPrivacyControl", () => false);
      put(navigator, "doNotTrack", () => "unspecified");
    },
    grant() {
      clear();
      put(navigator, "globalPrivacyControl", () => false);
      put(navigator, "doNotTrack", () => "0");
    },
    deny: object,
    withdraw: object,
    throws() {
      const fail = () => {
        throw new Error("gpc double");
      };
      put(navigator, "globalPrivacyControl", fail);
      put(navigator, "doNotTrack", fail);
    },
    /** Wrong types: only `true` and the documented strings are signals. */
    nonsense() {
      clear();
      put(navigator, "globalPrivacyControl", () => "false");
      put(navigator, "doNotTrack", () => ({}));
    },
    never: clear,
  };
})();

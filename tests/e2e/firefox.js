// What Chromium's protocol does, done in Firefox: this runs in the window around the page, as the body of a function. True where it was done.
const [method, what] = arguments;
const browser = gBrowser.selectedBrowser;
const context = browser.browsingContext;
const wait = (ms) => new Promise((go) => setTimeout(go, ms));

/** @param {number | undefined} width @param {number} [height] */
async function resize(width, height) {
  for (const [name, size] of [["width", width], ["height", height]]) {
    for (const side of ["min", "max"]) {
      if (size) browser.style.setProperty(`${side}-${name}`, `${size}px`);
      else browser.style.removeProperty(`${side}-${name}`);
    }
  }
  // Two frames, until the page knows.
  for (let frame = 0; frame < 2; frame++) await new Promise((go) => requestAnimationFrame(go));
  await wait(100);
}

const ways = {
  async "Emulation.setDeviceMetricsOverride"({ width, height, deviceScaleFactor }) {
    context.overrideDPPX = deviceScaleFactor;
    await resize(width, height);
  },
  async "Emulation.clearDeviceMetricsOverride"() {
    context.overrideDPPX = 0;
    await resize();
  },
  "Emulation.setTouchEmulationEnabled"({ enabled }) {
    context.touchEventsOverride = enabled ? "enabled" : "none";
  },
  "Emulation.setEmulatedMedia"({ media = "", features = [] }) {
    const asked = Object.fromEntries(features.map(({ name, value }) => [name, value]));
    context.mediumOverride = media;
    context.prefersColorSchemeOverride = asked["prefers-color-scheme"] ?? "none";
    context.prefersReducedMotionOverride = asked["prefers-reduced-motion"] ?? "none";
    context.forcedColorsOverride = asked["forced-colors"] ?? "none";
    const known = ["prefers-color-scheme", "prefers-reduced-motion", "forced-colors"];
    return Object.keys(asked).every((name) => known.includes(name));
  },
  "Network.emulateNetworkConditions"({ offline, latency }) {
    if (latency > 0) return false;
    context.forceOffline = offline;
  },
  /** Requests are cancelled before they leave, as a blocker does it. */
  "Network.setBlockedURLs"({ urls }) {
    const parts = urls.map((url) => url.replaceAll("*", ""));
    if (window.polkuBlocks) Services.obs.removeObserver(window.polkuBlocks, "http-on-modify-request");
    window.polkuBlocks = (subject) => {
      const channel = subject.QueryInterface(Ci.nsIHttpChannel);
      if (parts.some((part) => channel.URI.spec.includes(part))) channel.cancel(Cr.NS_ERROR_ABORT);
    };
    Services.obs.addObserver(window.polkuBlocks, "http-on-modify-request");
  },
  async "Page.navigate"({ url, referrer }) {
    const info = Cc["@mozilla.org/referrer-info;1"].createInstance(Ci.nsIReferrerInfo);
    info.init(Ci.nsIReferrerInfo.UNSAFE_URL, true, Services.io.newURI(referrer));
    const before = context.currentWindowGlobal;
    const triggeringPrincipal = Services.scriptSecurityManager.getSystemPrincipal();
    browser.loadURI(Services.io.newURI(url), { referrerInfo: info, triggeringPrincipal });
    // Until there is another document.
    for (let times = 0; times < 500 && browser.browsingContext.currentWindowGlobal === before; times++) await wait(20);
  },
  /** In whatever process this window's pages are, now or later. */
  "Page.addScriptToEvaluateOnNewDocument"({ source }) {
    const early = (id, source) => {
      const { addDebuggerToGlobal } = ChromeUtils.importESModule("resource://gre/modules/jsdebugger.sys.mjs", { global: "shared" });
      addDebuggerToGlobal(globalThis);
      const all = new Debugger();
      Services.obs.addObserver((page) => {
        if (page.browsingContext.browserId !== id || !/^(http|file)/.test(page.location.protocol)) return;
        all.makeGlobalObjectReference(page).executeInGlobal(source);
      }, "content-document-global-created");
    };
    const script = `(${early})(${browser.browserId}, ${JSON.stringify(source)})`;
    Services.ppmm.loadProcessScript(`data:application/javascript;charset=utf-8,${encodeURIComponent(script)}`, true);
  },
};

// No `await`: it is no async function, and its promise is waited for.
return Promise.resolve(ways[method]?.(what) ?? Boolean(ways[method])).then((done) => done !== false);

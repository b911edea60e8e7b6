/** The page as `glue.page` takes it: path, referrer, whether that is of this site. */
export function place() {
  const { referrer } = document;
  return [location.pathname, referrer, referrer.startsWith(location.origin + "/")];
}

/** What the engine may know of the browser: coarse, and nothing that could tell shoppers apart. */
export function browser() {
  return {
    lang: document.documentElement.lang,
    width: innerWidth,
    coarse: matchMedia("(pointer:coarse)").matches,
    automation: navigator.webdriver,
    globalPrivacyControl: navigator.globalPrivacyControl,
    // The cookie is ours and says "not now"; it is there only where the shop asks without `measure`.
    quiet: /(^|; )polku_quiet=1/.test(document.cookie),
  };
}

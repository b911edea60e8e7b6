/** Cookiebot: a category. Consent that is implied by its settings has another `method`. */
export const source = ({ own = "statistics", cookie, listen }) => {
  listen("CookiebotOnConsentReady CookiebotOnAccept CookiebotOnDecline");
  return () => {
    // Its script tag has the id `Cookiebot`, and so that name, until it has run.
    const { consent } = window.Cookiebot;
    if (!consent) return;
    if (consent.method === "explicit") return consent[own];
    // There is a record of a choice, which it has not read yet.
    return /method:'explicit'/.test(decodeURIComponent(cookie("CookieConsent"))) ? undefined : null;
  };
};

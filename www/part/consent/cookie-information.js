/** Cookie Information: a category. Without its record nobody has chosen, whatever counts as approved. */
export const source = ({ own = "cookie_cat_statistic", cookie, listen }) => {
  listen("CookieInformationConsentGiven");
  return () => {
    const { getConsentGivenFor } = window.CookieInformation;
    if (getConsentGivenFor) return cookie("CookieInformationConsent") ? getConsentGivenFor.call(window.CookieInformation, own) : null;
  };
};

/** CookieYes: a category. Under an opt-out law all are on before anybody has acted. */
export const source = ({ own = "analytics", listen, missing }) => {
  listen("cookieyes_banner_load cookieyes_consent_update");
  return () => {
    const { categories, isUserActionCompleted } = window.getCkyConsent();
    if (isUserActionCompleted !== true) return null;
    return own in categories ? categories[own] : missing();
  };
};

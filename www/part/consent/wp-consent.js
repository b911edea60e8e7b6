/** The WP Consent API of WordPress: a category's cookie. Without a banner, and where one opts out, its own answer is yes. */
export const source = ({ own = "statistics", cookie, listen }) => {
  listen("wp_consent_type_defined wp_listen_for_consent_change");
  return () => {
    const { consent_api, wp_consent_type, wp_fallback_consent_type } = window;
    const type = wp_consent_type || wp_fallback_consent_type;
    const said = cookie(`${(consent_api || {}).cookie_prefix || "wp_consent"}_${own}`);
    if (said === "deny") return false;
    // Whether that was a choice the banner says, which is still to come.
    if (!type) return said === "allow" ? undefined : null;
    return said === "allow" && String(type) === type && type.includes("optin") ? true : null;
  };
};

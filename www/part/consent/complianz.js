/** Complianz: a category's cookie. `cmplz_has_consent` also says yes where nobody was asked. */
export const source = ({ own = "statistics", cookie, listen }) => {
  listen("cmplz_fire_categories cmplz_status_change cmplz_revoke");
  return () => {
    const { prefix = "cmplz_" } = window.complianz || {};
    const said = cookie(prefix + own);
    return cookie(prefix + "banner-status") && /^(allow|deny)$/.test(said) ? said === "allow" : null;
  };
};

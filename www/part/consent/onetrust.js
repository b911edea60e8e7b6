/** OneTrust and CookiePro: a group's id. Under a model other than opt-in all groups are active before anybody has chosen, and after the banner's cross. */
export const source = ({ own = "C0002", listen, missing }) => {
  listen("OneTrustGroupsUpdated OTConsentApplied");
  return () => {
    const { OneTrust, OnetrustActiveGroups: groups } = window;
    // Both come with its settings, after its script.
    if (!OneTrust.GetDomainData || typeof groups !== "string") return;
    const { ConsentModel, Groups } = OneTrust.GetDomainData() || {};
    // Ids are the shop's own, in its own case.
    const is = (id) => String(id).toLowerCase() === own.toLowerCase();
    if (Array.isArray(Groups) && !Groups.some(({ OptanonGroupId, CustomGroupId }) => is(OptanonGroupId) || is(CustomGroupId))) return missing();
    if (OneTrust.IsAlertBoxClosed() !== true) return null;
    const on = groups.split(",").some(is);
    return on && (ConsentModel || {}).Name !== "opt-in" ? null : on;
  };
};

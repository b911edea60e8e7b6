/** What both versions say of all services of a category: on only where each is. */
const all = (states) => (states.every((on) => on === true) ? true : states.every((on) => typeof on === "boolean") ? false : null);

/** Usercentrics, version 3 and, without it, version 2: a category, or a service by its name. */
export const source = ({ own = "statistics", listen, missing }) => {
  listen("UC_UI_INITIALIZED UC_UI_CMP_EVENT UC_CONSENT ucEvent");
  const newer = async (cmp) => {
    if ((await cmp.isInitialized()) !== true) return;
    const { consent, categories, services } = await cmp.getConsentDetails();
    const category = categories[own];
    const service = Object.values(services).find(({ name }) => name === own);
    if (!category && !service) return missing();
    if (consent.type !== "EXPLICIT") return null;
    return category ? all([category.state === "ALL_ACCEPTED"]) : service.consent.given;
  };
  const older = (ui) => {
    if (ui.isInitialized() !== true) return;
    const services = ui.getServicesBaseInfo().filter(({ categorySlug, name }) => categorySlug === own || name === own);
    if (!services.length) return missing();
    if (!services.some(({ consent }) => consent.history.some(({ type }) => type === "explicit"))) return null;
    return all(services.map(({ consent }) => consent.status));
  };
  // Version 3 keeps the older name beside its own, with histories that say nothing.
  return () => (window.__ucCmp ? newer(window.__ucCmp) : older(window.UC_UI));
};

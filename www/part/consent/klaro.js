/** Klaro: a service. Its switches move before anything is saved, and may stand on yes before anybody has seen them. */
export const source = ({ own = "polku", changed, off, missing }) => {
  const { klaro } = window;
  // An element that shows it may have the same name; and without settings there is nobody to ask.
  const config = klaro.defaultConfig || window.klaroConfig;
  if (!klaro.getManager || !config) return;
  const manager = klaro.getManager(config);
  const watcher = { update: changed };
  manager.watch(watcher);
  off(() => manager.unwatch(watcher));
  return () => {
    const { savedConsents, confirmed } = manager;
    if (!(own in savedConsents)) return missing();
    return confirmed === true ? savedConsents[own] : null;
  };
};

/** Didomi: purposes by their ids. Where no consent is required all are enabled and nobody was asked; a refusal counts there too. */
export const source = ({ own = "cookies measure_content_performance", changed, missing }) => {
  const { Didomi } = window;
  if (!Didomi.on || Didomi.isReady() !== true) return;
  // There is no way to take a listener off: what is told afterwards is not listened to.
  Didomi.on("consent.changed", changed);
  return () => {
    const { purposes } = Didomi.getCurrentUserStatus();
    const found = own.split(/[\s,]+/).map((id) => purposes[id]);
    if (found.includes(undefined)) return missing();
    const on = found.every(({ enabled }) => enabled === true);
    if (Didomi.isConsentRequired() === true) return Didomi.shouldUserStatusBeCollected() === false ? on : null;
    return on ? null : false;
  };
};

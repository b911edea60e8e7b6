/** Shopify's customer privacy: the visitor's own answer. What the merchant's settings allow is more, and nobody's choice. */
export const source = ({ own = "analytics", changed, listen }) => {
  const { Shopify } = window;
  if (!Shopify.loadFeatures) return;
  listen("visitorConsentCollected");
  // It comes only when somebody asks for it.
  if (!Shopify.customerPrivacy) Shopify.loadFeatures([{ name: "consent-tracking-api", version: "0.1" }], changed);
  return () => {
    const { customerPrivacy } = Shopify;
    if (!customerPrivacy) return;
    const said = customerPrivacy.currentVisitorConsent()[own];
    return said === "yes" ? true : said === "no" ? false : null;
  };
};

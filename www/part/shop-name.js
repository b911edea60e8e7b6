// A shop's name in a sentence. Pure: the same words for the same name.

/**
 * Fills `{shop}`, and takes of `{with a name|without}` the side that can be said.
 *
 * Finnish cannot inflect a name that nobody has looked at, so it inflects a word after it: "Kulma-verkkokauppa", with a space before the
 * hyphen where the name has one. After a name that is "kauppa" or ".com" itself that would be said twice: then the shop speaks of itself.
 */
export function fillShop(text, shop, lang) {
  const name = (shop ?? "").trim();
  const named = name && !(/^fi\b/i.test(lang) && /(kauppa|\.com)$/i.test(name));
  return text
    .replace(/{((?:[^{}|]|{shop})*)\|([^{}]*)}/g, (_, of, without) => (named ? of : without))
    .replace(/{shop}(-?)/g, (_, hyphen) => (hyphen && /\s/.test(name) ? name + " -" : name + hyphen));
}

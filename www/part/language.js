// Which of our languages a page speaks.

/** The language without its region; the two ways of writing Norwegian, and its common name, are one to us. */
export const primary = (lang) => (lang || "").split("-")[0].toLowerCase().replace(/^n[on]$/, "nb");

/** Of `texts`, by language, the one for `lang`; English where there is none. */
export const inLanguage = (texts, lang) => texts[primary(lang)] || texts.en;

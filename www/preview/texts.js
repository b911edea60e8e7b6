// What the preview says, in English and Finnish.

const en = {
  title: "Preview of prompts",
  tools: "Tools",
  map: "Journey map",
  shop: "Demo shop",
  definition: "Definition",
  open: "Open a file",
  save: "Save as a file",
  example: "Begin with",
  choose: "–",
  demo: "The demo shop’s prompts",
  questions: "The default questions, in this language",
  look: "What shoppers see",
  which: "Prompt",
  state: "State",
  stateOpen: "As it opens",
  stateStep: "Question {id} ({ask})",
  state_thanks: "Thank you",
  state_low: "Thank you, after a low score",
  state_error: "Could not send",
  state_offline: "Offline",
  state_pill: "Minimised",
  state_why: "“Why we ask” open",
  language: "Language",
  notIn: "{lang} (not in it)",
  width: "Width",
  theme: "Theme",
  light: "Light",
  dark: "Dark",
  accent: "Accent",
  accentHint: "Like #1f6f5c. Empty: Polku’s own.",
  direction: "Direction",
  ltr: "Left to right",
  rtl: "Right to left",
  shopName: "Name of the shop",
  again: "Show again",
  frame: "A page with the prompt on it",
  forced: "Forced colours (high contrast) are the system’s: switch them on there, and this page and the prompt follow.",
  told: "What the prompt tells the page",
  toldHint: "Nothing of it is sent: there is no engine on this page.",
  problems: { one: "{n} problem", other: "{n} problems" },
  warnings: { one: "{n} warning", other: "{n} warnings" },
  noProblems: "No problems.",
  noChecker: "The checker could not be loaded.",
  noJson: "It is not JSON",
  line: "Line {n}",
  wrong: "It cannot be shown: {why}",
  failed: "It could not be loaded.",
};

const fi = {
  title: "Kysymysten esikatselu",
  tools: "Työkalut",
  map: "Asiakaspolku",
  shop: "Demokauppa",
  definition: "Määrittely",
  open: "Avaa tiedosto",
  save: "Tallenna tiedostoksi",
  example: "Aloita",
  choose: "–",
  demo: "Demokaupan kysymyksistä",
  questions: "Valmiista kysymyksistä tällä kielellä",
  look: "Mitä asiakas näkee",
  which: "Kysely",
  state: "Tila",
  stateOpen: "Kun se avautuu",
  stateStep: "Kysymys {id} ({ask})",
  state_thanks: "Kiitos",
  state_low: "Kiitos, kun arvosana oli huono",
  state_error: "Lähetys ei onnistunut",
  state_offline: "Ei yhteyttä",
  state_pill: "Pienennettynä",
  state_why: "”Miksi kysymme?” avattuna",
  language: "Kieli",
  notIn: "{lang} (ei määrittelyssä)",
  width: "Leveys",
  theme: "Teema",
  light: "Vaalea",
  dark: "Tumma",
  accent: "Korostusväri",
  accentHint: "Esimerkiksi #1f6f5c. Tyhjänä Polun oma.",
  direction: "Suunta",
  ltr: "Vasemmalta oikealle",
  rtl: "Oikealta vasemmalle",
  shopName: "Kaupan nimi",
  again: "Näytä uudelleen",
  frame: "Sivu, jolla kysely on",
  forced: "Pakotetut värit (suuri kontrasti) ovat järjestelmän: kytke ne siellä, niin tämä sivu ja kysely seuraavat.",
  told: "Mitä kysely kertoo sivulle",
  toldHint: "Mitään tästä ei lähetetä.",
  problems: { one: "{n} ongelma", other: "{n} ongelmaa" },
  warnings: { one: "{n} varoitus", other: "{n} varoitusta" },
  noProblems: "Ei ongelmia.",
  noChecker: "Tarkistajaa ei saatu ladattua.",
  noJson: "Tämä ei ole JSONia",
  line: "Rivi {n}",
  wrong: "Ei voi näyttää: {why}",
  failed: "Lataaminen ei onnistunut.",
};

const TEXTS = { en, fi };
export const LANGS = Object.keys(TEXTS);

const known = (tag) => LANGS.find((code) => String(tag ?? "").toLowerCase().split("-")[0] === code);
let current = known(new URLSearchParams(location.search).get("lang")) ?? (navigator.languages ?? [navigator.language]).map(known).find(Boolean) ?? "en";

export const lang = () => current;

/** Switches the language and writes it into the address, so that a link keeps it. */
export function speak(code) {
  current = known(code) ?? current;
  const address = new URL(location.href);
  address.searchParams.set("lang", current);
  history.replaceState(null, "", address);
}

/** The text of a key with its `{places}` filled; `one` and `other` by the number `n`. */
export function t(key, places = {}) {
  let text = TEXTS[current][key] ?? en[key] ?? key;
  if (typeof text === "object") text = text[new Intl.PluralRules(current).select(places.n)] ?? text.other;
  return text.replace(/\{(\w+)\}/g, (whole, name) => places[name] ?? whole);
}

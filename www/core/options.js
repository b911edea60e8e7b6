import { bits } from "./protocol.js";

/** Attributes with a closed list of values. Where this version knows one alone, another must not be taken for it in silence. */
const LISTS = {
  engine: "auto|js",
  mode: "strict|feedback",
  money: "rounded|exact",
  remember: "yes|no",
  sample: "1",
};

/**
 * The options as the module takes them, with what is known of the browser: coarse, and nothing that could tell shoppers
 * apart. Nothing where an option is missing or wrong, which must not be guessed: `fail` has said so.
 */
export function checked(options, fail) {
  const { key, mode, money, sensitive, gpc } = options;
  // Who lists collectors names none in the tag; and a data layer has no address.
  const wanted = options.collectors || options.format === "datalayer" ? ["key"] : ["key", "collector"];
  for (const name of wanted) if (!options[name]) return void fail(101, `data-${name}`);
  for (const [name, list] of Object.entries({ key: "[\\w-]{1,64}", ...LISTS })) {
    const value = options[name];
    if (value !== undefined && !RegExp(`^(${list})$`).test(value)) return void fail(104, `data-${name}`);
  }
  let collector;
  try {
    collector = new URL(options.collector || "", location.href).href;
  } catch {
    return void fail(105, "data-collector");
  }
  const feedback = mode === "feedback";
  const [lang] = (options.lang || document.documentElement.lang).toLowerCase().split("-");
  // In the order that `start` in src/api.rs reads.
  const flags = bits(
    feedback,
    money === "exact",
    sensitive !== undefined,
    matchMedia("(pointer:coarse)").matches,
    gpc && navigator.globalPrivacyControl,
  );
  return { key, collector, flags, lang: /^[a-z]{2,3}$/.test(lang) ? lang : "" };
}

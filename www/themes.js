// The entry of what understands words: fetches its module, and the stems of one language. Loaded with a question for words.
import init, { onTrap, understand } from "polku:glue";

/* global POLKU_FILES -- names of the built files, written in by the build */

/** Gives `understand(text)`: the themes and the emotion as members of an answer; nothing in a language without stems, or once the module is dead. */
export async function load(lang) {
  const { stems, wasm } = POLKU_FILES;
  if (!stems[lang]) return () => "";
  const get = async (name) => {
    const response = await fetch(new URL(name, import.meta.url));
    if (!response.ok) throw new Error(name);
    return response;
  };
  let dead;
  onTrap(() => {
    dead = 1;
  });
  const [text] = await Promise.all([get(stems[lang]).then((file) => file.text()), init(new URL(wasm, import.meta.url))]);
  return (words) => {
    const members = dead ? "" : understand(words, text);
    return dead ? "" : members;
  };
}

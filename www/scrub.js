// The scrubber's entry: fetches its module. Loaded with a question for words.
import init, { onTrap, scrub } from "polku:glue";

/* global POLKU_FILES -- names of the built files, written in by the build */

/** Gives `scrub(text, most)`, which throws once the module is dead: what was not looked at must not leave. */
export async function load() {
  let dead;
  onTrap((error) => {
    dead = error;
  });
  await init(new URL(POLKU_FILES.wasm, import.meta.url));
  return (text, most) => {
    const clean = scrub(text, most);
    if (dead) throw dead;
    return clean;
  };
}

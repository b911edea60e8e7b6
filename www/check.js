// What is wrong with a prompt's definition, and where: loaded by the preview, and by a page whose definition cannot be run.
import init, * as glue from "polku:glue";

/* global POLKU_FILES -- names of the built files, written in by the build */
let started;

/** The specification's limit, in bytes. */
const LARGEST = 256 * 1024;

/** What is no JSON, or too large: as the module would say it, which cannot be given it. */
const LARGE = {
  code: 244,
  path: "",
  level: "error",
  sentence: "The definition is no JSON, or larger than 256 KB, or nested too deep.",
  fix: "Write a JSON object, or a list of them.",
};

/** Tells a page what is wrong with a definition, by `fail(code, field)`; resolves with how much that is. */
export async function explain(definition, fail) {
  const problems = await check(definition);
  for (const { code, path } of problems) fail(code, `${definition.id} ${path}`);
  return problems.length;
}

/**
 * Resolves with everything that is wrong with a definition, or with a list of them: `[{code, path, level, sentence, fix}]`, where `level` is `error`
 * or `warning`; rejects only where the module cannot be loaded.
 */
export async function check(definition) {
  let text;
  try {
    text = JSON.stringify(definition);
  } catch {
    // A circle, or something that JSON has no word for.
  }
  if (!text || new TextEncoder().encode(text).length > LARGEST) return [LARGE];
  started ??= init(new URL(POLKU_FILES.wasm, import.meta.url)).catch((error) => {
    started = undefined;
    throw error;
  });
  await started;
  // What JSON says of it, and nothing else that a page may have hung on it.
  return glue.check(JSON.parse(text));
}

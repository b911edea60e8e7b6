// What the shop states, edited one thing at a time: an edit is made anew on whatever somebody else has written meanwhile, unless both changed the same.

import { readStatements, writeStatements } from "./api.js";
import { t } from "./texts.js";

/** Tries, of which each follows on somebody else's change. */
const TRIES = 4;

const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** An edit of a list: `was` becomes `now`; no `was`: it is new; no `now`: it is taken away. None where `was` is not there any more. */
export const inList = (list, was, now) => (statements) => {
  const at = was ? statements[list].findIndex((one) => same(one, was)) : -1;
  if (was && at < 0) return null;
  const next = [...statements[list]];
  if (!was) next.push(now);
  else next.splice(at, 1, ...(now ? [now] : []));
  return { ...statements, [list]: next };
};

/** What is stated of a stage. */
export const ofStage = (statements, stage) => ({
  belief: statements.beliefs.find((one) => one.stage === stage) ?? null,
  targets: statements.targets.filter((one) => one.stage === stage),
});

/** An edit of what is stated of a stage. */
export const inStage = (stage, was, now) => (statements) => {
  if (!same(ofStage(statements, stage), was)) return null;
  const others = (list) => list.filter((one) => one.stage !== stage);
  return { ...statements, beliefs: [...others(statements.beliefs), ...(now.belief ? [now.belief] : [])], targets: [...others(statements.targets), ...now.targets] };
};

/**
 * Saves an edit. Gives nothing where it is saved, else what is wrong, `{ path: sentence }`: `member(path)` turns a path of the document, such as
 * `goals[2].by`, into one of the form.
 */
export async function save(key, read, edit, member) {
  let known = read;
  for (let at = 0; at < TRIES; at += 1) {
    const next = edit(known.statements);
    if (!next) return { "": t("formConflict") };
    const { status, error } = await writeStatements(key, known.revision, next);
    if (status === 200) return null;
    if (status === 412) {
      known = await readStatements(key);
      continue;
    }
    const [, path, why] = /^([\w.[\]]+): (.*)$/s.exec(error) ?? [null, "", error];
    return { [member(path ?? "")]: why || t("formFailed") };
  }
  return { "": t("formBusy") };
}

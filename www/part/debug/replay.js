/**
 * Plays a recording again: the same inputs give the same effects, so a recording is a report of what went wrong that anybody can look into. `core` is the
 * module of the build that recorded (`core-<hash>.js`), in a page without Polku; `wasm` its wasm. Nothing is sent or stored: effects are only written down.
 * Gives back the effects, and the first that differs (`-1`: none).
 */
export async function replay(core, wasm, { start, inputs, effects }) {
  const heard = [];
  let engine;
  let next = 0;
  let depth = 0;
  const feed = () => {
    depth++;
    engine.input(...inputs[next++].slice(0, 5));
    depth--;
  };
  const listen = (...effect) => {
    heard.push(effect);
    // What this effect had brought at once.
    for (let input; (input = inputs[next]) && input[5] === depth && depth && input[6] === heard.length; ) feed();
  };
  const attach = (extra, run) => {
    engine = { start: extra.start, input: extra.input };
    // The shell's own beginning is not part of it.
    extra.start = extra.input = () => {};
    run.forEach((_, kind) => (run[kind] = (number, text) => listen(kind, number, text)));
  };
  const options = { key: "replay", collector: location.href };
  const fail = () => {};
  await core.start({ root: "", wasm, options, listeners: {}, fail, off: fail, seen: 0, known: false, handed: () => [], debug: { attach } });
  engine.start(...start);
  while (next < inputs.length) feed();
  const differs = effects.findIndex((effect, at) => JSON.stringify(effect) !== JSON.stringify(heard[at]));
  return { effects: heard, differs: differs < 0 && heard.length !== effects.length ? Math.min(heard.length, effects.length) : differs };
}

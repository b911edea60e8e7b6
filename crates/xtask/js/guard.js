// Takes the place of the loading code that wasm-bindgen writes at the end of its glue (see `glue.rs`), in a tenth of its
// bytes, and keeps what goes wrong inside the module away from the shop's page.
//
// Every function that the module exports is called through `guard`, also those that the glue calls by itself when a
// listener fires:
// - A trap (`WebAssembly.RuntimeError`) leaves the module's memory in an unknown state: the module is dead from then on.
//   Every later call returns 0 at once, which the glue reads as nothing, 0, false or "".
// - Any other exception came from a browser API or a host's callback, through the module's frames. The module lives on.
// - Neither reaches the page. The function given to `onTrap` hears of it: `(error, dead)`.
// Within a call of the module (`depth`) exceptions do travel on, so that the frames below are unwound and not resumed.
// What an exported function returns as its own `Err` is thrown by the glue outside of the guard, as ever.

/** What the module asks of the code around it: filled before the module is used. */
export const host = {};

let wasm, ready, dead, depth = 0, hook = () => {};

/** `fn(error, dead)` is called once for a trap (`dead` is true) and for each exception that was kept from the page. */
export const onTrap = (fn) => {
  hook = fn;
};

const report = (error) => {
  try {
    hook(error, !!dead);
  } catch {}
};

const guard = (call) => (...args) => {
  if (dead) {
    if (depth) throw dead;
    return 0;
  }
  depth++;
  try {
    return call(...args);
  } catch (error) {
    if (!dead && error instanceof WebAssembly.RuntimeError) report((dead = error));
    if (depth > 1) throw error;
    if (!dead) report(error);
    return 0;
  } finally {
    depth--;
  }
};

const load = async (source) => {
  const response = await (source.then ? source : fetch(source));
  if (!response.ok) throw Error(`${response.status} ${response.url}`);
  // The bytes are compiled at once and not streamed: a module of this size gains nothing from it, and servers that do not know
  // the type `application/wasm` do no harm.
  const { exports } = (await WebAssembly.instantiate(await response.arrayBuffer(), __wbg_get_imports())).instance;
  const guarded = {};
  for (const name in exports) guarded[name] = exports[name].call ? guard(exports[name]) : exports[name];
  wasm = guarded;
  // Not guarded: when the module cannot start, `init` rejects.
  exports.__wbindgen_start();
};

/** Loads and starts the module once; after a failure it may be tried again. `source`: its address, or a promise of its `Response`. */
export default (source) =>
  (ready ??= load(source).catch((error) => {
    ready = null;
    throw error;
  }));

// What writes for collectors that are not ours: the module's start. Loaded by part/collectors.js where one is configured.
import init, * as glue from "polku:glue";

/**
 * Starts the module, which lies at the address `wasm`. Gives back `run(kind, number, ...lines)`, as crates/format/src/lib.rs says, which gives
 * back what it is told: `[number, text]` each. `trapped(error)` hears of the module's own errors; from then on nothing is told.
 */
export async function start(wasm, trapped) {
  glue.onTrap(trapped);
  await init(wasm);
  return (kind, number, ...lines) => {
    const told = [];
    glue.host.tell = (...one) => told.push(one);
    glue.run(kind, number, lines.join("\n"));
    return told;
  };
}

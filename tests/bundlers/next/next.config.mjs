import { dirname } from "node:path";

// The packages lie a folder higher.
export default { output: "export", turbopack: { root: dirname(import.meta.dirname) } };

// Prints `[{"name","raw","gzip","brotli"}…]` for the files named on the command line: bytes as they are, as gzip -9, as
// brotli 11. Node has both compressors, and is needed for the build anyway.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const sizes = process.argv.slice(2).map((path) => {
  const bytes = readFileSync(path);
  return {
    name: basename(path),
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length,
  };
});
console.log(JSON.stringify(sizes));

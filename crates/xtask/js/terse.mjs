// node terse.mjs <folder of node_modules> <in> <out> <"module" or "script">: makes a file small with terser. How it looks best to a compressor nobody can
// say beforehand: names and the order of operators decide over a few dozen bytes of those that every page loads. So it is written in several ways
// that mean the same, and the one that brotli makes smallest is taken. The same input gives the same output.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { brotliCompressSync, constants } from "node:zlib";

const [folder, from, to, kind] = process.argv.slice(2);
const { minify } = createRequire(`${folder}/`)("terser");
const text = readFileSync(from, "utf8");
const module = kind === "module";

/** Short names in this order, where terser would count letters. Its own order is tried as well. */
const LETTERS = "etnrisoaclhdfpumgvbywkxjqzSTCPMEALDNRIOFBUGHVWKXYQJZ$_";
const DIGITS = "0123456789";
const named = (letters) => ({
  get(nth) {
    let [name, of] = ["", letters];
    for (nth++; nth > 0; of = letters + DIGITS) {
      nth--;
      name += of[nth % of.length];
      nth = Math.floor(nth / of.length);
    }
    return name;
  },
});
/** "Unsafe" for functions that somebody calls with `new`; the glue has none. */
const ours = module ? { unsafe_arrows: true, unsafe_methods: true } : {};
/** Nothing here is read for what reading does, or compared that is no plain value. */
const plain = { pure_getters: true, unsafe_comps: true };
const ways = [{}, { loops: false }, { lhs_constants: false }, { sequences: 2 }, plain, { ...plain, loops: false }, { ...plain, lhs_constants: false }];
const names = [true, { nth_identifier: named(LETTERS) }];

const size = (code) => {
  const bytes = Buffer.from(code);
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;
};
let best;
for (const passes of [2, 4]) {
  for (const way of ways) {
    for (const mangle of names) {
      const compress = { ecma: 2020, module, passes, keep_fargs: false, ...ours, ...way };
      const { code } = await minify(text, { ecma: 2020, module, compress, mangle });
      const bytes = size(code);
      if (!best || bytes < best.bytes) best = { bytes, code, way: JSON.stringify({ passes, ...way }), compress, mangle };
    }
  }
}
writeFileSync(to, best.code);
const { compress, mangle } = best;
const sourceMap = { content: readFileSync(`${from}.map`, "utf8"), filename: to.split("/").pop() };
const { code, map } = await minify(text, { ecma: 2020, module, compress, mangle, sourceMap });
if (code !== best.code) throw Error("with its map the file is another one");
writeFileSync(`${to}.map`, map);
console.error(`${best.bytes} bytes (brotli) with ${best.way}`);

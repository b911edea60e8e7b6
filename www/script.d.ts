/** The loader, for a page that imports it for what it does: it makes `window.polku`. */
import type {} from "./polku.d.ts";
export {};

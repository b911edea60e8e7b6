// A page with prompts on which the modules are JavaScript fetches this in the place of `www/core.js`: what they are made of alike is in it once.
export { start } from "./core.js";

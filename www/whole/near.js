// What `polku:near` is in a file that holds everything: nothing of this is fetched.
export { prompter } from "../part/prompts.js";
export { open } from "../prompt.js";

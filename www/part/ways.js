// What a prompt with ways to a human being needs beside the rest: its actions, and a conversation in the card.
export { ways } from "../../crates/prompt/view/actions.js";
export { converse } from "../../crates/prompt/view/talk.js";
export { default as style } from "polku:style";

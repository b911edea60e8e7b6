// What makes a shop's own colours readable on the card: fetched where it has given any.
export { fit } from "../../crates/prompt/view/theme.js";

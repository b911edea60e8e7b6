// How steps look that are drawn, with their style sheet.
export { default as style } from "polku:style";
export { mark, thumb } from "../../crates/prompt/view/looks.js";

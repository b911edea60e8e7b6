// Stars, faces and thumbs, for steps that look so: drawn, because glyphs look otherwise in each font.
import { dress } from "./dom.js";

const STAR = "M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9-4.3-4.1 5.9-.8z";
/** A face, from -1 (sad) to 1 (glad): the mouth's ends and its middle move against each other. */
const face = (mood) => `M12 3a9 9 0 100 18 9 9 0 100-18M8.6 9v1.4M15.4 9v1.4M7.8 ${15.5 - mood}Q12 ${15.5 + 4 * mood} 16.2 ${15.5 - mood}`;

const THUMB = "M7.5 10.5v9h-3v-9zM7.5 11l3.8-7c1.4 0 2.4.9 2.2 2.4l-.6 3.4h5.3c1.2 0 2 1 1.8 2.2l-1.2 5.8c-.2 1-1 1.7-2 1.7H7.5";

/** A drawing of 24 by 24, of one path; a sign for the eye alone. */
function sign(d) {
  const make = (tag, attributes, ...children) => dress(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
  return make("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, make("path", { d }));
}

/** A point of a scale. */
export const mark = ({ look, low, high }, score) => (look === "stars" ? sign(STAR) : look === "faces" ? sign(face((2 * (score - low)) / (high - low) - 1)) : score);

/** One that points up; the style sheet turns it round. */
export const thumb = () => sign(THUMB);

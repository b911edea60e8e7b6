// A short message that does not take the focus; the region is in the page from the start, so it is read aloud.
import { make } from "./data.js";

const region = document.querySelector("[data-toast]");
let timer;

region.addEventListener("transitionend", () => {
  if (!region.classList.contains("shown")) region.replaceChildren();
});

/** Shows `message`, with a link where one helps. */
export function toast(message, link) {
  clearTimeout(timer);
  region.replaceChildren(make("span", {}, message));
  if (link) region.append(make("a", { href: link.href }, link.label));
  region.classList.add("shown");
  const hide = () => {
    // While somebody points at it or has the focus in it, it stays.
    if (region.matches(":hover, :focus-within")) timer = setTimeout(hide, 2000);
    else region.classList.remove("shown");
  };
  // The region itself is never hidden, or its next message would not be read; it is only empty and transparent.
  timer = setTimeout(hide, 6000);
}

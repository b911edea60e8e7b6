import { ALERT, ELEMENT, MUTATION } from "../../core/protocol.js";
import { is } from "./is.js";
import { on } from "./on.js";
import { lines } from "./place.js";

/** A change this long after a click or a sent form is no answer to it any more, in ms: the detector waits 2.5 s. */
const ANSWER = 3000;
/** A message may take as long as a slow server, in ms. */
const MESSAGE = 10000;
/** No more than one change in so many ms, */
const PAUSE = 100;
/** … and one look for messages, which goes through the whole page. */
const LOOK = 250;
/** Regions that are only read aloud are made a pixel or two large, in CSS px. */
const DRAWN = 4;

/** What comes and goes without anything to see: scripts, pixels, and our own prompt. */
const UNSEEN = "script,style,link,meta,noscript,[hidden],[width='1'],[style*='display:none'],[style*='display: none'],[data-polku-prompt]";
const LOUD = "[role=alert],[aria-live=assertive]";
const WRONG = ":is([class*=error i],[class*=danger i],[class*=fail i],[data-type=error],[data-status=error])";
/** Success in a region that is made for errors: WooCommerce, Bootstrap, MUI, React-Toastify and others do so. */
const WELL = "[class*=success i],[data-status=success],.alert-info,.woocommerce-message,.woocommerce-info";
/** `role=status`, polite regions and toasts tell what went well or is on its way: of these only what looks like an error counts. */
const QUIET = ":is([role=status],[aria-live],[class*=toast i])";
const REGIONS = `${LOUD},${QUIET}${WRONG},${QUIET} ${WRONG}`;

const says = (region, marks) => is(region, marks) || region.querySelector(marks) || is(region.parentNode, marks);
/** A field's own message: what is wrong there is told as the field's. */
const ofField = ({ id }) => id && document.querySelector(`[aria-describedby~="${CSS.escape(id)}"]`);

const isSeen = (node) => (node.nodeType < 2 ? !is(node, UNSEEN) : node.nodeType < 8 && node.data.trim());
const shows = ({ target, attributeName, addedNodes, removedNodes }) =>
  !document.head.contains(target) &&
  (attributeName ? !/^data-polku/.test(attributeName) : target.data !== undefined || [...addedNodes, ...removedNodes].some(isSeen));

/**
 * That something visible changed after a click or a sent form, and that a message about an error came up. At all other times the
 * page may change as it likes: nobody looks.
 */
export function mutations({ input }) {
  /** How much text each region showed: only that there is some, and other than before, is of interest. */
  const known = new WeakMap();
  let opened, told, changed, closing, looking, old;

  // It tells the sizes of all regions once the page is laid out anyway.
  const regions = new IntersectionObserver((entries) => {
    let alert;
    for (const { target, boundingClientRect } of entries) {
      const { width, height } = boundingClientRect;
      const size = width > DRAWN && height > DRAWN && target.textContent.trim().length;
      if (
        size && size !== known.get(target) && !ofField(target) &&
        // What stood there as the page came answers the page before, if it says that it is an error.
        (says(target, WRONG) || (old && is(target, LOUD) && !says(target, WELL)))
      ) alert ||= target;
      known.set(target, size);
    }
    old = 1;
    // Toasts lie in toasts: one message is one. A status that looks like an error is none any more.
    if (alert) input(ELEMENT + ALERT, 0, ...lines(alert).slice(0, 3), "alert");
  });
  const look = () => {
    looking = 0;
    regions.disconnect();
    for (const region of document.querySelectorAll(REGIONS)) regions.observe(region);
  };
  const change = () => {
    changed = 1;
    const now = performance.now();
    if (now - opened < ANSWER && now - told > PAUSE) {
      told = now;
      input(MUTATION);
    }
  };
  const observer = new MutationObserver((records) => {
    if (records.some(shows)) {
      change();
      looking ||= setTimeout(look, LOOK);
    }
  });
  const open = (event) => {
    const early = changed && event.type === "click";
    opened = performance.now();
    changed = 0;
    told = -PAUSE;
    // What answered the press of a button answered the click that it becomes.
    if (early) change();
    // The document, and the shadow roots on the way.
    for (const node of event.composedPath()) {
      if (node.nodeType > 8) observer.observe(node, { subtree: true, childList: true, characterData: true, attributes: true });
    }
    clearTimeout(closing);
    closing = setTimeout(() => observer.disconnect(), MESSAGE);
  };
  const offs = ["pointerdown", "click", "submit"].map((type) => on(document, type, open));
  // Popovers open without any change of the document.
  offs.push(on(document, "toggle", change));
  look();
  return () => {
    offs.forEach((off) => off());
    observer.disconnect();
    regions.disconnect();
    clearTimeout(closing);
    clearTimeout(looking);
  };
}

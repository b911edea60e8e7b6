import { bits } from "../../core/protocol.js";
import { is } from "../watch/is.js";
import { listen } from "../watch/listen.js";

/** What is written into. What is chosen (boxes, lists, sliders, counts) is no half-written text. */
const FIELD = "input:not([type=button],[type=submit],[type=reset],[type=image],[type=hidden],[type=checkbox],[type=radio],[type=range],[type=number],[type=color],[type=file]),textarea,[contenteditable]:not([contenteditable=false])";
/** What has the focus while somebody chooses. */
const CHOICE = FIELD + ",input[type=number],select";
/** Another dialog, ours among them. */
const DIALOG = "[data-polku-open],dialog[open],[aria-modal=true],[role=dialog],[role=alertdialog]";
/** Banners that ask for consent, as platforms and shops name them. */
const BANNER = "[id*=cookie i],[id*=consent i],[class*=cookie i],[class*=consent i],#usercentrics-root,#usercentrics-cmp-ui";
/** Fields of an address or of a payment, by what the shop itself tells browsers; and the windows of payment providers. */
const PAYMENT =
  "[autocomplete~=street-address],[autocomplete~=address-line1],[autocomplete~=postal-code],[autocomplete*=cc-],iframe[name*=card i],iframe[src*=stripe i],iframe[src*=adyen i],iframe[src*=klarna i],iframe[src*=braintree i]";

/** Whether it can be seen. Only looked at as a prompt is about to open. */
const isShown = (element) =>
  element.checkVisibility ? element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) : element.getClientRects().length > 0;
const shown = (selector, more = () => true) => [...document.querySelectorAll(selector)].some((element) => isShown(element) && more(element));
const ours = (element) => is(element, "[data-polku-prompt],[data-polku-prompt] *");

/** Gives back what says with which bits of `polku_core::asker::busy` the page is busy now. What is written is never read: that it was is enough. */
export function busy(offs) {
  /** Fields into which something was written that has not been sent. */
  const dirty = new Set();
  listen(offs, document, ["input"], ({ target }) => {
    if (is(target, FIELD) && !ours(target)) dirty.add(target);
  });
  listen(offs, document, ["submit", "reset"], ({ target }) => {
    for (const field of dirty) if (field.form === target) dirty.delete(field);
  });
  return () => {
    const { activeElement } = document;
    for (const field of dirty) if (!field.isConnected) dirty.delete(field);
    const isTyping = dirty.size || (is(activeElement, CHOICE) && !ours(activeElement));
    const isFixed = (element) => /fixed|sticky/.test(getComputedStyle(element).position);
    const isOther = (element) => !ours(element) && !is(element, BANNER);
    return bits(isTyping, shown(DIALOG, isOther), shown(PAYMENT), shown(BANNER, (one) => is(one, DIALOG) || isFixed(one)));
  };
}

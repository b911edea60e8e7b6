import { ACTION, ELEMENT } from "../../core/protocol.js";
import { commit } from "./commit.js";
import { often } from "./often.js";
import { lines } from "./place.js";

/** The least size of what is to be pressed, in CSS px (WCAG 2.5.8). */
const SMALL = 24;
/** So many at most: the button and the bars that bring it along. A page with more of them is a list. */
const MOST = 3;

/** The button that takes the shopper on, most trusted first: as the shop says, as its platform does, as it is often called. */
const NAMES = [
  "[data-polku-action]",
  // WooCommerce, Shopify, Shopware, Magento.
  ".single_add_to_cart_button,.checkout-button,#place_order,[name=add],[name=checkout],form[action*='cart/add'] [type=submit],.btn-buy,[data-role=proceed-to-checkout]",
  ":is(button,a,input):is([class*=add-to-cart i],[class*=place-order i],[class*=cart__submit],[id*=addtocart i],[id*=add-to-cart i])",
];

function found() {
  for (const name of NAMES) {
    const all = document.querySelectorAll(name);
    if (all.length) return all.length > MOST ? [] : [...all];
  }
  return [];
}

/** 0 usable, 1 outside the viewport, 2 covered, 3 disabled, 4 too small; nothing where it is not there for anybody. */
function state({ target, intersectionRatio, boundingClientRect: { left, top, width, height } }) {
  // Closed drawers hold a second checkout button on every page: not drawn, or beside the window.
  const drawn = !target.checkVisibility || target.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  if (!drawn || left >= innerWidth || left + width <= 0) return;
  if (intersectionRatio < 0.5) return 1;
  if (target.matches(":disabled,[aria-disabled=true],.disabled")) return 3;
  if (width < SMALL || height < SMALL) return 4;
  const hit = document.elementFromPoint(left + width / 2, top + height / 2);
  return hit && !target.contains(hit) && !hit.contains(target) ? 2 : 0;
}

/** Whether the page's main action can be used, told when that changes; and what the shopper does near it. */
export function action({ input }) {
  let buttons = [];
  let told;
  // Told after the page was laid out: that is when sizes and what lies where cost nothing.
  const observer = new IntersectionObserver((entries) => {
    if (entries.length < buttons.length) return look();
    const states = entries.map((entry) => [state(entry), entry.target]).filter(([one]) => one >= 0);
    // Usable as soon as one of them is.
    const [best, target] = states.find(([one]) => !one) || states[0] || [];
    const now = target && [location.pathname, best, ...lines(target)].join();
    if (target && now !== told) input(ELEMENT + ACTION, best, ...lines(target));
    told = now;
  }, { threshold: [0, 0.5] });
  const look = () => {
    observer.disconnect();
    buttons = found();
    for (const button of buttons) observer.observe(button);
  };
  const offs = [often(look), commit(input, () => buttons), () => observer.disconnect()];
  return () => offs.forEach((off) => off());
}

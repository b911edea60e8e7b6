import { views } from "./views.js";

/* global POLKU_FILES -- names of the built files, written in by the build */

/** What a shop's own signals leave in a page: structured data, a platform, attributes for us, a checkout in a frame. */
const SIGNS =
  'script[type="application/ld+json"],[itemtype*="schema.org"],body.woocommerce,body[class*="woocommerce-"],[data-polku-touch],[id^=klarna-checkout]';

/** Addresses that say what the page is, and those by which a shopper comes back from a payment. */
const ADDRESS = /\/(cart|basket|ostoskori|varukorg|checkout|kassa|kasse)\/?(\?|$)|[?&](checkout-status|responseCode|paymentFailed)=/i;

/** Fetches what reads the shop (`part/shop.js`) where the page has something for it; looks again at `load` and on each view. */
export function shopFinder(host) {
  let part;
  let gone;
  // A shopper who came with an earlier decision: then what the page holds counts. Otherwise from the next view on.
  let counts = host.earlier;
  const find = () => {
    if (part || gone) return;
    if (document.querySelector(SIGNS) || window.Shopify || window._klarnaCheckout || ADDRESS.test(location.pathname + location.search)) {
      part = import(host.root + POLKU_FILES.shop).then((shop) => (gone ? 0 : shop.shop(host, counts)));
      part.catch((error) => host.fail(225, "shop", error));
    }
  };
  const isNext = views();
  const viewed = (how) => {
    counts = isNext(how) || counts;
    find();
  };
  host.viewed.push(viewed);
  addEventListener("load", find);
  find();
  return () => {
    gone = 1;
    removeEventListener("load", find);
    host.viewed.splice(host.viewed.indexOf(viewed), 1);
    if (part) part.then((off) => off && off(), () => {});
  };
}

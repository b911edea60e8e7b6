/**
 * What a shop says of itself without being asked: its attributes for us, its platform, its checkout, its structured data, its
 * addresses. Loaded by `watch/shop-finder.js` where a page has any of it. Says what is there and who says so; which of several
 * reports counts is decided in the core.
 */
import { ATTRIBUTE, NAMED, PLATFORM, SCHEMA, URL_RULE } from "../core/protocol.js";
import { touched, watchTouches } from "./shop/attributes.js";
import { addressed, returned, watchFrame } from "./shop/checkout.js";
import { shopify, watchForms } from "./shop/shopify.js";
import { structured } from "./shop/schema.js";
import { watchWoo, woo } from "./shop/woo.js";
import { views } from "./watch/views.js";

/** A page goes on drawing itself after its view; what it says of itself later than this, in ms, belongs to something else. */
const SETTLES = 5000;
/** After the last change it is read, so that what comes in many pieces is read once. */
const QUIET = 250;
/** A platform's own signals for one change come within this, in ms: the request to the cart lies between the first and the last. */
const ONE = 2000;

/** `counts`: what the page holds already counts; else only what happens from now on, until the next view. */
export function shop(host, counts) {
  // What has been said of this view, by source and name: a page's state is said once.
  let told = new Set();
  // Texts of structured data that an earlier view had: single-page shops take them off late, or never.
  let stale = new Set();
  let texts = new Set();
  let until = 0;
  let timer;
  const say = (source, name, data) => host.track(performance.now(), name, data, source);
  const once = (source) => (name, data, which = "") => {
    if (counts && !told.has(source + name + which)) {
      told.add(source + name + which);
      say(source, name, data);
    }
  };
  const tell = [0, once(ATTRIBUTE), 0, once(PLATFORM), once(SCHEMA), once(URL_RULE)];
  let last = {};
  /** A platform tells one change of the cart in several ways: the form, jQuery's event, the same again for blocks. */
  const change = (name, item) => {
    const at = performance.now();
    const same = last.name === name && at - last.at < ONE && (!item || !last.item || last.item === item.item_id);
    last = { name, at, item: item ? item.item_id : same ? last.item : undefined };
    if (!same) say(PLATFORM, name, item ? { items: [item] } : {});
  };
  /** Each on its own: a page that breaks one of them keeps the others. */
  const each = (...runs) => {
    for (const run of runs) {
      try {
        run();
      } catch {
        // a hostile or half-drawn page
      }
    }
  };
  const read = () => {
    let found = {};
    each(
      () => (texts = structured(stale, (name, data) => (found[name] = data))),
      touched,
      () => woo(tell[PLATFORM], found),
      () => shopify(tell[PLATFORM], found),
      () => frame.look(tell[PLATFORM]),
      () => returned(tell[PLATFORM]),
      () => {
        for (const name in found) tell[SCHEMA](name, found[name]);
      },
      () => addressed(tell[URL_RULE]),
    );
  };
  const observer = new MutationObserver(() => {
    clearTimeout(timer);
    if (performance.now() < until) timer = setTimeout(read, QUIET);
    else observer.disconnect();
  });
  const settle = () => {
    until = performance.now() + SETTLES;
    observer.observe(document, { childList: true, subtree: true });
    read();
  };
  const isNext = views();
  const viewed = (how) => {
    if (!isNext(how)) return;
    counts = true;
    // A view that has only a name has the document and the address of the one before: what these said stands.
    told = new Set(how === NAMED ? [...told].filter(([source]) => source == PLATFORM || source == URL_RULE) : []);
    stale = texts;
    settle();
  };
  const frame = watchFrame((name) => say(PLATFORM, name));
  const platform = (...args) => say(PLATFORM, ...args);
  const offs = [frame.off, watchTouches((...args) => say(ATTRIBUTE, ...args), tell[ATTRIBUTE]), watchWoo(platform, change), watchForms(platform, change)];
  host.viewed.push(viewed);
  settle();
  return () => {
    clearTimeout(timer);
    observer.disconnect();
    host.viewed.splice(host.viewed.indexOf(viewed), 1);
    each(...offs);
  };
}

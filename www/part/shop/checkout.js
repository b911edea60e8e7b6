/** What the frame's own events mean. Their payloads hold addresses, and are never looked at. */
const FRAME = { shipping_option_change: "add_shipping_info", redirect_initiated: "add_payment_info", can_not_complete_order: "payment_declined" };

/**
 * Kustom (Klarna) Checkout, which lives in a frame. Its page API keeps **one** listener for each event, so that one of ours would
 * take the place of the shop's: we add ours to those that the shop sets after us, and set none by ourselves.
 */
export function watchFrame(say) {
  let hooked;
  let gone;
  let unhook = () => {};
  const hook = (api) => {
    const { on } = api;
    const ours = function (handlers) {
      const both = { ...handlers };
      for (const name in FRAME) {
        const theirs = handlers[name];
        if (typeof theirs !== "function") continue;
        both[name] = function (...args) {
          if (!gone) say(FRAME[name]);
          return theirs.apply(this, args);
        };
      }
      return on.call(this, both);
    };
    api.on = ours;
    unhook = () => {
      if (api.on === ours) api.on = on;
    };
  };
  return {
    look(tell) {
      const call = window._klarnaCheckout;
      if (document.querySelector("[id^=klarna-checkout] iframe,iframe#klarna-checkout-iframe")) tell("begin_checkout");
      if (hooked || typeof call !== "function") return;
      hooked = true;
      call((api) => {
        try {
          if (!gone) hook(api);
        } catch {
          // an API that cannot be added to
        }
      });
    },
    off() {
      gone = true;
      unhook();
    },
  };
}

/** Back from Paytrail, Netaxept or Nexi Checkout: whether it failed, and nothing else of what they hand over. */
export function returned(tell) {
  const query = new URLSearchParams(location.search);
  const paytrail = query.get("checkout-status");
  const netaxept = query.has("transactionId") && query.get("responseCode");
  const code = paytrail === "fail" ? "fail" : netaxept && netaxept !== "OK" ? "cancel" : query.get("paymentFailed") === "true" && "fail";
  const [entry] = performance.getEntriesByType("navigation");
  // Looked at again, it has not failed again.
  if (code && entry && entry.type === "navigate") tell("payment_declined", { code });
}

/** What an address alone says. */
export function addressed(tell) {
  const path = location.pathname;
  if (/\/(cart|basket|ostoskori|varukorg)\/?$/i.test(path)) tell("view_cart");
  else if (/\/(checkout|kassa|kasse)\/?$/i.test(path)) tell("begin_checkout");
}

// A busy shop page: `?seconds=5` of data layer events, 200 a second, and of changes to the page, beside what its visitor does; and
// as many events before its tag as come in its first second, which is how long the loader waits for an idle page.
// It makes no promises of its own, so that every microtask beside Polku is Polku's.
(() => {
  const seconds = Number(new URLSearchParams(location.search).get("seconds"));
  /** Between two pushes, in ms. */
  const EACH = 5;
  const layer = (window.dataLayer = window.dataLayer || []);
  const spelt = (function () { return arguments; });

  const item = (nth) => ({
    item_id: `SKU-${nth % 97}`, item_name: `A thing of wood and wool, number ${nth % 97}`, item_brand: "Polku", index: nth % 20,
    item_category: "Home", item_category2: "Kitchen", item_variant: "birch", price: 9.9 + (nth % 40), quantity: 1 + (nth % 3),
  });
  const items = (nth, number) => Array.from({ length: number }, (_, at) => item(nth + at));
  const money = (nth, number) => ({ currency: "EUR", value: 19.9 + (nth % 200), items: items(nth, number) });
  const promotion = (nth) => ({ promotion_id: `P${nth % 5}`, promotion_name: "Spring", creative_slot: "top", items: items(nth, 1) });
  // Every commerce event of Google's reference that Polku knows, and the two that every tag manager pushes.
  const EVENTS = [
    ["view_item_list", (nth) => ({ item_list_id: "all", item_list_name: "All", items: items(nth, 20) })],
    ["select_item", (nth) => ({ item_list_id: "all", items: items(nth, 1) })],
    ["view_item", (nth) => money(nth, 1)],
    ["search", (nth) => ({ search_term: `birch cup ${nth % 7}` })],
    ["add_to_wishlist", (nth) => money(nth, 1)],
    ["add_to_cart", (nth) => money(nth, 1)],
    ["remove_from_cart", (nth) => money(nth, 1)],
    ["view_cart", (nth) => money(nth, 4)],
    ["begin_checkout", (nth) => ({ ...money(nth, 4), coupon: "SPRING" })],
    ["add_shipping_info", (nth) => ({ ...money(nth, 4), shipping_tier: "Ground" })],
    ["add_payment_info", (nth) => ({ ...money(nth, 4), payment_type: "Card" })],
    ["purchase", (nth) => ({ ...money(nth, 4), transaction_id: `T-${nth}`, tax: 4.8, shipping: 5.9 })],
    ["refund", (nth) => ({ ...money(nth, 1), transaction_id: `T-${nth - 1}` })],
    ["view_promotion", promotion],
    ["select_promotion", promotion],
    ["share", (nth) => ({ method: "link", content_type: "product", item_id: `SKU-${nth % 97}` })],
    ["login", () => ({ method: "mail" })],
    ["sign_up", () => ({ method: "mail" })],
    ["generate_lead", (nth) => ({ currency: "EUR", value: nth % 50 })],
    ["gtm.dom", () => ({})],
    ["scroll_depth", (nth) => ({ percent: nth % 100 })],
  ];
  const entry = (nth) => {
    const [name, data] = EVENTS[nth % EVENTS.length];
    // Both spellings, turn by turn.
    return nth / EVENTS.length & 1 ? spelt("event", name, data(nth)) : { event: name, ecommerce: data(nth) };
  };

  const state = (window.cost = { pushed: 0, done: false, measured: false, worked: 0 });
  for (let nth = 0; seconds && nth < 200; nth++) layer.push(entry(nth));
  const began = performance.now();
  // Each push is a task of its own, called by the browser itself: so the trace tells what it takes, and of whose file it is.
  const push = () => {
    const due = Math.min(seconds * 1000, performance.now() - began) / EACH;
    while (state.pushed < due) setTimeout(layer.push.bind(layer), 0, entry(200 + state.pushed++));
    if (due < seconds * 1000 / EACH) return setTimeout(push, EACH);
    setTimeout(() => (state.done = true), 50);
  };
  push();

  const work = (milliseconds) => {
    // A fixed amount of what scripts do, not an amount of time: the page must cost the same with and without us.
    let text = "";
    for (let round = 0; round < milliseconds * 4; round++) text = JSON.stringify(items(round, 8)).slice(0, 900);
    state.worked += text.length;
  };
  /** The unit in which times can be compared between machines: a fixed amount of work, which the trace finds by this name. */
  state.measure = (times = 5) => {
    if (!times--) return (state.measured = true);
    setTimeout(function unit() {
      work(50);
      state.measure(times);
    });
  };
  /** Where buttons and fields are, for who clicks there. */
  state.places = () => [...document.querySelectorAll("#bar button, #bar input")].map((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2, field: element.localName === "input" };
  });
  /** How long each interaction took, in ms, as INP counts it: the longest event of those with one id. */
  const took = new Map();
  const add = (list) => {
    for (const { duration, interactionId } of list) {
      if (interactionId) took.set(interactionId, Math.max(duration, took.get(interactionId) || 0));
    }
  };
  const observer = new PerformanceObserver((list) => add(list.getEntries()));
  observer.observe({ type: "event", durationThreshold: 16, buffered: true });
  state.interactions = () => {
    add(observer.takeRecords());
    return [...took.values()];
  };

  addEventListener("DOMContentLoaded", () => {
    const cards = [...document.querySelectorAll(".card")];
    const toast = document.querySelector("#toast");
    let turn = 0;
    // The page lives: prices change, cards come and go, messages are shown, and it scrolls.
    const live = () => {
      turn++;
      for (let at = 0; at < 10; at++) cards[(turn * 10 + at) % cards.length].querySelector(".price").textContent = `${turn % 90}.90 €`;
      const card = cards[turn % cards.length];
      card.classList.toggle("new");
      if (turn % 4 === 0) card.parentNode.append(card.cloneNode(true));
      else if (turn % 4 === 1) card.parentNode.lastElementChild.remove();
      if (turn % 10 === 0) toast.textContent = turn % 20 ? "Added to the cart" : "";
      if (turn % 3 === 0) scrollTo(0, (turn * 40) % 600);
      if (!state.done) setTimeout(live, 50);
    };
    if (seconds) live();
    for (const button of document.querySelectorAll("button")) {
      button.addEventListener("click", () => {
        work(1);
        document.querySelector("#count").textContent = ++turn;
      });
    }
    for (const form of document.forms) form.addEventListener("submit", (event) => event.preventDefault());
    for (const field of document.querySelectorAll("input,textarea,select")) {
      field.addEventListener("input", () => (field.nextElementSibling.textContent = String(field.value.length)));
    }
  });
})();

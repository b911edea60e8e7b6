// What is told to whoever is compared, 20 times a second. `tell` is set by the page's tag; without one the same is made and told to nobody.
(() => {
  const EACH = 50;
  // A product with each parameter that GA4's reference has, which makes half a kilobyte of JSON.
  const item = (nth) => ({
    item_id: `SKU_${12345 + (nth % 17)}`, item_name: `Roast of the day, number ${nth % 17}`, affiliation: "Kahvikauppa online", coupon: "AUTUMN",
    discount: 2.22, index: nth % 8, item_brand: "Paahtimo", item_category: "Coffee", item_category2: "Beans", item_category3: "Dark",
    item_category4: "Organic", item_category5: "500 g", item_list_id: "related", item_list_name: "Related products", item_variant: "whole",
    location_id: "HEL-kauppa-17", price: 30.01 + nth, quantity: 1 + (nth % 3),
  });
  const NAMES = ["view_item", "add_to_cart", "view_cart", "begin_checkout", "add_payment_info"];
  const state = (window.rival = { tell() {}, told: 0 });
  state.go = (number) => {
    const timer = setInterval(() => {
      const nth = state.told++;
      state.tell(NAMES[nth % NAMES.length], { currency: "EUR", value: 30.03 + nth }, item(nth));
      if (state.told === number) clearInterval(timer);
    }, EACH);
  };
})();

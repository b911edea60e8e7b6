// Every e-commerce event of GA4, in the shape of Google's own reference, and who is told of it in which spelling.
window.dataLayer = window.dataLayer || [];
function gtag() {
  dataLayer.push(arguments);
}
const tee = {
  item_id: "SKU_12345",
  item_name: "Stan and Friends Tee",
  affiliation: "Google Merchandise Store",
  coupon: "SUMMER_FUN",
  discount: 2.22,
  index: 0,
  item_brand: "Google",
  item_category: "Apparel",
  item_category2: "Adult",
  item_category3: "Shirts",
  item_category4: "Crew",
  item_category5: "Short sleeve",
  item_list_id: "related_products",
  item_list_name: "Related Products",
  item_variant: "green",
  location_id: "ChIJIQBpAG2ahYAR_6128GcTUEo",
  price: 10.01,
  quantity: 3,
};
const shirt = { ...tee, item_id: "SKU_12346", item_name: "Google Grey Women's Tee", index: 1, item_variant: "gray", price: 21.01, quantity: 2, discount: 0.5 };
const promoted = { ...tee, creative_name: "Summer Banner", creative_slot: "featured_app_1", promotion_id: "P_12345", promotion_name: "Summer Sale" };
const sum = { currency: "USD", value: 30.03 };
const related = { item_list_id: "related_products", item_list_name: "Related products" };
const promotion = { creative_name: "Summer Banner", creative_slot: "featured_app_1", promotion_id: "P_12345", promotion_name: "Summer Sale" };
const order = { currency: "USD", value: 72.05, coupon: "SUMMER_SALE", shipping: 5.99, tax: 4.9 };
window.reference = [
  ["view_promotion", { ...promotion, items: [promoted] }],
  ["select_promotion", { ...promotion, items: [promoted] }],
  ["search", { search_term: "t-shirts" }],
  ["view_item_list", { ...sum, ...related, items: [tee, shirt] }],
  ["select_item", { ...related, items: [tee] }],
  ["view_item", { ...sum, items: [tee] }],
  ["add_to_wishlist", { ...sum, items: [tee] }],
  ["add_to_cart", { ...sum, items: [tee] }],
  ["view_cart", { ...sum, items: [tee, shirt] }],
  ["remove_from_cart", { ...sum, items: [shirt] }],
  ["begin_checkout", { ...sum, coupon: "SUMMER_FUN", items: [tee] }],
  ["add_shipping_info", { ...sum, coupon: "SUMMER_FUN", shipping_tier: "Ground", items: [tee] }],
  ["add_payment_info", { ...sum, coupon: "SUMMER_FUN", payment_type: "Credit Card", items: [tee] }],
  ["purchase", { ...order, transaction_id: "T_12345", customer_type: "new", items: [tee, shirt] }],
  ["refund", { ...order, transaction_id: "T_12345", items: [tee] }],
  ["share", { method: "Twitter", content_type: "image", item_id: "C_12345" }],
  ["login", { method: "Google" }],
  ["sign_up", { method: "Google" }],
  ["generate_lead", { ...sum, lead_source: "Trade Show" }],
];
/** What Polku leaves out: what can name a person, an order or a place. */
const dropped = ["affiliation", "coupon", "location_id", "transaction_id", "customer_type", "lead_source"];
const rest = (data) => Object.fromEntries(Object.entries(data).filter(([name]) => !dropped.includes(name)));
window.kept = () => reference.map(([name, data]) => [name, data.items ? { ...rest(data), items: data.items.map(rest) } : rest(data)]);
window.object = ([event, ecommerce]) => {
  dataLayer.push({ ecommerce: null });
  dataLayer.push({ event, ecommerce });
};
window.google = ([name, data]) => gtag("event", name, data);

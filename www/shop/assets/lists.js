// Signals of lists, searches and the promotion.
import { data } from "./data.js";
import { commerce, item } from "./layer.js";

const place = (list) => ({ item_list_id: list.id, item_list_name: list.name });

/** Pushes what this page lists, found or promotes, and what is chosen of it. */
export function lists() {
  if (data.promotion) {
    const { id, name, slot, sku } = data.promotion;
    const promotion = { promotion_id: id, promotion_name: name, creative_slot: slot, items: [item(sku)] };
    commerce("view_promotion", promotion);
    document.querySelector("[data-polku-id=promotion]").addEventListener("click", () => {
      commerce("select_promotion", promotion);
    });
  }

  if (data.search?.term) {
    window.dataLayer.push({ event: "search", search_term: data.search.term, results: data.search.results });
  }

  if (data.list?.skus.length) {
    const items = data.list.skus.map((sku, index) => item(sku, 1, { index, ...place(data.list) }));
    commerce("view_item_list", { currency: data.currency, ...place(data.list), items });

    document.querySelector("[data-list]").addEventListener("click", (event) => {
      const sku = event.target.closest("a") && event.target.closest("[data-sku]")?.dataset.sku;
      if (!sku) return;
      const index = data.list.skus.indexOf(sku);
      commerce("select_item", { ...place(data.list), items: [item(sku, 1, { index, ...place(data.list) })] });
    });
  }
}

// The header: the cart's count, and the search row that makes room on small screens.
import { count, watch } from "./cart.js";
import { text } from "./data.js";

const link = document.querySelector("[data-test=cart-link]");
const badge = link.querySelector("[data-cart-count]");

watch(() => {
  const n = count();
  badge.textContent = String(n);
  badge.classList.toggle("some", n > 0);
  link.setAttribute("aria-label", text(n === 1 ? "cart_count_one" : "cart_count", { n }));
});

// An observed mark at the top of the page instead of a scroll listener.
new IntersectionObserver(([entry]) => {
  document.documentElement.toggleAttribute("data-scrolled", !entry.isIntersecting);
}).observe(document.querySelector("[data-top]"));

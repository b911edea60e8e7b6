// The shop's one entry: what every page does, then what this page does.
import "./polku.js";
import { data } from "./data.js";
import "./head.js";
import "./consent.js";
import "./demo.js";
import { cartPage } from "./cart-page.js";
import { checkoutPage } from "./checkout.js";
import { lists } from "./lists.js";
import { orderPage, thanksPage } from "./orders.js";
import { productPage } from "./product.js";

const pages = { product: productPage, cart: cartPage, checkout: checkoutPage, thanks: thanksPage, order: orderPage };

pages[data.page]?.();
lists();

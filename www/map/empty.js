// What to do where there is nothing yet.

import { h, replace } from "./dom.js";
import { t } from "./texts.js";

export function showEmpty(place) {
  const tag = `<script async src="${location.origin}/polku/polku.js"\n        data-key="pk_demo"\n        data-collector="${location.origin}/v1/batch"></script>`;
  replace(place, h("section", { class: "empty" },
    h("div", { class: "trail", "aria-hidden": "true" }, Array.from({ length: 5 }, () => h("span"))),
    h("h2", null, t("emptyTitle")), h("p", null, t("emptyText")),
    h("p", null, h("a", { class: "button", href: "/shop/" }, t("emptyButton"))),
    h("p", { class: "own" }, t("emptyOwn")), h("pre", { tabindex: "0" }, h("code", null, tag))));
}

// Polku, as the README embeds it, for a shopper who has agreed before.
window.polku = window.polku || function () { (polku.q = polku.q || []).push([performance.now(), ...arguments]); };
polku("consent", { measure: true, remember: true, since: "earlier" });
bench.tell = (name, money, item) => polku("track", name, { ...money, items: [item] });
bench.open = () => polku("prompt.open", "peers");
bench.shown = () => /recommend us/.test(document.querySelector("[data-polku-prompt]")?.shadowRoot?.textContent ?? "");

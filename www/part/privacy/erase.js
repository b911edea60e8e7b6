// Everything goes: here, and at each collector that can erase.
import { sweep } from "../deliver/store.js";
import { known } from "./known.js";

/** Requests are given up after 15 s (www/part/deliver/send.js); nothing is waited for longer. In ms. */
const PATIENCE = 16000;
const OFTEN = 50;

const until = async (done) => {
  const end = performance.now() + PATIENCE;
  while (!done() && performance.now() < end) await new Promise((go) => setTimeout(go, OFTEN));
};

export async function erased(inside) {
  const { extra } = inside;
  const { journey, collectors } = known(inside, true);
  const asked = [];
  extra.left = (entry) => asked.push(entry);
  window.polku.withdraw();
  extra.left = 0;
  // What the widget itself did not take away: it may be gone, or broken. And that the shopper did not want to be asked.
  sweep();
  document.cookie = "polku_quiet=;path=/;max-age=0;samesite=lax";
  await until(() => asked.every(({ status }) => status !== undefined));
  const hosts = (entries) => [...new Set(entries.map(({ to }) => to))];
  const good = ({ status }) => status >= 200 && status < 300;
  return {
    erased: hosts(asked.filter(good)),
    // Whoever was sent nothing has nothing.
    cannot: journey ? collectors.filter(({ erases }) => !erases).map(({ host }) => host || "dataLayer") : [],
    missed: hosts(asked.filter((entry) => !good(entry))),
  };
}

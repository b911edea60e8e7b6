// Everything goes: here, and at each collector that can erase.
import { CHAT, sweep } from "../deliver/store.js";
import { known } from "./known.js";

/** Requests are given up after 15 s (www/part/deliver/send.js); nothing is waited for longer. In ms. */
const PATIENCE = 16000;
const OFTEN = 50;

const until = async (done) => {
  const end = performance.now() + PATIENCE;
  while (!done() && performance.now() < end) await new Promise((go) => setTimeout(go, OFTEN));
};

/** A conversation with the shop is erased there, too. Where it goes is known before anything is taken away. */
const hush = ({ options: { chat, key } }) => {
  try {
    const { line } = JSON.parse(sessionStorage.getItem(CHAT) || localStorage.getItem(CHAT));
    const url = new URL(chat, location.href);
    const entry = { to: url.host };
    fetch(`${url.href.replace(/[?#].*/, "").replace(/\/$/, "")}/${JSON.parse(line).c}`, {
      method: "POST",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      keepalive: true,
      body: JSON.stringify({ polku_chat: 1, key, forget: true }),
    }).then(
      // What is not there any more is erased.
      ({ status }) => (entry.status = status === 404 || status === 410 ? 200 : status),
      () => (entry.status = 0),
    );
    return [entry];
  } catch {
    return [];
  }
};

export async function erased(inside) {
  const { extra } = inside;
  const { journey, collectors } = known(inside, true);
  const asked = hush(inside);
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

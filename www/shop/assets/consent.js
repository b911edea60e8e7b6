// The consent banner, and the one place that tells Polku what the visitor decided.
import { getCookie, setCookie } from "./cookies.js";
import { text } from "./data.js";
import { polkuCall } from "./polku.js";
import { toast } from "./toast.js";

const COOKIE = "kk_consent";
const banner = document.querySelector("[data-consent-banner]");
let opener;

function tell(granted, earlier) {
  const decision = { measure: granted, remember: granted };
  if (earlier) decision.since = "earlier";
  polkuCall("consent", decision);
}

function decide(choice) {
  const before = getCookie(COOKIE);
  setCookie(COOKIE, choice);
  banner.hidden = true;
  if (choice === "denied" && before === "granted") polkuCall("withdraw");
  else if (choice !== before) tell(choice === "granted", false);
  toast(text("consent_saved"));
  // The focus goes back to where the banner was opened from, else to the page.
  (opener ?? document.getElementById("content")).focus({ preventScroll: true });
  opener = undefined;
}

const earlier = getCookie(COOKIE);
if (earlier === "granted" || earlier === "denied") tell(earlier === "granted", true);

for (const button of banner.querySelectorAll("[data-consent]")) {
  button.addEventListener("click", () => decide(button.dataset.consent));
}

for (const button of document.querySelectorAll("[data-consent-settings]")) {
  button.addEventListener("click", () => {
    opener = button;
    banner.hidden = false;
    banner.querySelector("h2").focus({ preventScroll: true });
  });
}

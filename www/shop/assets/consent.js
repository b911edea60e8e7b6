// The consent banner, and the one place that tells Polku what the visitor decided.
import { getCookie, setCookie } from "./cookies.js";
import { text } from "./data.js";
import { polkuCall } from "./polku.js";
import { toast } from "./toast.js";

const COOKIE = "kk_consent";
/** What was switched off in the widget's own view, of what the banner asks for as one. */
const LESS = "kk_less";
const banner = document.querySelector("[data-consent-banner]");
let opener;

const less = () => (getCookie(LESS) || "").split(".").filter(Boolean);

function tell(granted, earlier) {
  const off = less();
  const decision = { measure: granted, remember: granted && !off.includes("remember") };
  if (off.includes("feedback")) decision.feedback = false;
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

// Decided in the widget's own view, which has told Polku already: it holds on the next pages as well.
document.addEventListener("polku-consent", (event) => {
  const off = new Set(less());
  for (const [purpose, granted] of Object.entries(event.detail)) {
    if (purpose === "measure") {
      setCookie(COOKIE, granted ? "granted" : "denied");
      banner.hidden = true;
      // The banner asks for both.
      if (granted) off.add("remember");
    } else if (granted) off.delete(purpose);
    else off.add(purpose);
  }
  setCookie(LESS, [...off].join("."));
  event.preventDefault();
});

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

// The demo's own switch: feedback mode is an attribute of Polku's tag, so the server has to write the page again.
import { getCookie, setCookie } from "./cookies.js";

document.querySelector("[data-feedback]").addEventListener("click", () => {
  setCookie("kk_mode", getCookie("kk_mode") === "feedback" ? "strict" : "feedback");
  location.reload();
});

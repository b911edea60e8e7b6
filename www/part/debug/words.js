import { inLanguage } from "../language.js";

/* global POLKU_FILES -- names of the built files, written in by the build */
const { texts } = POLKU_FILES;

/** The panel's words: in Finnish on Finnish pages, else in English. */
export const words = async () => (await fetch(new URL(inLanguage(texts, document.documentElement.lang), import.meta.url))).json();

"use client";
// Polku for React: a provider, two hooks and the two elements as components. React itself is the shop's. On a server nothing happens; in strict mode, where
// effects run twice, Polku starts once.
import { createContext, createElement, useContext, useEffect, useSyncExternalStore } from "react";
import { init, polku } from "./polku.mjs";

const Context = createContext(polku);

/** How many providers are on the page; the last one that goes takes Polku with it, unless another comes at once. */
let providers = 0;
let leaving;

/** Starts Polku when it is first on the page. `options`: those of `init`; what is changed in them later has no effect. */
export function PolkuProvider({ options, children }) {
  useEffect(() => {
    clearTimeout(leaving);
    // A second `init` while it runs does nothing.
    if (!providers++) init(options);
    return () => {
      if (!--providers) leaving = setTimeout(() => polku.destroy());
    };
  }, []);
  return createElement(Context.Provider, { value: polku }, children);
}

/** The JS API; on a server the one that does nothing. */
export const usePolku = () => useContext(Context);

// The journey is asked for anew only when something has happened: whoever compares two answers finds the same object until then.
let journey = null;
const readers = new Set();
let offs = [];
const look = () => {
  journey = polku.journey();
  for (const tell of readers) tell();
};
function subscribe(tell) {
  if (!readers.size) {
    offs = ["stage", "touchpoint", "consent"].map((topic) => polku.on(topic, look));
    // It may have begun before anybody asked.
    journey = polku.journey();
  }
  readers.add(tell);
  return () => {
    readers.delete(tell);
    if (!readers.size) for (const off of offs.splice(0)) off();
  };
}
const current = () => journey;
const none = () => null;

/** The journey as it is now; `null` before `measure` is granted, and on a server. */
export const useJourney = () => useSyncExternalStore(subscribe, current, none);

/** An element of ours, which is defined when the first of them is on a page. */
const element = (name) =>
  function Element({ open, children, ...rest }) {
    useEffect(() => {
      import("./elements.mjs");
    }, []);
    return createElement(name, { ...rest, ...(open ? { open: true } : {}) }, children);
  };

/** `<polku-prompt prompt="…">` */
export const PolkuPrompt = element("polku-prompt");
/** `<polku-launcher prompt="…">` */
export const PolkuLauncher = element("polku-launcher");

// Polku's documented stub: calls made before the async tag has loaded wait in a queue with their times.
window.polku = window.polku || function () { (polku.q = polku.q || []).push([performance.now(), ...arguments]); };

/** Calls Polku by name, whether it has loaded or not. */
export const polkuCall = (...args) => window.polku(...args);

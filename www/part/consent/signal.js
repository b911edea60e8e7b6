/** Do Not Track in the three places where browsers have put it, and the two words by which they say yes. */
const PLACES = [
  () => navigator.doNotTrack,
  () => window.doNotTrack,
  () => navigator.msDoNotTrack,
];
const YES = ["1", "yes"];

const ask = (read) => {
  try {
    return read();
  } catch {
    // What cannot be asked has said nothing.
  }
};

/** What the browser objects by: `gpc` or `dnt`; nothing where it does not. That it does not object is no consent. */
export const signal = () =>
  ask(() => navigator.globalPrivacyControl) === true ? "gpc" : PLACES.some((place) => YES.includes(ask(place))) ? "dnt" : undefined;

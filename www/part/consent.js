// Sources of consent: finds which platform the page has, now or later, asks it through a part of its own, and tells the shell what they
// all come to. Fetched unless the shop speaks for itself alone (`data-consent="api"`). Decides nothing but what `resolve` does: that
// is here, and not in the module, because only pages that ask platforms need it.
/* global POLKU_FILES -- the hashes of the platforms' parts by name, written in by the build */
import { resolve } from "./consent/resolve.js";
import { signal } from "./consent/signal.js";

const hashes = POLKU_FILES.platforms;

/** By which globals a platform is known. Google's is looked for in another way. */
const GLOBALS = {
  tcf: ["__tcfapi"],
  google: [],
  cookiebot: ["Cookiebot"],
  onetrust: ["OneTrust"],
  usercentrics: ["__ucCmp", "UC_UI"],
  didomi: ["Didomi"],
  klaro: ["klaro"],
  cookieyes: ["getCkyConsent"],
  "cookie-information": ["CookieInformation"],
  complianz: ["cmplz_has_consent"],
  "wp-consent": ["wp_has_consent"],
  shopify: ["Shopify"],
};

/** Events by which those that come later say so; each is heard on its way down, whoever it is for. */
const ARRIVALS =
  "CookiebotOnConsentReady OneTrustGroupsUpdated UC_UI_INITIALIZED CookieInformationConsentGiven cookieyes_banner_load cmplz_fire_categories " +
  "wp_consent_type_defined";

/**
 * For those that do not, and for those that are there and not ready, one has to look again: soon at first, then once in this time, in ms.
 * A banner must have been seen before it is answered (nobody reads and answers one faster), else what was observed meanwhile would count.
 */
const OFTEN = 1000;
const SOON = 250;
/** … for so long while the page is seen, in ms: tag managers have brought a platform within seconds, also over a slow line. */
const LOOKING = 60_000;
/** Some tell before they have stored what they tell: they are asked again after this long, in ms. */
const SETTLED = 1000;

/** A consent mode begins with its default, which tag managers push before all else; a data layer may say that it is endless. */
const FIRST = 500;

const isConsent = (entry) => entry && entry[0] === "consent";

const isThere = (name) => {
  try {
    if (name === "google") return (window.google_tag_data || {}).ics || (Array.isArray(window.dataLayer) && [].slice.call(window.dataLayer, 0, FIRST).some(isConsent));
    return GLOBALS[name].some((key) => window[key]);
  } catch {
    // Whatever a page keeps under that name, it is none that can be asked.
  }
};

const cookie = (name) => (`; ${document.cookie}`.split(`; ${name}=`)[1] || "").split(";")[0];

/**
 * What was started takes decisions; this stands before it. Gives back the same calls, of which those about consent come here first. Listeners to the
 * topic `consent` hear how things stand.
 */
export function before(started, { root, options, listeners, fail }) {
  const { consent = "auto", consentPurpose, gpc } = options;
  const platforms = Object.keys(GLOBALS);
  const named = platforms.includes(consent) && consent;
  // What else may be meant must not be guessed.
  const wrong = gpc !== undefined && gpc !== "always" ? "gpc" : named || consent === "auto" || consent === "api" ? "" : "consent";
  if (started && wrong) {
    fail(104, `data-${wrong}`);
    started.destroy();
  }
  if (!started || wrong) return false;
  const wanted = named ? [named] : consent === "auto" ? platforms : [];
  const why = { signal: signal(), always: gpc, named };
  const words = { api: { by: "api" } };
  const told = {};
  const offs = [];
  let on = true;
  let coming = 0;
  // What the shop has said since this was last told, and when.
  let given, when;
  let looked, ended, state;

  const decide = (...said) => {
    try {
      started.consent(...said);
    } catch (error) {
      fail(900, "consent", error);
    }
  };

  /** Tells what all words come to, where that is new. */
  const tell = () => {
    // What is being fetched may disagree, but with a refusal.
    if (!on || (coming && !(given && given.measure === false))) return;
    const of = (purpose) => resolve(Object.values(words).map((word) => ({ ...word, says: word[purpose] })), why);
    let [measure, remember] = [of("measure"), of("remember")];
    // A grant that is taken back without a refusal is one, and stays so until somebody chooses.
    if (measure.says === undefined && told.measure !== undefined) measure = remember = { says: false, by: told.by };
    const is = ({ says }) => (says === undefined ? "undecided" : says ? "granted" : "denied");
    const now = { measure: is(measure), remember: is(remember) };
    if (measure.by) Object.assign(now, { by: measure.by, since: measure.earlier ? "earlier" : "now" });
    let [says, keeps] = [measure.says, remember.says];
    // The browser objects, and nobody has decided. That ends a visit only once it is known: a platform may still come, and tell of an earlier grant.
    const known = gpc || ended || Object.values(words).some((word) => word.measure === null);
    if (why.signal && measure.by === why.signal && !known && !told.measure) says = keeps = undefined;
    if (given || says !== told.measure || keeps !== told.remember) {
      Object.assign(told, { measure: says, remember: keeps, by: measure.by });
      decide(given ? when : performance.now(), { ...given, measure: says, remember: keeps, since: now.since, by: measure.by, policy: words.api.policy });
    }
    given = undefined;
    if (JSON.stringify(now) === JSON.stringify(state)) return;
    state = now;
    for (const listen of listeners.consent || []) queueMicrotask(() => listen({ ...now }));
  };

  const hear = (word, says, slow) => {
    // It does not know yet.
    if (says === undefined) return;
    const choice = says === true || says === false;
    if (!choice) says = null;
    if (says === word.measure) return;
    // The first that is heard of it. Google's does not tell a record from a click: only what was there with us is one. And where what asks
    // was long in coming the shopper may have been quicker.
    word.earlier = choice && word.measure === undefined && !(word.relay && word.late) && !slow;
    word.measure = word.remember = says;
  };

  /** Asks one platform. What throws has said nothing. */
  const ask = (word) => {
    const failed = (error) => fail(501, word.by, error);
    try {
      word.read ||= word.make && word.make(word);
      if (!word.read) return;
      const turn = (word.turn = (word.turn || 0) + 1);
      // That is about the first answer alone.
      const { slow } = word;
      word.slow = false;
      const says = word.read();
      if (!says || !says.then) return hear(word, says, slow);
      says.then((says) => {
        if (turn !== word.turn) return;
        hear(word, says, slow);
        tell();
      }, failed);
    } catch (error) {
      failed(error);
    }
  };

  const meet = async (by) => {
    const word = (words[by] = {
      by,
      relay: by === "google",
      late: looked,
      own: consentPurpose,
      cookie,
      listen,
      off: (run) => offs.push(run),
      changed: () =>
        queueMicrotask(() => {
          if (!on) return;
          ask(word);
          tell();
        }),
      missing: () => fail(502, `${by} ${consentPurpose || ""}`.trim()),
    });
    coming++;
    const began = performance.now();
    try {
      ({ source: word.make } = await import(`${root}part-consent-${by}-${hashes[by]}.js`));
      word.slow = performance.now() - began > OFTEN;
      if (on) ask(word);
    } catch (error) {
      fail(901, `consent ${by}`, error);
    }
    coming--;
    tell();
  };

  const look = (again) => {
    if (!on) return;
    for (const name of wanted) {
      const word = words[name];
      if (!word) {
        if (isThere(name)) meet(name);
      } else if (again || word.measure === undefined) ask(word);
    }
    looked = true;
    tell();
  };

  let settling, timer;
  const heard = () =>
    queueMicrotask(() => {
      look(1);
      if (on) settling ||= setTimeout(() => look(1, (settling = 0)), SETTLED);
    });
  const listening = new Set();
  function listen(names, run = heard) {
    for (const name of names.split(" ")) {
      if (listening.has(name)) continue;
      listening.add(name);
      addEventListener(name, run, true);
      offs.push(() => removeEventListener(name, run, true));
    }
  }

  let wait = SOON;
  let left = LOOKING;
  const later = () => {
    clearTimeout(timer);
    const found = named && words[named] && words[named].measure !== undefined;
    if (document.hidden || ended || found || !wanted.length) return;
    timer = setTimeout(() => {
      left -= wait;
      wait = Math.min(wait * 2, OFTEN);
      if (left <= 0) {
        ended = true;
        if (named) fail(503, named);
      }
      look();
      later();
    }, wait);
  };

  if (wanted.length) {
    listen(ARRIVALS);
    // What was decided on another page, or in another tab, may be known here by a cookie.
    listen("visibilitychange pageshow", () => {
      look(1);
      later();
    });
  }
  look();
  later();
  /** The shop's own code is one more source. */
  const say = (at, said) => {
    const { measure, remember, since, policy, by = "api" } = said || {};
    const { api } = words;
    // The shopper's own view speaks for the shopper as the shop's code does.
    api.by = by;
    if (measure !== undefined) api.measure = !!measure;
    if (remember !== undefined) api.remember = !!remember;
    if (policy !== undefined) api.policy = policy;
    api.earlier = since === "earlier";
    given = { ...given, ...said };
    when = at;
    tell();
  };
  return {
    ...started,
    consent: say,
    withdraw(at) {
      say(at, { measure: false });
      started.withdraw(at);
    },
    destroy() {
      on = false;
      clearTimeout(timer);
      clearTimeout(settling);
      for (const off of offs) {
        try {
          off();
        } catch {
          // A platform that fails as it is left is left all the same.
        }
      }
      started.destroy();
    },
  };
}

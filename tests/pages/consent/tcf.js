// Doubles: the stub of an IAB TCF platform and the platform itself, as a page sees them.
// Source: "Consent Management Platform API v2" of the TCF technical specifications (2.2, 2.3), and its stub.
// Not doubled: TC strings that decode, the vendor list, postMessage from frames, the commands for other regimes.
// From memory: that a listener added after a choice hears `useractioncomplete` again, not `tcloaded`; the purposes of vendors.
(() => {
  const NAME = "double-tcf";
  const stored = () => document.cookie.match(/double-tcf=(\w+)/)?.[1];
  const keep = (what) => (document.cookie = `${NAME}=${what};path=/`);
  const queue = [];
  const listeners = new Map();
  let how = "undecided";
  let applies = true;
  let here = false;
  let said = "";
  let choice;
  let next = 1;

  const each = (value) => Object.fromEntries([1, 2, 7, 8, 9, 10].map((id) => [id, value]));
  const data = (listenerId) => {
    if (how === "nonsense") return { eventStatus: 7, gdprApplies: "yes", publisher: "all", purpose: null, vendor: [], listenerId: {} };
    const consents = each(choice === "granted");
    const vendors = { consents: { 755: choice === "granted" }, legitimateInterests: { 755: true }, disclosedVendors: { 755: true } };
    return {
      tcString: choice ? "double" : undefined, tcfPolicyVersion: 5, cmpId: 1, cmpVersion: 1, cmpStatus: "loaded", listenerId,
      eventStatus: said, gdprApplies: applies, isServiceSpecific: true, useNonStandardTexts: false, publisherCC: "FI",
      purposeOneTreatment: false,
      // Legitimate interests are on from the start: they are no one's choice.
      purpose: { consents, legitimateInterests: each(true) },
      vendor: vendors, specialFeatureOptins: {},
      publisher: { consents: { ...consents }, legitimateInterests: each(true),
        customPurpose: { consents: {}, legitimateInterests: {} }, restrictions: {} },
    };
  };
  const tell = (status) => {
    said = status;
    for (const [id, run] of [...listeners]) run(data(id), true);
  };
  const ping = () => ({
    gdprApplies: here ? applies : undefined, cmpLoaded: here, cmpStatus: here ? "loaded" : "stub", apiVersion: "2.2",
    displayStatus: said === "cmpuishown" ? "visible" : "hidden", cmpVersion: here ? 1 : undefined, cmpId: here ? 1 : undefined,
    gvlVersion: here ? 1 : undefined, tcfPolicyVersion: here ? 5 : undefined,
  });
  const commands = {
    ping: (run) => run(ping()),
    addEventListener: (run) => {
      const id = next++;
      listeners.set(id, run);
      if (said || how === "nonsense") run(data(id), true);
    },
    removeEventListener: (run, id) => run(listeners.delete(id)),
    // Deprecated, and it answers before anybody has chosen: whoever reads it without looking at the status is wrong.
    getTCData: (run) => run(data(), true),
  };
  window.__tcfapi = (command, version, run, more) => {
    if (here && how === "throws") throw new Error("tcf double");
    if (!here) return command === "ping" ? run(ping(), true) : void queue.push([command, version, run, more]);
    if (commands[command]) commands[command](run, more);
    else run(null, false);
  };
  const decide = (what) => {
    keep(what);
    if (!here) return;
    if (choice) tell("cmpuishown");
    choice = what;
    tell("useractioncomplete");
  };
  (window.cmps ??= {}).tcf = window.cmp = {
    load() {
      if (how === "never" || here) return;
      here = true;
      choice = stored();
      // Without an answer of its own yet, the platform says nothing, not even that its window is open.
      said = applies === undefined ? "" : choice || applies === false ? "tcloaded" : "cmpuishown";
      for (const [command, version, run, more] of queue.splice(0)) {
        try {
          window.__tcfapi(command, version, run, more);
        } catch {
          // A platform that throws does so in its own script.
        }
      }
    },
    /** With "pending" it does not know yet whether the law applies. */
    undecided(why) {
      [how, applies] = ["undecided", why === "pending" ? undefined : true];
    },
    /** The law does not apply here: loaded without a window, nobody asked. */
    byDefault() {
      [how, applies] = ["undecided", false];
    },
    grant: () => decide("granted"),
    deny: () => decide("denied"),
    withdraw: () => decide("denied"),
    throws: () => (how = "throws"),
    nonsense: () => (how = "nonsense"),
    never: () => (how = "never"),
  };
})();

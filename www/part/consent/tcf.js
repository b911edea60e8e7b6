/** States of a listener's data in which somebody has chosen: on an earlier page, or now. While the window is shown nobody has. */
const CHOSEN = ["tcloaded", "useractioncomplete"];

/**
 * IAB TCF, from version 2.2: purposes of the publisher, since Polku is the shop's own and no vendor of the list. 1 to store, 8 to measure
 * content. Legitimate interest is no choice.
 */
export const source = ({ own = "1 8", changed, off }) => {
  let word, id;
  window.__tcfapi("addEventListener", 2, (data, ok) => {
    if (!ok || !data) return;
    id = data.listenerId;
    const { consents } = data.publisher || {};
    const all = data.gdprApplies === true && CHOSEN.includes(data.eventStatus) && consents ? own.split(/\D+/).map((purpose) => consents[purpose]) : [];
    if (all.includes(false)) word = false;
    else if (all.length && all.every((one) => one === true)) word = true;
    // A window that is shown again takes nothing back.
    else if (typeof word !== "boolean") word = null;
    changed();
  });
  off(() => window.__tcfapi("removeEventListener", 2, () => {}, id));
  return () => word;
};

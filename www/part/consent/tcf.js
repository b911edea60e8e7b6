/** States of a listener's data in which somebody has chosen: on an earlier page, or now. While the window is shown nobody has. */
const CHOSEN = ["tcloaded", "useractioncomplete"];

/**
 * IAB TCF, from version 2.2: purposes of the publisher, since Polku is the shop's own and no vendor of the list. 1 to store, 8 to measure
 * content. Legitimate interest is no choice.
 */
export const source = ({ own = "1 8", changed, off, missing }) => {
  // A name is another platform's.
  if (!/^\d+([\s,]+\d+)*$/.test(own)) return missing;
  let word, id;
  window.__tcfapi("addEventListener", 2, (data, ok) => {
    if (!ok || !data) return;
    id = data.listenerId;
    const { gdprApplies, eventStatus, publisher, purpose } = data;
    // A window that is shown again takes nothing back.
    if (gdprApplies !== true || !CHOSEN.includes(eventStatus) || !(publisher || {}).consents) word ??= null;
    else {
      const of = ({ consents }) => own.match(/\d+/g).map((id) => consents[id]);
      const ours = of(publisher);
      if (ours.every((on) => on === true)) word = true;
      // Strings leave out what is refused at their end. Where vendors got what the publisher did not, the platform does not ask for publishers.
      else word = !word && !ours.includes(false) && of(purpose).every((on) => on === true) ? null : false;
    }
    changed();
  });
  off(() => window.__tcfapi("removeEventListener", 2, () => {}, id));
  return () => word;
};

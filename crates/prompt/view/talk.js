// A conversation in the card: what it needs comes with it.

/**
 * Begins one in the box that the card has for it. `over` says whether it was taken off meanwhile; what it is given otherwise is told in `prompt.js`. Gives the conversation,
 * or nothing where it was taken off.
 */
export async function converse({ card, hands, kept, keep, module, over, pill, words, context, ...rest }) {
  const box = card.find(".chat");
  const { chat, privacyUrl, status } = context;
  const { button, h } = hands;
  try {
    const made = await (await module.talk()).talk({
      box,
      card,
      lang: words.lang,
      chat: {
        ...chat,
        kept: { ...kept, ...chat.kept },
        keep(...line) {
          chat.keep(...line);
          keep();
        },
      },
      privacyUrl,
      news(said) {
        pill.firstChild.textContent = said;
        if (status) status.textContent = said;
      },
      hands,
      ...rest,
    });
    if (over()) return made.end();
    if (!card.find("h2").textContent) card.find("h2").textContent = made.title;
    return made;
  } catch {
    if (!over()) box.replaceChildren(h("p", { class: "bad" }, words.offline), button("t", "converse", words.retry));
  }
}

// Shows a prompt in one of its states: with the package's own module, without an engine. `looks.show(name, lang, more)`.
window.looks = (() => {
  const langs = (en, ar) => ({ en, ar });
  const choice = (id, en, ar, more) => ({ id, text: langs(en, ar), ...more });
  const one = (step) => ({ steps: [{ id: "q", next: [{ go: "end" }], ...step }] });
  const HEARD = [
    choice("search", "Search", "محرك بحث"),
    choice("social", "Social media", "وسائل التواصل"),
    choice("friend", "Friend or family", "صديق أو قريب"),
    choice("store", "In a store", "في متجر"),
    choice("other", "Other", "غير ذلك", { other: true }),
  ];
  const SATISFIED = langs("How satisfied are you with your purchase?", "ما مدى رضاك عن عملية الشراء؟");
  const WHY = { id: "why", ask: "text", optional: true, text: langs("What made it difficult?", "ما الذي جعل الأمر صعبًا؟"), next: [{ go: "end" }] };
  const EASE = { id: "ease", ask: "ces", text: langs("How easy or difficult was it to complete your order?", "ما مدى سهولة أو صعوبة إتمام طلبك؟"), next: [{ go: "why" }] };
  const definitions = {
    nps: one({ ask: "nps", text: langs("How likely is it that you would recommend Kahvi Kulma to a friend or colleague?", "ما مدى احتمال أن توصي بمتجرنا لصديق أو زميل؟") }),
    numbers: one({ ask: "csat", text: SATISFIED }),
    faces: one({ ask: "csat", look: "faces", text: SATISFIED }),
    stars: one({ ask: "rating", scale: 5, look: "stars", text: langs("How was the delivery?", "كيف كان التوصيل؟") }),
    single: one({ ask: "single", text: langs("How did you first hear about us?", "كيف سمعت عنا لأول مرة؟"), choices: HEARD }),
    multi: one({ ask: "multi", max: 2, text: langs("What nearly stopped you?", "ما الذي كاد يوقفك؟"), help: langs("Whatever it was: we want to know.", "نود أن نعرف."), choices: [...HEARD.slice(0, 3), choice("none", "Nothing", "لا شيء", { none: true })] }),
    yesno: one({ ask: "yesno", text: langs("Did you find what you were looking for?", "هل وجدت ما كنت تبحث عنه؟") }),
    thumbs: one({ ask: "thumbs", text: langs("Was this page helpful?", "هل كانت هذه الصفحة مفيدة؟") }),
    text: { steps: [WHY] },
    line: one({ ask: "text", rows: 1, text: langs("What were you looking for?", "عمّ كنت تبحث؟") }),
    chat: { steps: [EASE, WHY] },
    help: {
      kind: "help",
      ...one({
        ask: "handoff",
        text: langs("Need a hand?", "هل تحتاج إلى مساعدة؟"),
        actions: [
          { id: "chat", text: langs("Open the chat", "افتح المحادثة"), adapter: "chatwoot", hours: { from: "09:00", to: "17:00" } },
          { id: "mail", text: langs("Write an e-mail", "اكتب رسالة"), href: "mailto:help@example.com" },
          { id: "pay", text: langs("Try another way to pay", "جرّب طريقة دفع أخرى"), href: "https://example.com/pay", note: langs("Card, bank or invoice", "بطاقة أو بنك أو فاتورة") },
        ],
      }),
    },
    contact: { contact: true, ...one({ ask: "contact", text: langs("May we write back to you?", "هل يمكننا الرد عليك؟") }) },
  };
  const events = [];
  let open, card;
  return {
    events,
    names: Object.keys(definitions),
    async show(name, lang = "en", more = {}) {
      if (card) card.destroy();
      if (!open) {
        const { files } = await (await fetch("/polku/manifest.json")).json();
        ({ open } = await import("/polku/" + Object.keys(files).find((file) => /^prompt-.*\.js$/.test(file))));
      }
      const { definition, ...context } = more;
      const whole = { v: 1, id: "looks", locales: ["en", "ar"], defaultLocale: "en", end: { thanks: langs("Thank you! This goes straight to the team.", "شكرًا لك!") }, ...definitions[name], ...definition };
      window.looks.card = card = await open(whole, { sub: "s", trigger: "api", lang, measure: true, user: true, collector: "collect.example", status: null, ...context }, (event) => events.push(event));
    },
  };
})();

// What the first view does by itself: score, why, send, the reply and the question it asks. The leptos component does the
// same on the same nodes, and more gently; where it cannot run, this is all of it.
const RETRY = 15e3;

export const flow = (panel, survey, answer, close, grow, tree) => {
  const { copy } = survey;
  const { draft } = answer;
  const find = (css) => panel.querySelector(css);
  const listeners = [];
  const listen = (type, act) => {
    panel.addEventListener(type, act);
    listeners.push([type, act]);
  };
  let sending, digits;

  const band = () => (draft.score > 8 ? "promoter" : draft.score > 6 ? "passive" : "detractor");
  const say = (trouble) => {
    find(".trouble").textContent = trouble ? copy[trouble] || copy.failed : "";
    find(".send").textContent = /failed|waiting/.test(trouble) ? copy.retry : draft.reply ? copy.add : copy.send;
  };
  /** The nodes as they belong to what is chosen and typed so far. */
  const ask = () => {
    const chosen = draft.score !== undefined;
    const radio = chosen && find(`[value="${draft.score}"]`);
    if (radio) radio.checked = true;
    find("form").hidden = !chosen;
    if (chosen) find("form label").textContent = copy.why[band()];
    const box = find("textarea");
    if (draft.text && box.value !== draft.text) box.value = draft.text;
  };

  const show = (nodes) => {
    const button = find(".close");
    while (panel.firstChild !== button) panel.removeChild(panel.firstChild);
    for (const node of nodes) if (node) panel.insertBefore(node, button);
    const first = find(".thanks");
    if (first) first.focus();
  };
  const done = () => grow(["button", { class: "send done", type: "button" }, copy.done]);
  const over = () => show([grow(["p", { class: "thanks", tabindex: "-1" }, copy.over]), done()]);

  /** A line in small letters with a link, where there is either. */
  const notice = (text, url, words) =>
    text || url
      ? ["p", { class: "notice" }, text ? text + " " : "", url ? ["a", { href: url, target: "_blank", rel: "noopener" }, words || url] : ""]
      : "";
  /** Those to whom the owner offers it may say it in public, too. */
  const review = () => {
    const { url, to } = survey.review || {};
    return url && (draft.score > 8 || to === "everyone") && grow(notice("", url, copy.review));
  };
  const thanks = () => {
    const { text, ask, lang = survey.lang, question, disclosure, receipt } = draft.reply;
    const { reference, answered_by, by_when } = receipt;
    const line = (name, words, more) => words && grow(["p", { class: name, lang, dir: "auto", ...more }, words]);
    const asked = question || copy.ask[ask];
    const promise = answered_by && copy.promise.replace("{who}", () => answered_by).replace(" {when}", by_when ? " " + by_when : "");
    show([
      line("thanks", text, { tabindex: "-1" }),
      ask === "check_score" && asked && grow(tree[2], { ...copy, question: asked }),
      ask && ask !== "check_score" && asked && follow_up(ask, asked, lang),
      !ask && review(),
      line("promise", promise),
      line("reference", copy.reference + " " + reference, { lang: survey.lang }),
      line("reference", disclosure),
      !ask && done(),
    ]);
    const box = find("#more");
    if (box && draft.more) box.value = draft.more;
    const radio = ask === "check_score" && find(`[value="${draft.score}"]`);
    if (radio) radio.checked = true;
  };
  /** Where to reach a customer is a field of its own, with the keyboard for it and the owner's notice. */
  const follow_up = (ask, asked, lang) => {
    const { text, url } = survey.contact || {};
    const is_contact = ask === "contact";
    const box = is_contact
      ? ["input", { id: "more", type: "text", inputmode: "email", autocomplete: "email", enterkeyhint: "send", maxlength: "200" }]
      : ["textarea", { id: "more", rows: "2", dir: "auto" }];
    return grow([
      "form",
      { class: "why", novalidate: "" },
      ["label", { for: "more", lang }, asked],
      box,
      is_contact ? notice(text, url, copy.privacy) : "",
      ["p", { class: "trouble", role: "alert" }],
      ["button", { class: "send", type: "submit" }, copy.add],
    ]);
  };

  const submit = async () => {
    if (sending) return;
    const { reply } = draft;
    if (reply && !(draft.more || "").trim()) return;
    sending = true;
    const button = find(".send");
    find(".trouble").textContent = "";
    button.textContent = copy.sending;
    button.setAttribute("aria-disabled", "true");
    const { trouble } = await (reply ? answer.add(reply.ask) : answer.send());
    sending = false;
    if (trouble === "over") return over();
    if (!trouble) return thanks();
    button.removeAttribute("aria-disabled");
    say(trouble);
  };

  listen("change", async ({ target }) => {
    if (target.type !== "radio") return;
    const puts_right = !!draft.reply;
    const told = answer.choose(+target.value);
    if (!puts_right) ask();
    const { trouble, acknowledgement } = await told;
    if (trouble === "over") return over();
    if (acknowledgement && puts_right) {
      if (acknowledgement.ask === "check_score") acknowledgement.ask = null;
      answer.take({ acknowledgement });
      thanks();
    }
  });
  listen("input", ({ target }) => {
    if (target.type !== "radio") answer.type(target.value, target.id === "more");
  });
  listen("submit", (event) => {
    event.preventDefault();
    submit();
  });
  listen("click", ({ target }) => {
    if (target.closest(".close,.done")) close();
  });
  const by_pointer = () => answer.by_key(false);
  panel.addEventListener("pointerdown", by_pointer);
  if (draft.reply) thanks();
  else ask();

  const send_now = () => {
    const button = find("form:not([hidden]) .send");
    if (button) button.click();
  };
  // What waits goes out by itself, unless its words are being changed.
  const online = () => draft.queued && find(".trouble:not(:empty)") && send_now();
  const timer = setInterval(online, RETRY);

  return {
    online,
    is_asking: () => !sending && !draft.reply && !!find("fieldset"),
    /** Each key pressed in the panel; typing and moving go on by themselves. */
    key: (event) => {
      const { key, target, isComposing, ctrlKey, metaKey, altKey } = event;
      answer.by_key(true);
      if (isComposing) return;
      if (key === "Escape") return close();
      if (key === "Enter" && (ctrlKey || metaKey)) return send_now();
      const within = event.composedPath()[0];
      if (!/^\d$/.test(key) || ctrlKey || metaKey || altKey || /^(textarea|text)$/.test(within.type)) {
        digits = undefined;
        return;
      }
      // 1 and then 0 is a 10, however long it takes: nobody's 10 may become a 0.
      const score = digits === "1" && key === "0" ? "10" : key;
      digits = key;
      const radio = find(`[value="${score}"]`);
      if (radio) {
        radio.focus();
        radio.click();
      }
    },
    /** The leptos component answers from here on. */
    let_go: () => {
      for (const [type, act] of listeners.splice(0)) panel.removeEventListener(type, act);
    },
    stop: () => {
      clearInterval(timer);
      for (const [type, act] of listeners.splice(0)) panel.removeEventListener(type, act);
    },
  };
};

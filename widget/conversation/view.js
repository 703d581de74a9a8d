// What a conversation looks like: the customer's words, what was written since, whether it is better, a box to write back in,
// and what is kept.
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

export const view = (section, first, line, close, grow) => {
  let told = first;
  let better, over, sending, taken;
  const find = (css) => section.querySelector(css);
  const { copy, lang } = first;
  const button = (name, words, more) => ["button", { class: "send " + name, type: "button", ...more }, words];
  const at = (moment) => new Date(moment).toLocaleString(lang, { dateStyle: "medium", timeStyle: "short" });

  /** Texts of people are shown as they are; addresses in them are no links. */
  const bubble = (side, text, under, is_new) => [
    "li",
    { class: side },
    is_new ? ["p", { class: "new" }, copy.new] : "",
    side === "mine" ? ["span", { class: "announcer" }, copy.said + ": "] : "",
    ["p", { class: "words", dir: "auto" }, text],
    under ? ["p", { class: "under" }, under] : "",
  ];
  const signed = ({ signed, created_at }) =>
    [signed && (signed.role ? signed.name + ", " + signed.role : signed.name), at(created_at)].filter(Boolean).join(" · ");

  const said = () => {
    const { response, messages, name } = told;
    const first_new = messages.find((message) => message.is_new);
    const items = [
      bubble("mine", response.comment || filled(copy.score, { score: response.score }), at(response.created_at)),
      ...messages.map((message) =>
        message.author === "customer"
          ? bubble("mine", message.text, at(message.created_at))
          : bubble("theirs", message.text, signed(message.signed ? message : { ...message, signed: { name } }), message === first_new),
      ),
      ...line.waiting().map(({ text }) => bubble("mine", text, sending ? copy.sending : copy.waiting)),
    ];
    return ["ol", { class: "said", "aria-live": "polite" }, ...items];
  };

  /** What was changed, and whether it helped. */
  const outcome = () => {
    const state = told.case;
    const last = told.messages.filter((message) => message.author === "team").pop();
    const is_said = !state || !state.resolution || (last && last.text === state.resolution);
    const changed = is_said ? "" : ["p", {}, ["strong", {}, copy.changed + ": "], state.resolution];
    if (better !== undefined) return ["div", { class: "outcome" }, changed, ["p", { role: "status" }, better ? copy.glad : copy.reopened]];
    if (!state) return "";
    const who = state.answered_by && state.answered_by.name;
    if (state.is_open) {
      if (!who) return "";
      const when = state.due_at && copy.by && filled(copy.by, { when: at(state.due_at) });
      return ["p", { class: "outcome" }, filled(when ? copy.due_by : copy.due, { who, when })];
    }
    return [
      "div",
      { class: "outcome" },
      changed,
      state.asks
        ? [
            "form",
            { class: "verdict", novalidate: "" },
            [
              "fieldset",
              {},
              ["legend", {}, copy.better],
              ["div", { class: "choices" }, button("yes", copy.yes), button("not_yet", copy.not_yet)],
            ],
            ["p", { class: "trouble", role: "alert" }],
          ]
        : "",
    ];
  };

  /** Where news is told. */
  const mails = () => {
    const { notify, may_notify } = told;
    if (!notify && !may_notify) return "";
    const wish = ["div", { class: "choices" }, ["input", { id: "email", type: "email", autocomplete: "email", maxlength: "200", "aria-label": copy.notify }], button("notify small", copy.save)];
    return [
      "div",
      { class: "mails" },
      notify
        ? ["p", { class: "row" }, filled(copy.notify_on, { email: notify }), " ", button("stop small", copy.stop)]
        : ["details", {}, ["summary", {}, copy.notify], wish],
      ["p", { class: "trouble", role: "alert" }],
    ];
  };

  const data = () => {
    const { response } = told;
    const row = (name, value) => (value ? ["p", { class: "row" }, name + " ", ["span", { dir: "auto" }, value]] : "");
    return [
      "details",
      { class: "data" },
      ["summary", {}, copy.data],
      ["p", {}, copy.kept],
      row("", filled(copy.score, { score: response.score })),
      row(copy.page, response.page),
      ...Object.keys(response.answers || {}).map((question) => row(question + ":", "" + response.answers[question])),
      row("", [at(response.created_at), response.reference, response.lang, response.visitor, response.time_zone].filter(Boolean).join(" · ")),
      response.contact
        ? ["p", { class: "row" }, copy.contact + " ", ["span", {}, response.contact], " ", button("no_contact small", "\u00d7", { "aria-label": copy.take_back + ": " + response.contact })]
        : "",
      ["label", { for: "words" }, copy.said],
      ["textarea", { id: "words", rows: "3", dir: "auto" }],
      ["div", { class: "choices" }, button("correct small", copy.correct), button("take_back small", copy.take_back)],
      ["p", { class: "trouble", role: "alert" }],
      ["div", { class: "erasing choices" }, button("download small", copy.download), button("erase small", copy.erase)],
    ];
  };

  const put = () => {
    const is_first = !find("#reply");
    const is_open = find(".data") && find(".data").open;
    const had = section.getRootNode().activeElement;
    const place = section.scrollTop;
    const focused = had && had.id;
    while (section.firstChild) section.removeChild(section.firstChild);
    section.setAttribute("lang", lang);
    section.setAttribute("aria-label", filled(copy.title, { name: told.name }));
    for (const node of [
      [
        "header",
        {},
        ["h2", {}, filled(copy.title, { name: told.name })],
        ["button", { class: "close", type: "button", "aria-label": copy.close }, ["span", { "aria-hidden": "true" }, "\u00d7"]],
      ],
      said(),
      outcome(),
      [
        "form",
        { class: "why back", novalidate: "" },
        // What is still wrong is told as anything else: the tap alone has been heard.
        ["label", { for: "reply" }, better === false ? copy.why : copy.reply],
        ["textarea", { id: "reply", rows: "2", dir: "auto", enterkeyhint: "send" }],
        ["p", { class: "trouble", role: "alert" }],
        ["button", { class: "send", type: "submit" }, copy.send],
      ],
      mails(),
      data(),
    ]) {
      if (node) section.appendChild(grow(node));
    }
    find("#reply").value = line.draft().reply || "";
    // What was taken back can be put back.
    find("#words").value = told.response.comment || taken || "";
    find(".data").open = !!is_open;
    const same = focused && find("#" + focused);
    if (same) same.focus();
    // At what is new, or where the customer was.
    const start = find(".new") || find(".outcome");
    section.scrollTop = is_first && start ? start.parentNode.offsetTop - 64 : place;
  };

  const trouble = (form, what) => {
    const line = find(form + " .trouble");
    line.textContent = what ? copy[what] || copy.failed : "";
    line.classList.toggle("fine", what === "saved");
    if (what) line.scrollIntoView({ block: "nearest" });
  };
  const show = (now) => {
    if (over) return;
    if (now && now.response) told = now;
    put();
  };

  const reply = async () => {
    const text = find("#reply").value.trim();
    if (!text && !line.waiting().length) return;
    if ([...text].length > 2000) return trouble(".back", "too_long");
    if (text) line.write(text);
    line.draft({ reply: undefined });
    sending = true;
    put();
    find("#reply").focus();
    await line.deliver();
    sending = false;
    show(await line.read());
  };
  const judge = async (is) => {
    const now = await line.judge(is);
    if (!now.response) return trouble(".verdict", now.trouble);
    better = is;
    show(now);
    (is ? section : find("#reply")).focus();
  };
  const change = async (patch, where = ".data") => {
    const now = await line.change(patch);
    if (!now.response) return trouble(where, now.trouble);
    show(now);
    // Nothing is left to show of mails that nobody sends any more.
    if (!find(where)) return section.focus();
    trouble(where, "saved");
    find(where + " :is(summary,button)").focus();
  };

  const acts = {
    close,
    yes: () => judge(true),
    not_yet: () => judge(false),
    correct: () => change({ comment: find("#words").value }),
    take_back: () => {
      taken = told.response.comment;
      change({ comment: null });
    },
    no_contact: () => change({ contact: null }),
    stop: () => change({ notify: null }, ".mails"),
    notify: () => {
      const email = find("#email").value.trim();
      if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) return trouble(".mails", "bad_contact");
      change({ notify: email }, ".mails");
    },
    /** All of it, as it is kept. */
    download: () => {
      const { copy, ...all } = told;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([JSON.stringify(all, null, 2)], { type: "application/json" }));
      link.download = told.response.reference + ".json";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1e3);
    },
    // Asked once more, since nothing brings it back.
    erase: () => {
      const box = find(".erasing");
      box.textContent = "";
      for (const node of [["p", { role: "alert" }, copy.erase_sure], button("sure small", copy.erase), button("keep small", copy.erase_no)]) box.appendChild(grow(node));
      find(".keep").focus();
    },
    keep: () => show(),
    sure: async () => {
      const gone = await line.erase();
      if (gone.trouble && gone.trouble !== "gone") return trouble(".data", gone.trouble);
      over = true;
      while (section.firstChild) section.removeChild(section.firstChild);
      section.appendChild(grow(["p", { class: "thanks", tabindex: "-1", role: "status" }, copy.erased]));
      section.appendChild(grow(button("close_all done", copy.close)));
      find(".close_all").focus();
    },
    close_all: close,
  };
  const click = ({ target }) => {
    const pressed = target.closest("button");
    for (const name of Object.keys(acts)) if (pressed && pressed.classList.contains(name)) return acts[name]();
  };
  const submit = (event) => {
    event.preventDefault();
    reply();
  };
  section.addEventListener("input", ({ target }) => {
    if (target.id === "reply") line.draft({ reply: target.value || undefined });
  });
  section.addEventListener("click", click);
  section.addEventListener("submit", submit);
  put();

  return {
    show,
    key: ({ key, ctrlKey, metaKey, isComposing }) => {
      if (key === "Enter" && (ctrlKey || metaKey) && !isComposing) reply();
    },
    stop: () => {
      over = true;
    },
  };
};

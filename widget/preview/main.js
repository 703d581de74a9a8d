// Shows the widget in every state, with nothing stored and nothing sent: for `?heard=preview` and the desk.
import { assign } from "../targeting/assign.js";
import css from "./style.css";

const STATES = [
  ["question", "Question"],
  ["variant_b", "B of the experiment"],
  ["promoter", "Why, after 9 or 10"],
  ["passive", "Why, after 7 or 8"],
  ["detractor", "Why, after 0 to 6"],
  ["thanks", "Thank-you"],
  ["asks", "Thank-you that asks back"],
  ["contact", "Asks where to reach them"],
  ["check_score", "Score and words differ"],
  ["failed", "Sending failed"],
  ["waiting", "Offline"],
  ["too_long", "Too long"],
  ["over", "Survey closed"],
];
const SCORES = { promoter: 9, passive: 7, check_score: 10 };
const WORDS = {
  en: "The staff were friendly, but we waited half an hour.",
  de: "Das Personal war freundlich, aber wir haben eine halbe Stunde gewartet.",
};

/** A memory that ends with the page. */
const forgetful = () => {
  const kept = {};
  const read = (part) => (kept[part] ? JSON.parse(kept[part]) : undefined);
  const write = (part, value) => {
    if (value) kept[part] = JSON.stringify(value);
    else delete kept[part];
    return true;
  };
  return { key: "heard-preview", read, write, marks: () => ({}), draft: () => read(":draft"), note() {}, works: () => true, forget() {} };
};

const REPLY = "Here stands the reply, which reads back what was said.";

/** What the site would answer; signed in at the desk it is the real one. */
const acknowledgement = async ({ base, site }, { comment = "", score, lang }) => {
  try {
    const answer = await fetch(base + "/v1/sites/" + site + "/listen", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ comment, score, lang }),
      credentials: "same-origin",
    });
    if (answer.ok) return (await answer.json()).acknowledgement;
  } catch {}
  return { text: REPLY, ask: null, claims: [], receipt: { reference: "7K3Q-9F2M", answered_by: null, by_when: null } };
};

const select = (chosen, choose) => {
  const host = document.createElement("heard-preview");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  const label = document.createElement("label");
  label.textContent = "Heard preview: nothing is stored ";
  const list = document.createElement("select");
  for (const [value, text] of STATES) list.add(new Option(text, value, value === chosen, value === chosen));
  list.addEventListener("change", () => choose(list.value));
  label.appendChild(list);
  root.appendChild(label);
  document.documentElement.appendChild(host);
};

/** Puts up the widget, and a list of its states. */
export const preview = async (context, load) => {
  const { open } = await load();
  const { base, site, language } = context;
  const answer = await fetch(base + "/v1/sites/" + site + "/survey?lang=" + encodeURIComponent(language()), { credentials: "omit" });
  const survey = await answer.json();
  if (!answer.ok) return context.warn("no preview: " + survey.detail);
  const wanted = new URLSearchParams(location.search).get("state");
  let panel;
  const show = async (state) => {
    if (panel) panel.leave();
    let shown;
    // A survey of its own, which B's words may change.
    const asked = JSON.parse(JSON.stringify(survey));
    if (state === "variant_b" && survey.experiment) assign({ memory: forgetful(), site, visitor() {} }, { ...asked, experiment: { ...asked.experiment, share_percent: 100 } });
    const rehearsal = {
      ...context,
      memory: forgetful(),
      options: { ...context.options, test: "" },
      tell() {},
      closed() {},
      panel: () => shown,
      answer: async (revision) => {
        if (/failed|waiting|too_long|over/.test(state)) return revision.comment === undefined ? {} : { trouble: state };
        const told = await acknowledgement(context, revision);
        const asks = { asks: "what_would_help", contact: "contact", check_score: "check_score" }[state];
        if (asks) [told.ask, told.question] = [asks, undefined];
        if (state === "thanks") {
          told.ask = null;
          const all = (survey.questions || []).slice(0, 3).map(({ id }) => id);
          told.questions = told.questions || (all.length ? all : undefined);
        }
        return { response: { id: revision.id, revision: revision.revision, reference: told.receipt.reference }, acknowledgement: told };
      },
    };
    panel = shown = open(rehearsal, asked, false);
    if (/question|variant_b/.test(state)) return;
    const { root, part } = await parts();
    const score = SCORES[state] === undefined ? 4 : SCORES[state];
    (await part(`[value="${score}"]`)).click();
    if (/promoter|passive|detractor/.test(state)) return;
    const box = await part("form:not([hidden]) textarea");
    box.value = WORDS[survey.lang] || WORDS.en;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    root.querySelector(".send").click();
  };
  const named = STATES.some(([name]) => name === wanted);
  // Who named a state, such as the desk, has a list of their own.
  if (!named) select("question", show);
  await show(named ? wanted : "question");
};

/** What answers comes after the question: waits for a part of it. */
const parts = async () => {
  const host = [...document.querySelectorAll("heard-widget")].pop();
  const root = host.shadowRoot;
  const until = async (look) => {
    for (let tries = 0; tries < 100; tries++) {
      const found = look();
      if (found) return found;
      await new Promise((go) => setTimeout(go, 50));
    }
    throw Error("the widget does not answer");
  };
  await until(() => root.querySelector(".announcer"));
  return { root, part: (css) => until(() => root.querySelector(css)) };
};

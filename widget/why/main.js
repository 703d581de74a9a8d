// Why the question is there, or is not: for the owner's developer, in words. It changes nothing and stores nothing.
import { decide } from "../loader/rules.js";
import { assign } from "../targeting/assign.js";
import { situation } from "../targeting/situation.js";
import { verdicts } from "../targeting/verdicts.js";

const DAY = 864e5;
const WORDS = {
  again: "was asked before",
  pages: "this page",
  devices: "this device",
  languages: "the page's language",
  properties: "a property",
  min_pages: "pages of this visit",
  min_visits: "visits",
  min_days: "days since the first visit",
  sample_percent: "place among a hundred visitors",
  respect_privacy_signals: "the browser asks not to be tracked",
};

/** What the page's content security policy keeps from us while `act` runs. */
const blocked_while = async (act) => {
  const blocked = [];
  const note = ({ effectiveDirective, blockedURI }) => blocked.push(effectiveDirective + " does not allow " + blockedURI);
  document.addEventListener("securitypolicyviolation", note);
  await act();
  await new Promise((go) => setTimeout(go, 100));
  document.removeEventListener("securitypolicyviolation", note);
  return blocked;
};

const moment = ({ on, seconds, percent, selector, name }) =>
  ({
    time: `${seconds} s on the site`,
    time_on_page: `${seconds} s on the page`,
    scroll: `scrolled ${percent} % down`,
    exit: "the mouse leaves upwards",
    visible: `${selector} can be seen`,
    click: `${selector} is clicked`,
    event: `heard("track", "${name}")`,
  })[on] || on;

/** Every rule with what it decided: `{rule, passes, says}`; told on the console, too. */
export const why = async (context) => {
  const { base, site, memory, options, bot, panel, pending, language } = context;
  const told = [];
  const tell = (rule, passes, says) => told.push({ rule, passes, says });
  let survey;
  const blocked = await blocked_while(async () => {
    try {
      const answer = await fetch(base + "/v1/sites/" + site + "/survey?lang=" + encodeURIComponent(language()), { credentials: "omit", cache: "reload" });
      const read = await answer.json();
      if (answer.ok) survey = read;
      tell("survey", answer.ok, answer.ok ? `${base} answers for ${site}` : `${read.code}: ${read.detail}`);
    } catch (error) {
      tell("survey", false, `${base} cannot be reached: ${error.message}`);
    }
    // Only whether it may: a policy decides before it is read.
    if (typeof WebAssembly === "object") {
      try {
        await WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
      } catch {
        tell("wasm", true, "'wasm-unsafe-eval' is not in script-src: a plainer widget does the whole job");
      }
    }
  });
  for (const text of blocked) if (!/wasm/.test(text)) tell("policy", false, text);
  for (const text of Object.keys(context.told)) if (/^not shown/.test(text)) tell("error", false, text);
  tell("automatic", options.ask !== "never", options.ask === "never" ? 'data-ask="never": only heard("ask") asks' : "asks by itself");
  if (bot()) tell("robot", false, "the browser says that a program drives it");
  if (!memory.works()) tell("storage", false, "this browser keeps nothing, so it would be asked on every page");
  const marks = memory.marks();
  const now = Date.now();
  const draft = memory.draft(context.visitor());
  const decided = decide(marks, draft, now);
  if (decided === "resume") tell("draft", true, "an answer is half written");
  if (marks.talking) tell("conversation", decided !== "leave", "a conversation about the last answer is open");
  if (marks.quiet_until > now) tell("quiet", false, "not before " + new Date(marks.quiet_until).toISOString());
  if (marks.enough_until > now) tell("enough", false, "the server had enough for now; asked again after " + new Date(marks.enough_until).toISOString());
  if (survey) {
    for (const { rule, passes, wants, is } of verdicts(survey.ask, situation(context, now))) {
      if (rule === "again") {
        const last = ["answered", "closed", "left"].filter((mark) => marks[mark]);
        const when = last.map((mark) => mark + " " + ((now - marks[mark]) / DAY).toFixed(1) + " days ago").join(", ");
        tell(rule, passes || decided === "resume", when ? when + (passes ? "" : `; ${is} more to go`) : "never asked in this browser");
      } else tell(rule, passes, `${WORDS[rule]}: wants ${wants || "no signal"}, is ${is || "none"}`);
    }
    if (survey.experiment) {
      assign({ ...context, memory: { ...memory, write() {} } }, survey);
      tell("experiment", true, `gets ${survey.variant.slice(-1).toUpperCase()} of ${survey.experiment.name}`);
    }
    const { triggers, delay_seconds } = survey.ask;
    tell("moment", true, "comes with " + (triggers ? triggers.map(moment).join(", or ") : `${delay_seconds} s on the site`));
    for (const { selector } of triggers || []) {
      try {
        if (selector) document.querySelector(selector);
      } catch {
        tell("selector", false, `${selector} is no CSS selector`);
      }
    }
    if (survey.admission) tell("admission", true, "the server counts, and may say that it is enough for now");
  }
  if (panel()) tell("shown", true, "it is on the page now");
  else if (pending()) tell("waiting", true, "it waits for its moment");
  const asks = told.every(({ passes }) => passes) ? "asks here, at its moment" : "does not ask here";
  console.info(
    `[heard] ${panel() ? "is on the page now" : asks}\n` + told.map(({ rule, passes, says }) => `${passes ? "  yes" : "  NO "} ${rule}: ${says}`).join("\n"),
  );
  return told;
};

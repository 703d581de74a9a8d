// Decides whether to ask, and only then fetches the question; looks whether somebody has answered. Never throws into the page.
import { json, memoryOf } from "./memory.js";
import { decide } from "./rules.js";
import { free, seen } from "./seen.js";

(() => {
  const page = window;
  // Other products name their scripts' sites, too.
  const script =
    document.currentScript || document.querySelector('script[src*="heard.js"]') || document.querySelector("script[data-site]");
  const told = {};
  const warn = (why) => {
    if (!told[why]) console.warn("[heard] " + why);
    told[why] = true;
  };
  const options = script ? script.dataset : {};
  const source = new URL((script && script.src) || location.href, location.href);
  const named = options.site || source.searchParams.get("site");
  // One page asks one question: the first snippet's.
  if (page.heard && page.heard.begin) {
    if (named && page.heard.site !== named) page.heard("init", { site: named });
    return;
  }

  /** All that happens once a site has a name. */
  const start = (site, base) => {
    const memory = memoryOf(site);
    const api = base + "/v1/sites/" + site;
    const omit = { credentials: "omit" };
    // Once and for all pages; again after each revision that was refused.
    let visitor, proof, challenge, panel, pending;

    const load = () => import(base + "__FIRST__");
    const bot = () => navigator.webdriver || /bot|crawl|spider|headless|lighthouse/i.test(navigator.userAgent);

    /** `proof` is made by the owner's server: without it a name opens nothing. */
    const identify = (id, vouched) => {
      const text = typeof id === "number" ? "" + id : id;
      const fits =
        typeof text === "string" && /\S/.test(text) && !/^(undefined|null|NaN)$/.test(text) && new Blob([text]).size <= 200;
      if (!fits && text !== null) return warn("a visitor id is a text of 1 to 200 bytes, or null to forget it");
      visitor = fits ? text : undefined;
      proof = fits && typeof vouched === "string" ? vouched : undefined;
      // Logged out, or somebody else: what the one before left is theirs.
      if (memory.read(":draft") && !memory.draft(visitor)) memory.write(":draft");
      if (panel) panel.identified();
      if (visitor) hear();
    };

    /** Lets a question that waits for its moment go. */
    const drop = () => {
      if (pending) {
        pending.over = true;
        pending.go();
        pending = undefined;
      }
    };

    const read_survey = async () => {
      const lang = (options.lang || document.documentElement.lang || navigator.language || "en").replace(/_/g, "-");
      const answer = await fetch(api + "/survey?lang=" + encodeURIComponent(lang), omit);
      const survey = await answer.json();
      if (!answer.ok) throw Error(survey.detail);
      memory.note({ rules: survey.ask, read_at: Date.now() });
      return survey;
    };

    /** Whether somebody has answered what was said in this browser; for whom said nothing it costs nothing. */
    const hear = (how) => memory.read(":thread") && import(base + "__NEWS__").then(({ hear }) => hear(context, how)).catch(() => {});

    // What the question needs of the page it is on.
    const context = {
      base,
      site,
      memory,
      json,
      options,
      warn,
      visitor: () => visitor,
      proof: () => proof,
      challenge: () => challenge,
      read_survey,
      closed: () => (panel = undefined),
      panel: () => panel,
      show: (shown) => (panel = shown),
    };

    const ask = async (asked) => {
      if (panel) return asked && panel.focus();
      // An owner's own button asks at any time, and cuts a delay short; a page asks at most once every while.
      if (pending) {
        if (asked) pending.asked = true;
        return asked && pending.go();
      }
      const what = () => decide(memory.marks(), memory.draft(visitor), Date.now());
      // Who is in the middle of a conversation is not asked for a score: a button of the owner's leads there.
      const { talking, asks } = memory.marks();
      if (asked && (talking || asks) && (await hear("open"))) return;
      if (!asked && (bot() || !memory.works() || what() === "leave")) return;
      const mine = (pending = { asked, go() {} });
      const cut = new Promise((go) => (mine.go = go));
      try {
        // Whether the conversation of before is over, nobody has told this browser for a day.
        if (!asked && what() === "hear") await hear("refresh");
        // Both at once, where it is likely that both are needed.
        if (asked || /ask|resume/.test(what())) load().catch(() => {});
        const survey = await read_survey();
        const then = what();
        if (!mine.asked && then === "look") throw Error("what was just read is old: the clock runs backwards");
        if (!mine.asked && /leave|hear/.test(then)) return;
        if (!mine.asked && then === "ask") await Promise.race([cut, seen(memory.key, survey.ask.delay_seconds)]);
        if (!mine.asked) await Promise.race([cut, free()]);
        const { open } = await load();
        // Meanwhile the page has changed its mind, or the customer has answered in another tab.
        if (mine.over || panel || (!mine.asked && /leave|look|hear/.test(what()))) return;
        panel = open(context, survey, mine.asked);
      } catch (error) {
        // A script that is kept from a release before the last one names files that are gone: the next page has a fresh one.
        if (script && script.src) fetch(script.src, { cache: "reload", mode: "no-cors" }).catch(() => {});
        warn("not shown: " + error.message);
      } finally {
        if (pending === mine) pending = undefined;
      }
    };

    // What could not be sent goes out from any page of the site.
    if (memory.read(":out")) import(base + "__ANSWERING__").then(({ deliver }) => deliver(context), () => {});
    // Answered or closed in another tab: the question leaves this one, unless something was begun here.
    const look = () => {
      if (panel && !panel.begun() && decide(memory.marks(), undefined, Date.now()) === "leave") panel.leave();
    };
    addEventListener("storage", look);
    addEventListener("pageshow", look);
    if (options.visitor) identify(options.visitor, options.visitorProof);
    const begin = () => ask();
    if (!bot()) hear();
    if (options.ask !== "never") document.body ? begin() : addEventListener("DOMContentLoaded", begin);
    return {
      ask: () => ask(true),
      close: () => (panel ? panel.close() : drop()),
      identify,
      challenge: (token) => (challenge = token),
      conversation: () => hear("open"),
    };
  };

  const early = (page.heard && page.heard.q) || [];
  const waiting = [];
  let calls;
  const init = (site, server) => {
    if (heard.site) return heard.site !== site && warn("this page already asks for " + heard.site);
    if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(site)) return warn("not shown: a site is named by data-site, such as data-site=\"shop\"");
    heard.site = site;
    // Whatever the script is called: its server is where it came from.
    calls = start(site, (server || options.server || source.origin + source.pathname.replace(/\/[^/]*$/, "")).replace(/\/+$/, ""));
    for (const call of waiting.splice(0)) heard(...call);
  };
  const heard = (name, ...rest) => {
    try {
      if (name === "init") init((rest[0] || {}).site, (rest[0] || {}).server);
      else if (!calls) waiting.push([name, ...rest]);
      else if (Object.keys(calls).indexOf(name) < 0) warn("there is no such call: " + String(name));
      else calls[name](...rest);
    } catch (error) {
      warn(error.message);
    }
  };
  heard.begin = true;
  page.heard = heard;
  for (const call of early) heard(...call);
  if (named) init(named);
  else if (!heard.site)
    warn(
      "waits for a site: give the script data-site, or call heard('init', {site, server}). Where a plugin merges or delays scripts, exclude heard.js",
    );
})();

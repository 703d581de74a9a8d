// Decides whether to ask, and only then fetches the question; looks whether somebody has answered. Never throws into the page.
import { json, memoryOf } from "./memory.js";
import { decide } from "./rules.js";

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

    const part = (name) => import(base + "__PARTS__" + name + ".js");
    const load = () => part("first");
    const bot = () => navigator.webdriver || /bot|crawl|spider|headless|lighthouse/i.test(navigator.userAgent);

    /** `proof` is made by the owner's server: without it a name opens nothing. */
    const identify = (id, vouched) => {
      const text = typeof id === "number" ? "" + id : id;
      const fits = typeof text === "string" && !/^(\s*|undefined|null|NaN)$/.test(text) && new Blob([text]).size <= 200;
      if (!fits && text !== null) return warn("a visitor id has 1 to 200 bytes; null forgets it");
      visitor = fits ? text : undefined;
      proof = (fits && typeof vouched === "string" && vouched) || undefined;
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

    const language = () => (options.lang || document.documentElement.lang || navigator.language || "en").replace(/_/g, "-");
    const tab = () => memory.marks().tab && part("tab").then(({ stand }) => stand(context), () => {});
    const read_survey = async () => {
      const answer = await fetch(api + "/survey?lang=" + encodeURIComponent(language()), omit);
      const survey = await answer.json();
      if (!answer.ok) throw Error(survey.detail);
      memory.note({ rules: survey.ask, read_at: Date.now(), tab: survey.tab, look: survey.look });
      tab();
      return survey;
    };

    /** Whether somebody has answered what was said in this browser, or by who is vouched for; for anybody else it costs nothing. */
    const hear = (how) => (memory.read(":thread") || proof) && part("news").then(({ hear }) => hear(context, how)).catch(() => {});

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
      language,
      properties: {},
      events: [],
      read_survey,
      ask: (asked) => ask(asked),
      bot,
      pending: () => pending,
      told,
      /** For the page: analytics, and what it does afterwards. */
      tell: (name, detail) => document.dispatchEvent(new CustomEvent("heard:" + name, { detail })),
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
      const mine = (pending = { asked, what });
      mine.cut = new Promise((go) => (mine.go = go));
      try {
        // Whether the conversation of before is over, nobody has told this browser for a day.
        if (!asked && what() === "hear") await hear("refresh");
        // Both at once, where it is likely that both are needed.
        if (asked || /ask|resume/.test(what())) load().catch(() => {});
        const survey = await read_survey();
        const then = what();
        // What was just read is old only where a clock runs backwards.
        if (!mine.asked && /leave|look|hear/.test(then)) return;
        const { open_in_time } = await load();
        panel = await open_in_time(context, survey, mine, then);
      } catch (error) {
        // A script that is kept from a release before the last one names files that are gone: the next page has a fresh one.
        if (script && script.src) fetch(script.src, { cache: "reload", mode: "no-cors" }).catch(() => {});
        warn("not shown: " + error.message);
      } finally {
        if (pending === mine) pending = undefined;
      }
    };

    // What could not be sent goes out from any page of the site.
    if (memory.read(":out")) part("answering").then(({ deliver }) => deliver(context), () => {});
    // Answered or closed in another tab: the question leaves this one, unless something was begun here.
    const look = () => {
      if (panel && !panel.begun() && decide(memory.marks(), undefined, Date.now()) === "leave") panel.leave();
    };
    addEventListener("storage", look);
    addEventListener("pageshow", look);
    if (options.visitor) identify(options.visitor, options.visitorProof);
    const is_preview = /[?&]heard=preview\b/.test(location.search);
    const begin = () => (is_preview ? part("preview").then(({ preview }) => preview(context, load)) : ask(options.ask === "always" && !bot()));
    if (!bot()) {
      hear();
      tab();
    }
    if (is_preview || options.ask !== "never") document.body ? begin() : addEventListener("DOMContentLoaded", begin);
    return {
      ask: () => ask(true),
      close: () => (panel ? panel.close() : drop()),
      identify,
      challenge: (token) => (challenge = token),
      conversation: () => hear("open"),
      forget: () => {
        drop();
        if (panel) panel.leave();
        removeEventListener("storage", look);
        memory.forget();
      },
      properties: (told) => Object.assign(context.properties, told),
      track: (name) => context.events.push("" + name),
      why: () => part("why").then(({ why }) => why(context)),
    };
  };

  const early = (page.heard && page.heard.q) || [];
  const waiting = [];
  const no_site =
    "waits for data-site or heard('init'). Plugins that merge or delay scripts must exclude heard.js";
  let consents = !("consent" in options);
  let calls, begin;
  const init = (site, server) => {
    if (heard.site) return heard.site !== site && warn("already asks for " + heard.site);
    if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(site)) return warn("not shown: data-site is no name");
    heard.site = site;
    // Whatever the script is called: its server is where it came from.
    const base = (server || options.server || source.origin + source.pathname.replace(/\/[^/]*$/, "")).replace(/\/+$/, "");
    begin = () => {
      calls = start(site, base);
      for (const call of waiting.splice(0)) heard(...call);
    };
    if (consents) begin();
  };
  /** Where it is required, nothing is kept, fetched or asked without; taken back, what was kept is gone. */
  const consent = (given) => {
    consents = !!given;
    if (consents && begin && !calls) begin();
    if (!consents && calls) {
      calls.forget();
      calls = undefined;
    }
  };
  const heard = (name, ...rest) => {
    try {
      if (name === "init") init((rest[0] || {}).site, (rest[0] || {}).server);
      else if (name === "consent") consent(rest[0]);
      else if (name === "on") document.addEventListener("heard:" + rest[0], ({ detail }) => rest[1](detail));
      else if (!calls && name === "why") warn(begin ? "waits for heard('consent', true)" : no_site);
      else if (!calls) waiting.push([name, ...rest]);
      else if (!calls.hasOwnProperty(name)) warn("no such call: " + name);
      else return calls[name](...rest);
    } catch (error) {
      warn(error.message);
    }
  };
  heard.begin = true;
  page.heard = heard;
  for (const call of early) heard(...call);
  if (named) init(named);
  else if (!heard.site)
    warn(no_site);
})();

// Decides whether to ask, and only then fetches the widget. Never throws into the page.
(() => {
  const page = window;
  const script = document.currentScript || document.querySelector('script[data-site][src*="heard.js"]');
  let said;
  const give_up = (why) => {
    if (!said) console.warn("[heard] not shown: " + why);
    said = true;
  };
  const site = script && script.dataset.site;
  if (!site) return give_up("the snippet needs a data-site");
  // One page asks one question: the first snippet's.
  if (page.heard && page.heard.site) {
    if (page.heard.site !== site) give_up("this page already asks for " + page.heard.site);
    return;
  }

  const base = script.src.split("/heard.js")[0];
  const key = "heard:" + site;
  const day = 864e5;
  let challenge, visitor, host, widget, module, pending, before, broken;

  const identify = (id) => {
    id = typeof id === "number" ? "" + id : id;
    const fits = typeof id === "string" && id && new Blob([id]).size <= 200;
    if (fits) visitor = id;
    else console.warn("[heard] a visitor id is a text of 1 to 200 bytes");
  };
  const close = () => {
    if (pending) {
      pending.over = true;
      pending.go();
      pending = undefined;
    }
    const focused = host && document.activeElement === host;
    const was = widget;
    if (host) host.remove();
    host = widget = undefined;
    if (focused && before && before.focus) before.focus();
    try {
      if (was) was.unmount();
    } catch {}
  };
  const remember = (what) => {
    try {
      localStorage.setItem(key, JSON.stringify({ [what]: Date.now() }));
    } catch {}
  };
  // When this browser answered or closed last; Infinity where nothing can be kept, so as never to nag.
  const last = () => {
    try {
      localStorage.setItem(key + ":", "");
      localStorage.removeItem(key + ":");
      const was = JSON.parse(localStorage.getItem(key) || "{}");
      return was.answered || was.closed || 0;
    } catch {
      return Infinity;
    }
  };
  const report = (what) => {
    if (what === "closed") {
      if (!host || !host.answered) remember(what);
      close();
    } else if (what === "failed") {
      broken = true;
      close();
      give_up("the widget stopped working");
    } else {
      if (host) host.answered = true;
      remember(what);
    }
  };

  // Only counted, for the response rate; a count that is lost is lost, even where the page has its own idea of fetch.
  const count = async ({ lang, token }) => {
    try {
      const { protocol, host: server, pathname } = location;
      await fetch(base + "/v1/sites/" + site + "/shown", {
        method: "POST",
        body: JSON.stringify({ page: (protocol + "//" + server + pathname).slice(0, 2000), lang, token }),
        credentials: "omit",
        referrerPolicy: "no-referrer",
        keepalive: true,
      });
    } catch {}
  };

  const ask = async (asked) => {
    if (broken) return;
    if (host && host.isConnected) {
      if (asked) host.shadowRoot.querySelector(".panel").focus();
      return;
    }
    // An owner's own button asks at any time, and cuts a delay short; a page asks at most once every while.
    if (pending) {
      if (asked) pending.asked = true;
      if (asked) pending.go();
      return;
    }
    const since = last();
    if (!asked && since > Date.now()) return;
    const mine = (pending = { asked, go() {} });
    try {
      const lang = script.dataset.lang || document.documentElement.lang || navigator.language;
      const answer = await fetch(base + "/v1/sites/" + site + "/survey?lang=" + encodeURIComponent(lang), {
        credentials: "omit",
      });
      const survey = await answer.json();
      if (!answer.ok) throw Error(survey.detail);
      const rules = survey.ask;
      if (!mine.asked && since && Date.now() - since < rules.again_after_days * day) return;
      if (!mine.asked)
        await new Promise((go) => {
          mine.go = go;
          setTimeout(go, rules.delay_seconds * 1e3);
        });
      if (mine.over) return;
      if (!module) {
        const wasm = fetch(base + "__WASM__");
        // A failed import is told below; without this the page would see the fetch's failure as unhandled.
        wasm.catch(() => {});
        const loaded = await import(base + "__GLUE__");
        await loaded.default({ module_or_path: wasm });
        module = loaded;
      }
      if (mine.over) return;
      // Goes with every revision of the answer. The secret stays in this page: who only knows the id changes nothing.
      const test = "test" in script.dataset || undefined;
      survey.sender = {
        secret: Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16)).join(""),
        token: survey.token,
        // May come after the panel: read whenever something is sent.
        get challenge() {
          return challenge;
        },
        automated: navigator.webdriver || undefined,
        test,
      };
      if (host) host.remove();
      before = document.activeElement;
      widget = module;
      host = document.createElement("heard-widget");
      const root = host.attachShadow({ mode: "open" });
      document.body.append(host);
      widget.mount(root, survey, base, () => visitor, report);
      // Only who asked for the question is taken to it.
      if (mine.asked) root.querySelector(".panel").focus();
      if (!test) count(survey);
    } catch (error) {
      close();
      give_up(error.message);
    } finally {
      if (pending === mine) pending = undefined;
    }
  };

  const calls = {
    ask: () => ask(true),
    close: () => (host ? report("closed") : close()),
    identify,
    challenge: (token) => (challenge = token),
  };
  if (script.dataset.visitor) identify(script.dataset.visitor);
  const heard = (name, ...rest) => {
    if (calls[name]) calls[name](...rest);
    else console.warn("[heard] there is no such call");
  };
  const early = (page.heard && page.heard.q) || [];
  heard.site = site;
  page.heard = heard;
  for (const call of early) heard(...call);
  const begin = () => ask();
  if (script.dataset.ask !== "never") document.body ? begin() : addEventListener("DOMContentLoaded", begin);
})();

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
  let visitor = script.dataset.visitor;
  let host, widget, shown;

  const close = () => {
    if (widget) widget.unmount();
    if (host) host.remove();
    host = widget = undefined;
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
      close();
      give_up("the widget stopped working");
    } else {
      if (host) host.answered = true;
      remember(what);
    }
  };

  const ask = async (asked) => {
    // An owner's own button asks at any time; a page asks at most once every while.
    const since = asked ? 0 : last();
    if (shown || since > Date.now()) return;
    shown = true;
    try {
      const lang = script.dataset.lang || document.documentElement.lang || navigator.language;
      const answer = await fetch(base + "/v1/sites/" + site + "/survey?lang=" + encodeURIComponent(lang), {
        credentials: "omit",
      });
      const survey = await answer.json();
      if (!answer.ok) throw Error(survey.detail);
      const rules = survey.ask;
      if (since && Date.now() - since < rules.again_after_days * day) return;
      if (!asked) await new Promise((go) => setTimeout(go, rules.delay_seconds * 1e3));
      const wasm = fetch(base + "__WASM__");
      // A failed import is told below; without this the page would see the fetch's failure as unhandled.
      wasm.catch(() => {});
      widget = await import(base + "__GLUE__");
      await widget.default({ module_or_path: wasm });
      host = document.createElement("heard-widget");
      const root = host.attachShadow({ mode: "open" });
      document.body.append(host);
      widget.mount(root, survey, base, visitor, report);
    } catch (error) {
      widget = undefined;
      close();
      give_up(error.message);
    } finally {
      if (!host) shown = false;
    }
  };

  const calls = { ask: () => ask(true), close: () => host && report("closed"), identify: (id) => (visitor = "" + id) };
  const heard = (name, ...rest) => {
    if (calls[name]) calls[name](...rest);
    else give_up("there is no heard(" + JSON.stringify(name) + ")");
  };
  const early = (page.heard && page.heard.q) || [];
  heard.site = site;
  page.heard = heard;
  for (const call of early) heard(...call);
  const begin = () => ask();
  if (script.dataset.ask !== "never") document.body ? begin() : addEventListener("DOMContentLoaded", begin);
})();

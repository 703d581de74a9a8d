// The line to the owner's people: reads the conversation and writes to it, with the secret that this browser made with its
// answer. What cannot be sent waits in the browser's storage, and arrives once: each message has an id of its own.

import { key_to, kept_thread } from "../news/kept.js";

const TIMEOUT = 2e4;
const DAY = 864e5;

const new_id = () => {
  let text = "msg_";
  for (const byte of crypto.getRandomValues(new Uint8Array(16))) text += (256 + byte).toString(16).slice(1);
  return text;
};

export const line_of = (context) => {
  const { base, site, memory, json } = context;
  const kept = () => memory.read(":thread");
  const said = () => memory.read(":said") || {};
  /** Oldest first. */
  const waiting = () =>
    Object.keys(said())
      .map((id) => ({ id, ...said()[id] }))
      .sort((one, other) => one.at - other.at);
  const keep = (id, message) => {
    const all = { ...said(), [id]: message };
    const left = Object.keys(all).some((id) => all[id]);
    memory.write(":said", left ? all : undefined);
  };

  /** What a request came to: what was told, or `trouble`. `gone` when there is no such conversation any more. */
  const call = async (method, path, body) => {
    const thread = kept_thread(context);
    if (!thread) return { trouble: "gone" };
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), TIMEOUT);
    try {
      const answer = await fetch(base + "/v1/sites/" + site + "/thread" + path, {
        method,
        body: body && json(body),
        headers: { authorization: "Bearer " + key_to(thread, context) },
        credentials: "omit",
        referrerPolicy: "no-referrer",
        cache: "no-store",
        // What was seen is told, also by a page that goes.
        keepalive: path === "/read",
        signal: stop.signal,
      });
      if (answer.status === 204) return {};
      const told = await answer.json();
      if (answer.ok) return told;
      // Erased, or never there. A page of somebody else's is no answer.
      if (answer.status === 401 && told.code === "unknown_thread") {
        forget();
        return { trouble: "gone" };
      }
      return { trouble: "failed", unread: answer.status < 500 && answer.status !== 429 && !!told.code };
    } catch {
      return { trouble: navigator.onLine === false ? "waiting" : "failed" };
    } finally {
      clearTimeout(timer);
    }
  };

  /** Nothing of an answer that is gone stays in this browser, but that there was one. */
  const forget = () => {
    const { id } = kept() || {};
    const out = memory.read(":out") || {};
    delete out[id];
    memory.write(":out", Object.keys(out).length ? out : undefined);
    if ((memory.read(":draft") || {}).id === id) memory.write(":draft");
    memory.write(":thread");
    memory.write(":said");
    memory.write(":reply");
    memory.note({ talking: undefined, quiet_until: undefined, asks: undefined, hushed: undefined, last: undefined, sent: undefined });
  };

  /** How it stands decides whether this browser is asked for a score. */
  const note = (told) => {
    if (!told.response) return told;
    const until = told.asks_again_at ? Date.parse(told.asks_again_at) : undefined;
    const asks = (told.case && told.case.asks) || undefined;
    memory.note({ talking: until ? undefined : true, quiet_until: until, heard_at: Date.now(), asks });
    return told;
  };

  return {
    waiting,
    read: async () => note(await call("GET", "")),
    /** All of it was shown; other tabs learn of it by the storage. */
    seen: async () => {
      await call("POST", "/read");
      const thread = kept();
      if (thread) memory.write(":thread", { ...thread, at: Date.now() });
    },
    write: (text) => keep(new_id(), { text, at: Date.now() }),
    /** What is typed and not sent, so that a page that goes, or Escape, costs nothing. */
    draft: (more) => {
      const before = memory.read(":reply") || {};
      const { id } = kept() || {};
      const draft = before.id === id && Date.now() - before.at < DAY ? before : {};
      if (more) memory.write(":reply", { ...draft, ...more, id, at: Date.now() });
      return draft;
    },
    /** Sends what waits, in order; tells whether anything arrived. */
    deliver: async () => {
      let sent = false;
      for (;;) {
        const [next] = waiting();
        if (!next) return sent;
        const { id, text, at } = next;
        const told = await call("POST", "/messages", { id, text });
        if (told.trouble === "gone") return sent;
        // What nobody could take for a month is let go, and what cannot be read is not sent again and again.
        if (told.trouble && !told.unread && Date.now() - at < 30 * DAY) return sent;
        sent = sent || !told.trouble;
        keep(id);
      }
    },
    judge: async (better) => note(await call("POST", "/verdict", { better })),
    change: async (patch) => note(await call("PATCH", "", patch)),
    erase: async () => {
      const told = await call("DELETE", "");
      if (!told.trouble) forget();
      return told;
    },
  };
};

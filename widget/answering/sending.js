// Answers on their way. Each waits in the browser's storage until the Worker has it, and the highest revision wins: an
// answer that is sent twice counts once.

const TIMEOUT = 2e4;
const HOUR = 36e5;
/** Tokens of surveys are good for a day. */
const STALE = 20 * HOUR;
/** An answer that nobody could take for so long is let go. */
const GIVEN_UP = 30 * 24 * HOUR;

/** What a request came to. `over` is for good; `failed` and `waiting` are tried again, unless the Worker cannot read it. */
const post = async (url, body, id) => {
  const stop = new AbortController();
  // A tunnel takes the request and never answers.
  const timer = setTimeout(() => stop.abort(), TIMEOUT);
  try {
    const answer = await fetch(url, {
      method: "POST",
      body,
      credentials: "omit",
      referrerPolicy: "no-referrer",
      // A score that is chosen on the way out of the page still arrives. Browsers refuse larger bodies with this set.
      keepalive: body.length < 6e4,
      signal: stop.signal,
    });
    const told = await answer.json();
    const { status } = answer;
    // A captive portal says 200, too.
    if (answer.ok) return told.acknowledgement && told.response.id === id ? told : { trouble: "failed" };
    if (status === 413 || told.code === "comment_too_long") return { trouble: "too_long" };
    if (status === 422 && (told.errors || []).some((error) => /^\/(contact|follow_up)$/.test(error.pointer))) return { trouble: "bad_contact" };
    // A page of somebody else's is no answer.
    if (told.code && (status === 403 || status === 404 || status === 410)) return { trouble: "over" };
    return { trouble: "failed", unread: !!told.code && (status === 400 || status === 422) };
  } catch {
    return { trouble: navigator.onLine === false ? "waiting" : "failed" };
  } finally {
    clearTimeout(timer);
  }
};

const take = ({ memory }, id) => (memory.read(":out") || {})[id];
const put = ({ memory }, id, value) => {
  const out = memory.read(":out") || {};
  if (value) out[id] = value;
  else delete out[id];
  return memory.write(":out", Object.keys(out).length ? out : undefined);
};

/** Sends a revision of an answer; what cannot be sent now goes out later, from any page. */
export const send = async (context, revision) => {
  const { base, site, json, memory } = context;
  const { id } = revision;
  const body = json(revision);
  put(context, id, { body, at: Date.now() });
  // Where the widget is only shown, nothing leaves.
  const told = await (context.answer ? context.answer(revision) : post(base + "/v1/sites/" + site + "/responses", body, id));
  const kept = told.trouble === "waiting" || (told.trouble === "failed" && !told.unread);
  const waits = take(context, id);
  // A later revision may wait by now.
  if (!kept && waits && waits.body === body) put(context, id);
  return told;
};

/** Sends all that waits. */
export const deliver = async (context) => {
  const out = context.memory.read(":out") || {};
  for (const id of Object.keys(out)) {
    const { body, at } = out[id];
    const age = Date.now() - at;
    if (age > GIVEN_UP) {
      put(context, id);
      continue;
    }
    const revision = JSON.parse(body);
    // The page of another day has a token of its own.
    if (age > STALE) revision.token = (await context.read_survey()).token;
    const { trouble } = await send(context, revision);
    if (trouble === "failed" || trouble === "waiting") {
      // Not younger for having been tried.
      put(context, id, { body, at });
      return;
    }
    const draft = context.memory.read(":draft");
    if (draft && draft.id === id && draft.queued) {
      context.memory.write(":draft");
      context.memory.note({ answered: Date.now() });
    }
  }
};

// Cloudflare's edge, as far as its documentation tells: a cache in front of the Worker that goes by the Worker's headers and
// that the Worker can purge, and namespaces that know jurisdictions. Counts what reaches the objects behind it, and the rows
// that they write, which Cloudflare bills.
import * as release from "./index.js";

const kept = new Map();
const counts = { worker: 0, site: 0, directory: 0, jurisdictions: [], alarms: 0 };
const cursors = new Map();

// Each statement's cursors, which know how many rows they wrote; an alarm that is set is a row, too.
let counting = false;
function count(storage) {
  if (counting) return;
  counting = true;
  const kind = Object.getPrototypeOf(storage.sql);
  const { exec } = kind;
  kind.exec = function (statement, ...parameters) {
    const rows = exec.call(this, statement, ...parameters);
    cursors.set(statement, [...(cursors.get(statement) ?? []), rows]);
    return rows;
  };
  const alarms = Object.getPrototypeOf(storage);
  const { setAlarm } = alarms;
  alarms.setAlarm = function (...parameters) {
    counts.alarms++;
    return setAlarm.apply(this, parameters);
  };
}

const rows = () => {
  const written = {};
  for (const [statement, of] of cursors) {
    const rows = of.reduce((sum, cursor) => sum + cursor.rowsWritten, 0);
    if (rows) written[statement.replace(/\s+/g, " ").slice(0, 60)] = rows;
  }
  return written;
};

const keyOf = (request, vary) =>
  [request.url, ...vary.map((name) => name + "=" + (request.headers.get(name) ?? ""))].join("\n");

const seconds = (answer) => {
  const said = answer.headers.get("cloudflare-cdn-cache-control") ?? answer.headers.get("cache-control") ?? "";
  return /no-store|private/.test(said) ? 0 : Number(/max-age=(\d+)/.exec(said)?.[1] ?? 0);
};

// What the edge keeps for itself, and tells nobody.
const outward = (answer, body = answer.body) => {
  answer = new Response(body, answer);
  for (const name of ["cloudflare-cdn-cache-control", "cache-tag"]) answer.headers.delete(name);
  return answer;
};

const cache = {
  async purge({ tags }) {
    for (const [key, { tag }] of kept) if (tags.includes(tag)) kept.delete(key);
  },
};

// A namespace keeps its objects apart by jurisdiction.
const placed = (namespace, seen = []) => ({
  getByName: (name) => namespace.getByName(name),
  jurisdiction(where) {
    if (!["eu", "fedramp"].includes(where)) throw new TypeError("no such jurisdiction: " + where);
    if (!seen.includes(where)) seen.push(where);
    return { getByName: (name) => namespace.getByName(where + "/" + name) };
  },
});

export default class extends release.default {
  constructor(ctx, env) {
    super(ctx, { ...env, SITE: placed(env.SITE, counts.jurisdictions), DIRECTORY: placed(env.DIRECTORY) });
  }

  async fetch(request) {
    if (new URL(request.url).pathname === "/edge/counts") return Response.json({ ...counts, rows: rows() });
    const reads = request.method === "GET" && !request.headers.has("authorization");
    const hit = reads && [...kept.values()].find((one) => one.until > Date.now() && one.key === keyOf(request, one.vary));
    if (hit) return outward(hit.answer, hit.body);
    counts.worker++;
    Object.defineProperty(this.ctx, "cache", { value: cache, configurable: true });
    const answer = await super.fetch(request);
    const lasts = reads && answer.status === 200 ? seconds(answer) : 0;
    if (!lasts) return outward(answer);
    const vary = (answer.headers.get("vary") ?? "").split(",").map((name) => name.trim().toLowerCase()).filter(Boolean);
    const key = keyOf(request, vary);
    const tag = answer.headers.get("cache-tag");
    const body = await answer.arrayBuffer();
    kept.set(key, { key, vary, tag, until: Date.now() + lasts * 1e3, answer, body });
    return outward(answer, body);
  }
}

export class Site extends release.Site {
  constructor(ctx, env) {
    super(ctx, env);
    count(ctx.storage);
  }

  call(text) {
    counts.site++;
    return super.call(text);
  }
}

export class Directory extends release.Directory {
  call(command) {
    counts.directory++;
    return super.call(command);
  }
}

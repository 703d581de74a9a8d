// Requests that a fresh isolate goes through before its first one, to a site that is nowhere: `rehearsal.rs` says why.
const ADDRESS = "https://example.com:8443/v1/sites/rehearsal";
const PAGE = "https://example.com/";
const HEADERS = {
  "accept-encoding": "gzip",
  "cf-connecting-ip": "192.0.2.1",
  "content-type": "text/plain;charset=UTF-8",
  origin: "https://example.com",
  "user-agent": "Mozilla/5.0",
};

const id = (number) => `00000000-0000-7000-8000-00000000000${number}`;
const TOKEN = `0-${"0".repeat(32)}`;
const submission = (number, more) => ({ id: id(number), revision: 1, score: 3, page: PAGE, lang: "en", ...more });

// A score by itself, and words in a language that is read by lists and in one that is read without.
const REQUESTS = [
  ["GET", "/survey?lang=en"],
  ["POST", "/responses", submission(1, { token: TOKEN })],
  ["POST", "/responses", submission(2, { comment: "Anna was friendly, but we waited forty minutes and nobody told us." })],
  [
    "POST",
    "/responses",
    submission(3, { lang: "de", comment: "Anna war freundlich, aber wir haben vierzig Minuten gewartet." }),
  ],
];

// The runtime reads and makes no body before the first request, so neither these nor what answers them are its own.
function request([method, path, body]) {
  const bytes = new TextEncoder().encode(body ? JSON.stringify(body) : "");
  const headers = new Headers({ ...HEADERS, "content-length": String(bytes.length) });
  return { method, url: ADDRESS + path, headers, arrayBuffer: async () => bytes.buffer };
}

const { Response } = globalThis;

class Answer {
  constructor(_body, { status = 200, headers } = {}) {
    Object.assign(this, { status, headers: new Headers(headers) });
  }
}

// A site of which every statement finds what the stage has.
function siteOf(wasm, env) {
  const exec = (statement) => {
    const rows = JSON.parse(wasm.rows_on_stage(statement));
    return { raw: () => rows.values() };
  };
  return new wasm.Site({ storage: { sql: { exec } } }, env);
}

// Nothing of it waits for anything, so it is over before a request can come. Gives a function that makes sure of that.
export function rehearse(wasm) {
  let isOver = false;
  const end = () => {
    if (isOver) return;
    isOver = true;
    globalThis.Response = Response;
    wasm.strike_the_stage();
  };
  const act = async () => {
    const env = { HEARD_OWNER_KEY: "of a site that is nowhere" };
    const site = siteOf(wasm, env);
    env.SITE = { getByName: () => ({ call: async (text) => site.rehearse(text) }) };
    for (const each of REQUESTS) {
      const { status } = await wasm.fetch(request(each), env, {});
      if (isOver) throw new Error("a request came before its end");
      if (status !== 200) throw new Error(`${each[0]} ${each[1]} was answered ${status}`);
    }
  };
  globalThis.Response = Answer;
  act().catch((error) => console.error("the rehearsal failed:", error)).finally(end);
  return end;
}

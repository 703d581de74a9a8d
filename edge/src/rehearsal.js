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

// The runtime reads no body before the first request, so these are not its own.
function request([method, path, body]) {
  const bytes = new TextEncoder().encode(body ? JSON.stringify(body) : "");
  const headers = new Headers({ ...HEADERS, "content-length": String(bytes.length) });
  return { method, url: ADDRESS + path, headers, arrayBuffer: async () => bytes.buffer };
}

// To its end, as long as nothing waits for the network, by the time that the module is there.
export async function rehearse(wasm) {
  const exec = (statement) => {
    const rows = JSON.parse(wasm.rows_on_stage(statement));
    return { raw: () => rows.values() };
  };
  const env = { HEARD_OWNER_KEY: "of a site that is nowhere" };
  const site = new wasm.Site({ storage: { sql: { exec } } }, env);
  env.SITE = { getByName: () => ({ call: async (text) => site.rehearse(text) }) };
  try {
    for (const each of REQUESTS) {
      const answer = await wasm.fetch(request(each), env, {});
      if (!answer.ok) throw new Error(`${each[0]} ${each[1]} was answered ${answer.status}`);
    }
  } finally {
    wasm.strike_the_stage();
  }
}

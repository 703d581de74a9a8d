#!/usr/bin/env node
// Heard without Rust: deploys to Cloudflare, serves on a machine of one's own, and helps whoever debugs a webhook.
// Needs nothing but Node.js 18; what else is used (wrangler, workerd) is installed beside it when it is first needed.
import { spawn, spawnSync } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const pinned = JSON.parse(readFileSync(join(here, "package.json"), "utf8")).heard;

const HELP = `heard: an NPS widget that listens

  heard deploy   --site shop --name "Corner Shop" [--origin https://shop.example] [--env staging] [--url https://...]
                 [--jurisdiction eu] [--domain heard.example.com] [--mail-from "Shop <hello@example.com>"]
                 puts the Worker, its tables and its key on Cloudflare, makes the site where there is none, prints the
                 snippet; what it was told is kept in heard.json, so that an upgrade is "heard deploy" alone
  heard install  gets workerd for "heard serve", as whoever may write here; else serve gets it when it starts
  heard serve    [--port 8787] [--host 127.0.0.1] [--data ./data] [--site shop --name "Corner Shop" --origin ...]
                 [--url https://heard.example.com]
                 runs the same on this machine, without an account; --development lets webhooks go to http
                 and to private addresses
  heard site     --url https://heard.YOU.workers.dev --site shop --name "Corner Shop" [--origin https://shop.example]
                 makes a site and prints its snippet
  heard listen   --url https://heard.YOU.workers.dev --site shop --forward-to http://localhost:3000/hook
                 sends a site's events, as they happen and once each, to a receiver that only this machine reaches
  heard trigger  response.completed --url ... --forward-to http://localhost:3000/hook
                 sends an example of an event there

The owner's key is read from --key-file (owner-key.txt unless told) or HEARD_OWNER_KEY; listen takes any key that may read.
`;

class Told extends Error {}
const fail = (message) => {
  throw new Told(message);
};

const { values: given, positionals } = (() => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: Object.fromEntries(
        ["site", "name", "env", "url", "port", "host", "data", "forward-to", "key-file", "secret", "jurisdiction", "domain", "mail-from"]
          .map((name) => [name, { type: "string" }])
          .concat([
            ["origin", { type: "string", multiple: true }],
            ["development", { type: "boolean" }],
            ["help", { type: "boolean", short: "h" }],
          ]),
      ),
    });
  } catch (error) {
    console.error(error.message + "\n\n" + HELP);
    process.exit(2);
  }
})();

// A program of an npm package, installed beside this file when it is not there yet.
function tool(name) {
  const version = pinned[name] ?? fail(`package.json pins no ${name}`);
  // Each in a folder of its own: npm takes away what it was not asked for.
  const prefix = join(here, "tools", name);
  const folder = join(prefix, "node_modules", name);
  const has = () => existsSync(join(folder, "package.json")) && JSON.parse(readFileSync(join(folder, "package.json"))).version;
  if (has() !== version) {
    console.error(`installing ${name} ${version} (once)`);
    try {
      mkdirSync(prefix, { recursive: true });
    } catch (error) {
      fail(`${prefix} cannot be written to (${error.code}): run "node heard.mjs install" as whoever owns ${here}`);
    }
    const args = ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", prefix];
    const { status } = spawnSync("npm", [...args, `${name}@${version}`], { cwd: prefix, stdio: ["ignore", "inherit", "inherit"] });
    if (status !== 0 || has() !== version) fail(`npm could not install ${name} ${version}: what it says stands above`);
  }
  return join(folder, "bin", name === "wrangler" ? "wrangler.js" : name);
}

function wrangler(args, options = {}) {
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false" };
  return spawnSync(process.execPath, [tool("wrangler"), ...args], { cwd: here, env, encoding: "utf8", ...options });
}

// The owner's key, made where there is none yet.
function ownerKey(makes, file = given["key-file"] ?? "owner-key.txt") {
  const told = process.env.HEARD_OWNER_KEY?.trim();
  if (told && told.length < 24) fail("HEARD_OWNER_KEY has fewer than 24 characters: openssl rand -hex 32");
  if (told) return told;
  if (!existsSync(file)) {
    if (!makes) fail(`there is no ${file}: name the file with --key-file, or set HEARD_OWNER_KEY`);
    mkdirSync(dirname(resolve(file)), { recursive: true });
    writeFileSync(file, randomBytes(32).toString("hex") + "\n", { mode: 0o600, flag: "wx" });
    console.error(`the owner key is in ${resolve(file)}: keep it, whoever has it reads every answer`);
  }
  const key = readFileSync(file, "utf8").trim();
  if (key.length < 24) fail(`the key in ${file} has fewer than 24 characters: openssl rand -hex 32 > ${file}`);
  return key;
}

async function api(url, path, key, init = {}) {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const answer = await fetch(url + path, { ...init, headers });
  const body = await answer.json().catch(() => fail(`${url} is no Heard: it answers ${answer.status} and no JSON`));
  if (!answer.ok) fail(`${url} says ${answer.status}: ${body.detail ?? answer.statusText}`);
  return body;
}

const base = () => (given.url ?? fail("where is it? --url https://heard.YOU.workers.dev")).replace(/\/+$/, "");
const siteId = () => {
  if (/^[a-z0-9][a-z0-9-]{0,62}$/.test(given.site ?? "")) return given.site;
  fail("which site? --site shop (small letters, digits and dashes)");
};

// Makes the site where there is none. One that is there keeps all that its owner has set.
async function makeSite(url, key, keyFile = given["key-file"] ?? "owner-key.txt", shown = url) {
  const site = siteId();
  const settings = { name: given.name ?? site, origins: given.origin ?? [] };
  const make = async () => {
    const headers = { authorization: `Bearer ${key}` };
    const there = await fetch(`${url}/v1/sites/${site}`, { headers });
    const { code } = await there.json().catch(() => ({}));
    if (there.ok) return console.log(`The site ${site} is there already, and keeps its settings.`);
    // Also a Worker that is not there in all places at once after its first deploy answers 404.
    if (there.status !== 404 || code !== "unknown_site") throw Object.assign(new Told(`${url} says ${there.status}: ${code ?? there.statusText}`), { again: there.status === 404 || there.status >= 500 });
    const init = { method: "PUT", body: JSON.stringify(settings) };
    await api(url, `/v1/sites/${site}`, key, init);
  };
  for (let left = 10; ; left--) {
    try {
      await make();
      break;
    } catch (error) {
      if (left === 0 || (error instanceof Told && !error.again)) throw error;
      if (!(error instanceof Told) && left < 8) fail(`${url} cannot be reached (${error.cause?.code ?? error.message})`);
      await new Promise((over) => setTimeout(over, 1000));
    }
  }
  url = shown;
  console.log(`\nPut this on your pages, before </body>:

  <script async src="${url}/heard.js" data-site="${site}"></script>

Read the answers back:

  curl -H "Authorization: Bearer $(cat ${keyFile})" ${url}/v1/sites/${site}/responses

${url}/docs has the rest: webhooks, erasing, backups.\n`);
}

// What an owner has told once, of each environment. No release brings such a file, so an upgrade leaves it alone.
const TOLD = join(here, "heard.json");

function remembered() {
  const all = existsSync(TOLD) ? JSON.parse(readFileSync(TOLD, "utf8")) : {};
  const mine = (all[given.env ?? "production"] ??= {});
  for (const name of ["site", "url", "jurisdiction", "domain", "mail-from"]) {
    given[name] ??= mine[name];
    if (given[name]) mine[name] = given[name];
  }
  return () => writeFileSync(TOLD, JSON.stringify(all, null, 2) + "\n");
}

// `wrangler.toml` as the release brings it, with what the owner has told.
function configuration() {
  const { jurisdiction, domain, "mail-from": from } = given;
  if (from && !/@[^@>]+\.[^@>]+>?$/.test(from)) fail('--mail-from is an address of a domain that Email Service sends for, such as "Shop <hello@example.com>"');
  let text = readFileSync(join(here, "wrangler.toml"), "utf8");
  const section = given.env ? `[env.${given.env}` : undefined;
  const part = (name) => (section ? `${section}.${name}]` : `[${name}]`);
  const variables = { HEARD_JURISDICTION: jurisdiction, HEARD_EMAIL_FROM: from };
  const told = Object.entries(variables).filter(([, value]) => value);
  if (told.length) text += `\n${part("vars")}\n${told.map(([name, value]) => `${name} = ${JSON.stringify(value)}`).join("\n")}\n`;
  if (from) text += `\n[${part("send_email")}]\nname = "EMAIL"\n`;
  if (domain) {
    const routes = `routes = [{ pattern = ${JSON.stringify(domain)}, custom_domain = true }]`;
    text = section ? text.replace(`${section}]\n`, `${section}]\n${routes}\n`) : text.replace(/^# routes = .*$/m, routes);
  }
  const file = join(here, ".wrangler.own.toml");
  writeFileSync(file, text);
  return file;
}

async function deploy() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 22 || (major === 22 && minor < 12)) fail(`deploying takes Node.js 22.12 or newer, this is ${process.version}`);
  const keep = remembered();
  siteId();
  // Also for a deploy that gets only part of the way.
  keep();
  const which = ["--config", configuration(), ...(given.env ? ["--env", given.env] : ["--env="])];
  const listed = wrangler(["secret", "list", "--format", "json", ...which]);
  const text = listed.stdout + listed.stderr;
  const isNew = listed.status !== 0 && /not found|does not exist/i.test(text);
  if (listed.status !== 0 && !isNew) {
    const why = text.trim().split("\n").slice(-6).join("\n");
    fail(`wrangler cannot ask Cloudflare. Log in first: npx wrangler@${pinned.wrangler} login\n${why}`);
  }
  const makes = isNew || !JSON.parse(listed.stdout).some(({ name }) => name === "HEARD_OWNER_KEY");
  // Each Worker has a key of its own.
  const keyFile = given["key-file"] ?? (given.env ? `owner-key-${given.env}.txt` : "owner-key.txt");
  const key = ownerKey(makes, keyFile);
  const args = ["deploy", ...which];
  const secrets = join(here, ".secrets.json");
  // Code, tables and key go up in one step, so that no Worker is ever open without one.
  if (makes) {
    rmSync(secrets, { force: true });
    writeFileSync(secrets, JSON.stringify({ HEARD_OWNER_KEY: key }), { mode: 0o600 });
    args.push("--secrets-file", secrets);
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => rmSync(secrets, { force: true }) ?? process.exit(1));
  }
  const deployed = wrangler(args, { stdio: ["inherit", "pipe", "inherit"] });
  rmSync(secrets, { force: true });
  process.stdout.write(deployed.stdout ?? "");
  if (deployed.status !== 0) fail("wrangler could not deploy; nothing else was done. The same command goes on from here.");
  const url = (given.url ?? (given.domain && `https://${given.domain}`) ?? /https:\/\/\S+\.workers\.dev/.exec(deployed.stdout)?.[0])?.replace(/\/+$/, "");
  if (!url) fail("it is deployed. Say where it is reached, and make the site: heard site --url https://... --site ...");
  await makeSite(url, key, keyFile);
}

async function serve() {
  const data = resolve(given.data ?? "data");
  const port = Number(given.port ?? 8787);
  if (!Number.isInteger(port) || port < 1 || port > 65535) fail("--port is a number from 1 to 65535");
  const host = (given.host ?? "127.0.0.1").replace(/^\[|\]$/g, "");
  if (/["\\]/.test(data + here)) fail("a path with quotation marks or backslashes cannot be served from");
  if (given.site) siteId();
  const objects = join(data, "objects");
  mkdirSync(objects, { recursive: true });
  const keyFile = given["key-file"] ?? join(data, "owner-key");
  const key = ownerKey(true, keyFile);
  const address = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const config = readFileSync(join(here, "workerd.capnp"), "utf8")
    .replaceAll("@HERE@", () => here)
    .replaceAll("@OBJECTS@", () => objects)
    .replaceAll("@NETWORK@", given.development ? '"public", "private"' : '"public"')
    .replaceAll("@ADDRESS@", address);
  const file = join(data, "workerd.capnp");
  writeFileSync(file, config, { mode: 0o600 });
  chmodSync(data, 0o700);
  const near = { "0.0.0.0": "127.0.0.1", "::": "::1" }[host] ?? host;
  const answers = () =>
    new Promise((said) => {
      const socket = createConnection({ host: near, port }, () => said(true)).on("error", () => said(false));
      socket.on("connect", () => socket.destroy());
    });
  // npm's own starter would stand between us and the signals.
  const { createRequire } = await import("node:module");
  tool("workerd");
  const workerd = createRequire(join(here, "tools/workerd/node_modules/workerd/package.json")).resolve(
    `@cloudflare/workerd-${process.platform}-${process.arch === "x64" ? "64" : process.arch}/bin/workerd`,
  );
  const env = { ...process.env, HEARD_OWNER_KEY: key };
  if (given.development) env.HEARD_DEVELOPMENT = "1";
  // Each site that is in use takes a few files.
  const start = 'ulimit -n "$(ulimit -Hn)" 2>/dev/null; exec "$0" "$@"';
  if (await answers()) fail(`something listens on port ${port} already: stop it, or choose another with --port`);
  const child = spawn("/bin/sh", ["-c", start, workerd, "serve", "--import-path=/", file], { env, stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill("SIGTERM"));
  const ended = new Promise((over) => child.on("exit", (code, signal) => over(code ?? (signal === "SIGTERM" ? 0 : 1))));
  let isOver = false;
  ended.then(() => (isOver = true));
  while (!isOver && !(await answers())) await new Promise((over) => setTimeout(over, 50));
  if (!isOver) {
    console.log(`Heard listens on http://${address}, and keeps everything in ${data}.`);
    const local = `http://${near.includes(":") ? `[${near}]` : near}:${port}`;
    if (given.site) await makeSite(local, key, keyFile, (given.url ?? local).replace(/\/+$/, ""));
  }
  process.exitCode = await ended;
}

// Standard Webhooks: HMAC-SHA256 over id.timestamp.body.
function signed(secret, id, body) {
  const timestamp = Math.floor(Date.now() / 1000);
  const mac = createHmac("sha256", Buffer.from(secret.replace(/^whsec_/, ""), "base64"));
  const signature = mac.update(`${id}.${timestamp}.${body}`).digest("base64");
  return {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": `v1,${signature}`,
  };
}

function receiver() {
  const to = given["forward-to"] ?? "";
  return /^https?:\/\//.test(to) ? to : fail("where to? --forward-to http://localhost:3000/hook");
}

async function forward(secret, event) {
  const body = JSON.stringify(event);
  const to = receiver();
  const from = Date.now();
  const what = `${event.type} ${event.data.response?.id ?? event.data.erased?.id ?? event.data.id}`;
  try {
    const init = { method: "POST", body, headers: signed(secret, event.data.id, body), redirect: "manual" };
    const answer = await fetch(to, { ...init, signal: AbortSignal.timeout(15_000) });
    const said = (await answer.text()).trim().slice(0, 200);
    console.log(`${what} → ${answer.status} in ${Date.now() - from} ms${said ? ": " + said : ""}`);
    return answer.ok;
  } catch (error) {
    const why = error.name === "TimeoutError" ? "no answer within 15 s" : (error.cause?.code ?? error.message);
    console.log(`${what} → no answer: ${why}`);
    return false;
  }
}

// A receiver is told the secret once; it may be one that it knows already.
function secretToSignWith() {
  const secret = given.secret ?? process.env.HEARD_WEBHOOK_SECRET ?? `whsec_${randomBytes(24).toString("base64")}`;
  if (!/^whsec_[A-Za-z0-9+/]+=*$/.test(secret)) fail("--secret is whsec_ and base64");
  console.log(`signed with ${secret}`);
  return secret;
}

async function listen() {
  receiver();
  const [url, site, key] = [base(), siteId(), ownerKey(false)];
  const newest = async (cursor) => {
    const query = cursor ? `&cursor=${cursor}` : "";
    return api(url, `/v1/sites/${site}/events?limit=50${query}`, key);
  };
  let last = (await newest()).events[0]?.data.sequence ?? 0;
  const secret = secretToSignWith();
  console.log(`listening to ${site} at ${url}; Ctrl-C ends`);
  for (;;) {
    await new Promise((over) => setTimeout(over, 1000));
    try {
      const fresh = [];
      for (let page = await newest(); ; page = await newest(page.next_cursor)) {
        const events = page.events.filter((event) => event.data.sequence > last);
        fresh.push(...events);
        if (events.length < page.events.length || !page.next_cursor) break;
      }
      for (const event of fresh.reverse()) {
        await forward(secret, event);
        last = event.data.sequence;
      }
    } catch (error) {
      console.log(error.cause?.code ?? error.message);
    }
  }
}

async function trigger() {
  const type = positionals[1] ?? fail("which event? heard trigger response.completed");
  const { event_types: all } = await (await fetch(base() + "/v1/event-types")).json();
  const known = all.find((one) => one.type === type || one.example?.type === type);
  if (!known) fail(`there is no ${type}; there are ${all.map((one) => one.example.type).join(", ")}`);
  const event = structuredClone(known.example);
  event.timestamp = new Date().toISOString();
  event.data.id = "evt_" + randomBytes(16).toString("hex");
  event.data.sequence = 0;
  event.data.test = true;
  if (!(await forward(secretToSignWith(), event))) process.exitCode = 1;
}

const commands = { deploy, install: () => void tool("workerd"), serve, listen, trigger, site: () => makeSite(base(), ownerKey(false)) };
const command = Object.hasOwn(commands, positionals[0] ?? "") ? commands[positionals[0]] : undefined;
if (given.help || !command) {
  console.log(HELP);
  process.exit(given.help ? 0 : 2);
}
try {
  await command();
} catch (error) {
  console.error(`error: ${error instanceof Told ? error.message : (error.cause?.code ?? error.message)}`);
  process.exitCode = 1;
}

#!/usr/bin/env node
// `npm create heard`: asks what the site is called, lays the release out in a folder, and deploys it.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const HELP = `npm create heard [folder] -- [--site shop] [--name "Corner Shop"] [--origin https://shop.example] [--only]

Lays Heard out in a folder and deploys it to Cloudflare; with --only it stops before that.`;
const fail = (message) => {
  console.error(`error: ${message}`);
  process.exit(1);
};
const text = { type: "string" };
const { values: given, positionals } = (() => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { site: text, name: text, env: text, url: text, jurisdiction: text, domain: text, origin: { type: "string", multiple: true }, only: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
  } catch (error) {
    fail(`${error.message}\n\n${HELP}`);
  }
})();
if (given.help) {
  console.log(HELP);
  process.exit(0);
}
const folder = resolve(positionals[0] ?? "heard");
if (existsSync(folder)) fail(`${folder} is there already: name another folder, or go on in it with: node heard.mjs deploy`);
const { wrangler } = JSON.parse(readFileSync(join(here, "template/package.json"), "utf8")).heard;

const questions = process.stdin.isTTY ? createInterface({ input: process.stdin, output: process.stdout }) : undefined;
async function ask(question, known, otherwise) {
  if (known !== undefined || !questions) return known ?? otherwise;
  return (await questions.question(`${question} (${otherwise}): `)).trim() || otherwise;
}

const name = await ask("What is your site called?", given.name, "My site");
const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const fromName = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "") || "site";
const site = await ask("Its id, in addresses", given.site, fromName);
if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(site)) fail(`"${site}" is no id of a site: small letters, digits and dashes`);
const told = given.origin ?? [await ask("Its address, so that only its pages may ask", undefined, "any")];
const origins = told.flatMap((one) => one.split(/[\s,]+/)).filter((one) => one && one !== "any");
const odd = origins.find((one) => !/^https?:\/\/[^/]+$/.test(one));
if (odd) fail(`"${odd}" is no origin: https://shop.example, without what comes after`);
questions?.close();

cpSync(join(here, "template"), folder, { recursive: true });
// npm packs no such file.
writeFileSync(join(folder, ".gitignore"), "owner-key*\n.secrets.json\n.wrangler*\ntools\ndata\n");
console.log(`Heard is in ${folder}.`);
const args = ["deploy", "--site", site, "--name", name, ...origins.flatMap((one) => ["--origin", one])];
for (const option of ["env", "url", "jurisdiction", "domain"]) if (given[option]) args.push(`--${option}`, given[option]);
const quoted = (one) => (/^[\w./:=-]+$/.test(one) ? one : `'${one.replaceAll("'", "'\\''")}'`);
const next = `cd ${quoted(folder)} && node heard.mjs ${args.map(quoted).join(" ")}`;
const [major, minor] = process.versions.node.split(".").map(Number);
if (given.only) {
  console.log(`Next: ${next}`);
} else if (major < 22 || (major === 22 && minor < 12)) {
  fail(`deploying takes Node.js 22.12 or newer, this is ${process.version}. Then: ${next}`);
} else {
  if (!process.env.CLOUDFLARE_API_TOKEN) {
    const login = ["exec", "--yes", `--package=wrangler@${wrangler}`, "--", "wrangler", "login"];
    if (spawnSync("npm", login, { stdio: "inherit" }).status !== 0) fail(`logging in to Cloudflare failed. Then: ${next}`);
  }
  process.exitCode = spawnSync(process.execPath, ["heard.mjs", ...args], { cwd: folder, stdio: "inherit" }).status ?? 1;
}

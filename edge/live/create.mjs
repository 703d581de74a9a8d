#!/usr/bin/env node
// `npm create heard`: asks what the site is called, lays the release out in a folder, and deploys it.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const text = { type: "string" };
const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: { site: text, name: text, env: text, url: text, origin: { type: "string", multiple: true }, only: { type: "boolean" } },
});
const [major] = process.versions.node.split(".").map(Number);
const { wrangler } = JSON.parse(readFileSync(join(here, "template/package.json"), "utf8")).heard;

const questions = process.stdin.isTTY ? createInterface({ input: process.stdin, output: process.stdout }) : undefined;
async function ask(question, known, otherwise) {
  if (known !== undefined || !questions) return known ?? otherwise;
  return (await questions.question(`${question} (${otherwise}): `)).trim() || otherwise;
}

const name = await ask("What is your site called?", given.name, "My site");
const fromName = name.toLowerCase().normalize("NFKD").replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "") || "site";
const site = await ask("Its id, in addresses", given.site, fromName);
const origin = given.origin ?? (await ask("Its address, so that only its pages may ask", undefined, "any")).split(/[\s,]+/);
questions?.close();

const folder = resolve(positionals[0] ?? "heard");
if (existsSync(folder)) {
  console.error(`error: ${folder} is there already: name another folder, or go on in it with: node heard.mjs deploy --site ${site}`);
  process.exit(1);
}
cpSync(join(here, "template"), folder, { recursive: true });
console.log(`Heard is in ${folder}.`);
const args = ["deploy", "--site", site, "--name", name, ...origin.filter((one) => one !== "any").flatMap((one) => ["--origin", one])];
for (const option of ["env", "url"]) if (given[option]) args.push(`--${option}`, given[option]);
if (given.only) {
  console.log(`Next: cd ${folder} && node heard.mjs ${args.map((one) => (/\s/.test(one) ? JSON.stringify(one) : one)).join(" ")}`);
} else {
  if (major < 22) {
    console.error(`error: deploying takes Node.js 22.12 or newer, this is ${process.version}. Then: cd ${folder} && node heard.mjs deploy`);
    process.exit(1);
  }
  if (!process.env.CLOUDFLARE_API_TOKEN) {
    const login = ["exec", "--yes", `--package=wrangler@${wrangler}`, "--", "wrangler", "login"];
    if (spawnSync("npm", login, { stdio: "inherit" }).status !== 0) process.exit(1);
  }
  process.exitCode = spawnSync(process.execPath, ["heard.mjs", ...args], { cwd: folder, stdio: "inherit" }).status ?? 1;
}

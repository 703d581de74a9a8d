// Keeps every event on disk, and holds no secret: events signed with `v1a` are verified with a public key alone. No library
// for Standard Webhooks verifies `v1a` yet, so this does it with Node's own crypto.
//
//   PORT=9000 WEBHOOK_PUBLIC_KEY=whpk_... EVENTS=events npx tsx archive_signed_v1a.ts
import { createPublicKey, verify } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import { join } from "node:path";

const key = Buffer.from((process.env.WEBHOOK_PUBLIC_KEY ?? "").replace("whpk_", ""), "base64");
const publicKey = createPublicKey({ format: "jwk", key: { kty: "OKP", crv: "Ed25519", x: key.toString("base64url") } });
const events = process.env.EVENTS ?? "events";
const FIVE_MINUTES = 300;

function isGenuine(request: IncomingMessage, body: Buffer): boolean {
  const header = (name: string) => String(request.headers[name] ?? "");
  const [id, timestamp] = [header("webhook-id"), header("webhook-timestamp")];
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) < FIVE_MINUTES)) return false;
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  // During a rotation there are two, separated by a blank.
  return header("webhook-signature")
    .split(" ")
    .filter((signature) => signature.startsWith("v1a,"))
    .some((signature) => verify(null, signed, publicKey, Buffer.from(signature.slice(4), "base64")));
}

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  if (!isGenuine(request, body)) {
    response.writeHead(401).end();
    return;
  }
  const { type, data } = JSON.parse(body.toString());
  await mkdir(events, { recursive: true });
  // What was erased there is erased here, too.
  if (type === "response.erased") await rm(join(events, data.erased.id), { recursive: true, force: true });
  else if (data.response) {
    await mkdir(join(events, data.response.id), { recursive: true });
    // The same event told twice writes the same file.
    await writeFile(join(events, data.response.id, `${data.id}.json`), body);
  }
  response.writeHead(204).end();
});

const port = Number(process.env.PORT);
server.listen(port, "127.0.0.1", () => console.log(`listening at http://127.0.0.1:${port}/`));

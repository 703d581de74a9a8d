// Stands in for Cloudflare Access: tells its keys, and signs tokens for whoever is asked for.
import { createServer } from "node:http";
import { createSign, generateKeyPairSync } from "node:crypto";

const made = (kid) => ({ kid, ...generateKeyPairSync("rsa", { modulusLength: 2048 }) });
const [known, unknown] = [made("known"), made("unknown")];
const encoded = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

const server = createServer((request, answer) => {
  const url = new URL(request.url, "http://localhost");
  if (url.pathname === "/cdn-cgi/access/certs") {
    answer.end(JSON.stringify({ keys: [{ ...known.publicKey.export({ format: "jwk" }), kid: "known", alg: "RS256" }] }));
    return;
  }
  const { by = "known", alg = "RS256", ...claims } = JSON.parse(url.searchParams.get("claims"));
  const key = by === "known" ? known : unknown;
  const signed = `${encoded({ alg, kid: by === "forged" ? "known" : by })}.${encoded(claims)}`;
  answer.end(`${signed}.${createSign("RSA-SHA256").update(signed).sign(key.privateKey, "base64url")}`);
});
server.listen(0, "127.0.0.1", () => console.log(`port ${server.address().port}`));

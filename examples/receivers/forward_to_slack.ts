// Forwards answers with a comment to a chat's incoming webhook, in Slack's format.
//
//     npm install standardwebhooks
//     PORT=9000 WEBHOOK_SECRET=whsec_... SLACK_URL=https://hooks.slack.com/services/... npx tsx forward_to_slack.ts

import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

const { PORT, WEBHOOK_SECRET, SLACK_URL } = process.env as Record<string, string>;
const webhook = new Webhook(WEBHOOK_SECRET);

// Slack reads these three as markup.
const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  // The signature is over the bytes as they came: verify first, read then.
  const body = Buffer.concat(chunks).toString("utf8");
  let event: any;
  try {
    event = webhook.verify(body, request.headers as Record<string, string>);
  } catch {
    response.writeHead(401).end();
    return;
  }
  const answer = event.data.response;
  if (event.type === "response.completed" && answer.comment) {
    // The page's address is a stranger's too, and a bar would end it.
    const page = escaped(answer.page).replaceAll("|", "%7C");
    const text = `*${answer.score}/10* ${escaped(answer.comment)}\n<${page}|page> · ${answer.reference}`;
    const sent = await fetch(SLACK_URL, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text }),
    });
    // Anything but 2xx makes Heard try again later, with the same webhook-id.
    if (!sent.ok) {
      response.writeHead(502).end();
      return;
    }
  }
  response.writeHead(204).end();
}).listen(Number(PORT), "127.0.0.1", () => console.log(`listening at http://127.0.0.1:${PORT}/`));

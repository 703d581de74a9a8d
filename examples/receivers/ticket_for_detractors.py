"""Opens a ticket, a file in a folder, for each unhappy customer.

    pip install standardwebhooks
    PORT=9000 WEBHOOK_SECRET=whsec_... TICKETS=tickets python3 ticket_for_detractors.py
"""
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from standardwebhooks import Webhook, WebhookVerificationError

webhook = Webhook(os.environ["WEBHOOK_SECRET"])
tickets = Path(os.environ.get("TICKETS", "tickets"))


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        # The signature is over the bytes as they came: verify first, read then.
        try:
            event = webhook.verify(body, {name.lower(): value for name, value in self.headers.items()})
        except WebhookVerificationError:
            self.answer(401)
            return
        response = event["data"].get("response")
        if event["type"] == "response.completed" and response["band"] == "detractor":
            lines = [
                f"Reference: {response['reference']}",
                f"Score:     {response['score']}",
                f"Page:      {response['page']}",
                "",
                response["comment"] or "(no comment)",
            ]
            tickets.mkdir(parents=True, exist_ok=True)
            # The same event told twice writes the same file.
            (tickets / f"{response['id']}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    port = int(os.environ["PORT"])
    server = ThreadingHTTPServer(("127.0.0.1", port), Receiver)
    print(f"listening at http://127.0.0.1:{port}/", flush=True)
    server.serve_forever()

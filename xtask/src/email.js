// Stands for Cloudflare's `send_email` binding where there is no Cloudflare: takes what the real one takes, refuses what it
// refuses, and hands mails to a server as JSON. That one refuses a mail by a status of its own and a code as its body.
const fault = (code, message) => Object.assign(new Error(message), { code });

// https://developers.cloudflare.com/email-service/reference/headers/
const ALLOWED = /^(list-unsubscribe|list-unsubscribe-post|in-reply-to|references|x-.+)$/i;

export default ({ mails }) => ({
  async send(mail) {
    for (const name of ["from", "to", "subject"]) if (!mail[name]) throw fault("E_FIELD_MISSING", name);
    if (!mail.text && !mail.html) throw fault("E_FIELD_MISSING", "text");
    for (const [name, value] of Object.entries(mail.headers || {})) {
      if (!ALLOWED.test(name)) throw fault("E_HEADER_NOT_ALLOWED", name);
      if (typeof value !== "string" || /[\r\n]/.test(value)) throw fault("E_HEADER_VALUE_INVALID", name);
    }
    const how = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(mail) };
    const answer = await mails.fetch("http://mails/", how);
    if (!answer.ok) throw fault(await answer.text(), "refused for " + mail.to);
    return { messageId: "<" + crypto.randomUUID() + "@mails.example>" };
  },
});

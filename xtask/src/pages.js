// Serves a folder of host pages as a site's own web server would: content types, and for a page with a text file of the
// same name beside it, that text as its content security policy.
const TYPES = { html: "text/html", js: "text/javascript", css: "text/css" };

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    const path = pathname.endsWith("/") ? pathname + "index.html" : pathname;
    const file = await env.FILES.fetch("http://files" + path);
    if (file.status !== 200) return new Response(null, { status: 404 });
    const type = TYPES[path.split(".").pop()];
    const headers = new Headers({ "cache-control": "no-store" });
    headers.set("content-type", type ? type + "; charset=utf-8" : "application/octet-stream");
    if (path.endsWith(".html")) {
      const policy = await env.FILES.fetch("http://files" + path.replace(/html$/, "txt"));
      if (policy.status === 200) headers.set("content-security-policy", (await policy.text()).trim());
    }
    return new Response(file.body, { headers });
  },
};

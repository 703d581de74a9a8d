//! The documentation page, made while building: no script, nothing to fetch, readable without a network.

use serde_json::Value;
use std::fmt::Write as _;

/// The receivers shown, by language.
pub const RECEIVERS: [(&str, &str, &str); 5] = [
    ("Rust", "reply_from_crm.rs", "replies to unhappy customers from a CRM"),
    ("TypeScript", "forward_to_slack.ts", "forwards to a chat, in Slack’s format"),
    ("Python", "ticket_for_detractors.py", "opens a ticket for each detractor"),
    ("TypeScript, v1a", "archive_signed_v1a.ts", "keeps events, verified with a public key alone"),
    ("Go", "row_in_spreadsheet.go", "appends a row to a spreadsheet"),
];

const STYLE: &str = "body{font:16px/1.55 system-ui,sans-serif;max-width:52rem;margin:0 auto;padding:1rem 1rem 4rem;color:#1b1b1b;background:#fff}\
h1{margin-bottom:0}h2{margin-top:3rem;border-top:1px solid #ddd;padding-top:1rem}h3{margin-top:2rem}\
code,pre{font:14px/1.5 ui-monospace,monospace;background:#f4f4f2;border-radius:4px}code{padding:.1em .3em}\
pre{padding:1rem;overflow-x:auto;tab-size:4}pre code{padding:0}a{color:#0b57d0}p,li,h3{overflow-wrap:anywhere}td{overflow-wrap:break-word}:target{background:#fff3bf}\
table{border-collapse:collapse;width:100%;margin:.5rem 0}td,th{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid #eee}\
.m{display:inline-block;min-width:4rem;font-weight:700}nav ul{columns:2;padding-left:1.2rem}summary{cursor:pointer}\
@media(prefers-color-scheme:dark){body{color:#e8e8e8;background:#161616}code,pre{background:#242424}a{color:#8ab4f8}td,th,h2{border-color:#333}:target{background:#4a3f00}}\
@media(min-width:40rem){td:first-child code{white-space:nowrap}}\
@media(max-width:40rem){td{overflow-wrap:anywhere}nav ul{columns:1}table,tbody,tr,td{display:block}}";

/// The whole page for this OpenAPI document; `receivers` holds the examples' texts in the order of [`RECEIVERS`].
pub fn page(document: &Value, receivers: &[String]) -> String {
    let mut html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <link rel=\"icon\" href=\"data:,\"><title>Heard: API and webhooks</title><style>{STYLE}</style><h1>Heard</h1><p>{}</p><p>{}</p>\
         <p><a href=\"/v1/openapi.json\">OpenAPI 3.1 document</a> · <a href=\"/docs/problems\">Problems</a> · \
         <a href=\"/v1/event-types\">Events with examples</a></p>{WEBHOOKS}",
        text(document, "/info/summary"),
        text(document, "/info/description"),
    );
    html.push_str("<h2 id=\"receivers\">Receivers</h2><p>Each is a whole program, and tested.</p>");
    for ((language, file, does), code) in RECEIVERS.iter().zip(receivers) {
        let code = escaped(code);
        let _ = write!(
            html,
            "<details><summary><b>{language}</b>: {does} (<code>{file}</code>)</summary><pre><code>{code}</code></pre></details>"
        );
    }
    html.push_str("<h2 id=\"api\">API</h2><nav><ul>");
    for (path, method, operation) in operations(document) {
        let id = text(operation, "/operationId");
        let _ = write!(
            html,
            "<li><a href=\"#{id}\">{}</a> <small>{} {}</small>",
            text(operation, "/summary"),
            method.to_uppercase(),
            escaped(path)
        );
    }
    html.push_str("</ul></nav>");
    for (path, method, operation) in operations(document) {
        describe(&mut html, path, method, operation);
    }
    html.push_str("<h2 id=\"types\">Types</h2>");
    for (name, schema) in fields(document.pointer("/components/schemas")) {
        let _ = write!(html, "<h3 id=\"type-{name}\">{name}</h3><p>{}</p>", text(schema, "/description"));
        shape(&mut html, schema);
    }
    html.push_str("</html>");
    html
}

const WEBHOOKS: &str = "<h2 id=\"webhooks\">Webhooks</h2>\
<p>Deliveries follow <a href=\"https://www.standardwebhooks.com\">Standard Webhooks</a>: the body is \
<code>{\"version\", \"type\", \"timestamp\", \"data\"}</code>, under 20 kB, and three headers sign it.</p>\
<table><tr><td><code>webhook-id</code><td>The event’s id. The same at every attempt: use it to notice what you have seen.\
<tr><td><code>webhook-timestamp</code><td>Seconds since 1970, made anew for each attempt. Refuse what is older than five minutes.\
<tr><td><code>webhook-signature</code><td>One or, for a while after a rotation, two signatures <code>v1,BASE64</code>, separated by a blank: \
HMAC-SHA256 over <code>id.timestamp.body</code>, with the base64-decoded part of the secret after <code>whsec_</code>. An endpoint added with \
<code>\"signature\": \"v1a\"</code> gets <code>v1a,BASE64</code> instead, Ed25519 over the same bytes, to be verified with its public key \
<code>whpk_</code>. The libraries of Standard Webhooks do not verify v1a yet: the receiver “TypeScript, v1a” below does, without \
one.</table>\
<ul><li>Any 2xx within 15 seconds is success. Redirects are not followed.\
<li>Anything else is tried again: after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, each a little later by chance.\
<li>429, 502, 503 and 504 pause the endpoint for 30 s, and <code>Retry-After</code> for as long as it says, up to an hour.\
<li>410 disables the endpoint at once, five days of failure too. The others are told with <code>endpoint.disabled</code>.\
<li>Events may come more than once and out of order: order them by <code>data.sequence</code>. A number that never comes is no \
loss: its event is for others, or of an answer that was erased before it was sent; <code>GET .../deliveries?state=failed</code> \
tells what was lost.\
<li>An answer that was told of and counts no more comes once again as <code>response.updated</code>, with <code>suspect</code> or \
<code>test</code>: take it out. One that counts after all comes as <code>response.scored</code>, and \
<code>response.completed</code> when it is.\
<li><code>response.erased</code> tells the id of an answer that was erased, and nothing else: erase your copies of it.\
<li>Events and the log of attempts are kept for 30 days; within them everything can be sent again.</ul>\
<h2 id=\"strangers\">Strangers, tests and limits</h2>\
<p>Pages need no key, so anybody can send answers. <code>origins</code> in a site’s settings decides which pages may ask: browsers \
send the page’s origin and obey the answer. Programs send what they like, so it keeps no program out; nor does it hide the survey.</p>\
<ul><li>What looks wrong is kept apart for 30 days, and told in <code>suspect</code>: <code>no_origin</code> where the site lists origins, \
<code>no_token</code> without the survey’s <code>token</code>, <code>wrong_page</code>, <code>too_fast</code>, <code>too_many</code>, <code>automated</code>. \
It is in no list, metric, export or webhook unless asked for with <code>standing=suspect</code>, or <code>\"filter\": {\"include\": [\"suspect\"]}</code> \
of an endpoint.\
<li>An answer sent with a key of scope <code>write</code> or more is trusted: it needs no token and no secret, and has no limit.\
<li>Who begins an answer with a <code>secret</code> changes it with the same one alone. Without a secret it does not change; the same \
request again is answered the same.\
<li><code>\"test\": true</code> in an answer, or <code>data-test</code> in the snippet, keeps it apart as <code>standing=test</code>.\
<li>From one address in an hour: 1,200 requests; 60 answers that count (<code>limits.answers_per_address</code>), further ones are \
<code>too_many</code>; 240 that are kept apart; 300 showings. Of all strangers: 10,000 answers an hour that count, 2,000 a day and 2 MB \
of words an hour that are kept apart. Beyond, 429 with <code>Retry-After</code>, <code>RateLimit</code> and <code>RateLimit-Policy</code>. \
The address is the header <code>cf-connecting-ip</code>, which Cloudflare sets; where you run workerd yourself, let your proxy set it, or \
only the bounds for all hold.\
<li>A body has 256 kB at most, a comment 5,000 characters and 20,000 bytes, a page of a list 100 items or about 1 MB, an answer 1,000 \
revisions of which 20 are told, a table of another tool 10 MB. Lines of a backup may be any number.</ul>";

fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    fields(document.pointer("/paths"))
        .flat_map(|(path, methods)| fields(Some(methods)).map(move |(method, operation)| (path, method, operation)))
        .collect()
}

fn describe(html: &mut String, path: &str, method: &str, operation: &Value) {
    let _ = write!(
        html,
        "<h3 id=\"{}\">{}</h3><p><span class=\"m\">{}</span> <code>{}</code></p><p>{}</p>",
        text(operation, "/operationId"),
        text(operation, "/summary"),
        method.to_uppercase(),
        escaped(path),
        text(operation, "/description"),
    );
    let parameters: Vec<&Value> =
        operation.pointer("/parameters").and_then(Value::as_array).into_iter().flatten().collect();
    if !parameters.is_empty() {
        html.push_str("<table>");
        for parameter in parameters {
            let place = text(parameter, "/in");
            let _ = write!(
                html,
                "<tr><td><code>{}</code><td>{place}<td>{}",
                text(parameter, "/name"),
                text(parameter, "/description")
            );
        }
        html.push_str("</table>");
    }
    if let Some(schema) = operation.pointer("/requestBody/content/application~1json/schema") {
        let _ = write!(html, "<p>Body: {}</p>", kind(schema));
    }
    // Each code is told once, on a page of its own.
    let problems = fields(operation.pointer("/responses")).map(|(status, _)| status).filter(|status| *status >= "4");
    let problems: Vec<&str> = problems.collect();
    html.push_str("<table>");
    for (status, answer) in fields(operation.pointer("/responses")).filter(|(status, _)| *status < "4") {
        let content = fields(answer.get("content")).next().and_then(|(_, content)| content.get("schema"));
        let shape = content.map(kind).unwrap_or_default();
        let description = answer.get("description").and_then(Value::as_str).map(escaped).unwrap_or_default();
        let description = description.split('`').enumerate().fold(String::new(), |all, (at, part)| {
            all + &(if at % 2 == 1 {
                format!("<a href=\"/docs/problems#{part}\"><code>{part}</code></a>")
            } else {
                part.to_owned()
            })
        });
        let _ = write!(html, "<tr><td>{status}<td>{description}<td>{shape}");
    }
    let _ = write!(html, "</table><p><a href=\"/docs/problems\">Problems</a>: {}</p>", problems.join(", "));
}

/// The fields of an object, or the values of a choice.
fn shape(html: &mut String, schema: &Value) {
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let properties: Vec<(&str, &Value)> = fields(schema.get("properties")).collect();
    let choices = schema.get("oneOf").or(schema.get("enum")).and_then(Value::as_array);
    if properties.is_empty() && choices.is_none() {
        return;
    }
    html.push_str("<table>");
    for (name, property) in properties {
        let optional = if required.contains(&name) { "" } else { " (optional)" };
        let _ = write!(
            html,
            "<tr><td><code>{name}</code>{optional}<td>{}<td>{}",
            kind(property),
            text(property, "/description")
        );
    }
    for choice in choices.into_iter().flatten() {
        let members: Vec<(&str, &Value)> = fields(choice.get("properties")).collect();
        // Objects that a member tells apart.
        let tag = members.iter().find_map(|(member, of)| Some((*member, of.get("const")?.as_str()?)));
        let name = match tag {
            Some((member, value)) => format!("\"{}\": \"{}\"", escaped(member), escaped(value)),
            // An object of one member, named after the choice: {"person": ...}.
            None if members.len() == 1 => {
                format!("{{\"{}\": …}}", members.first().map(|(member, _)| escaped(member)).unwrap_or_default())
            }
            None => choice.get("const").unwrap_or(choice).as_str().map(escaped).unwrap_or_default(),
        };
        let _ = write!(html, "<tr><td><code>{name}</code><td>{}", text(choice, "/description"));
        let is_told = |member: &str| tag.map_or(members.len() == 1, |(tag, _)| tag != member);
        for (member, of) in members.iter().filter(|(member, _)| is_told(member)) {
            let _ = write!(html, " <code>{}</code> ({}): {}", escaped(member), kind(of), text(of, "/description"));
        }
    }
    html.push_str("</table>");
}

/// What a schema is, in a word or a link.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next()) {
        return format!("<a href=\"#type-{name}\">{name}</a>");
    }
    for several in ["anyOf", "allOf"] {
        if let Some(parts) = schema.get(several).and_then(Value::as_array) {
            return parts
                .iter()
                .map(kind)
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" or ")
                .replace("null", "nothing");
        }
    }
    match schema.get("type") {
        Some(Value::String(name)) if name == "array" => {
            format!("list of {}", schema.get("items").map(kind).unwrap_or_default())
        }
        Some(Value::String(name)) => name.clone(),
        Some(Value::Array(names)) => {
            names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or ").replace("null", "nothing")
        }
        _ => String::new(),
    }
}

fn fields(value: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

fn text(value: &Value, pointer: &str) -> String {
    let escaped = value.pointer(pointer).and_then(Value::as_str).map(escaped).unwrap_or_default();
    // Doc comments mark code with backticks.
    escaped.split('`').enumerate().fold(String::new(), |all, (at, part)| {
        all + &(if at % 2 == 1 { format!("<code>{part}</code>") } else { part.to_owned() })
    })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

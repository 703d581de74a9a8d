// Calls every operation of the API with types that openapi-typescript made from the document.
// Usage: node every_operation.mjs URL OWNER_KEY OPERATION_IDS. The types are checked by tsc before.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema";

const [url = "", ownerKey = "", operations = ""] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl: url, headers: { authorization: `Bearer ${ownerKey}` } });
const called = new Set<string>();

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** What an operation answers, or a failure that tells what was answered instead. */
async function done<T>(operation: string, answering: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answering;
  called.add(operation);
  if (error !== undefined || !response.ok) throw Error(`${operation}: ${response.status} ${JSON.stringify(error)}`);
  return data as T;
}

function check(fact: boolean, what: string) {
  if (!fact) throw Error(what);
}

const site = "typescript";
const response = "0190a5c4-7a1c-7def-8123-00000000b001";
const path = { site };
const ofResponse = { params: { path: { site, response } } };

await done("writeSite", client.PUT("/v1/sites/{site}", { params: { path }, body: { name: "TypeScript" } }));
const patch = { promise: { by_when: "soon" } };
const config = await done("changeSite", client.PATCH("/v1/sites/{site}", { params: { path }, body: patch }));
check(config.settings.name === "TypeScript", "a change keeps the name");
await done("readSite", client.GET("/v1/sites/{site}", { params: { path } }));
await done("listSites", client.GET("/v1/sites", { params: { query: { limit: 10 } } }));
const tried = { params: { path }, body: { comment: "The soup was cold", score: 3 } };
check(!!(await done("tryListening", client.POST("/v1/sites/{site}/listen", tried))).acknowledgement.text, "it is heard");
const rules: components["schemas"]["AskRules"] = { targeting: { pages: [{ is: "prefix", url: "/shop" }] } };
const aimed = { params: { path }, body: { visitor: { page: "https://a.example/shop/1" }, ask: rules } };
check((await done("tryTargeting", client.POST("/v1/sites/{site}/targeting", aimed))).asks, "who shops is asked");
const look = { params: { path }, body: { accent: "#ffd400" } };
check((await done("tryLook", client.POST("/v1/sites/{site}/look", look))).light.corrected, "yellow cannot be read on white");
const survey = await done("readSurvey", client.GET("/v1/sites/{site}/survey", { params: { path, query: { lang: "fr" } } }));
check(survey.lang === "fr", "the survey is French");
const page = "https://a.example/";
await done("countShown", client.POST("/v1/sites/{site}/shown", { params: { path }, body: { page, lang: "en" } }));
const submission = { id: response, revision: 1, score: 3, comment: "The soup was cold", page, lang: "en", visitor: "anna" };
const stored = await done("submit", client.POST("/v1/sites/{site}/responses", { params: { path }, body: submission }));
const band: components["schemas"]["Band"] = stored.response.band;
check(band === "detractor", "a 3 is a detractor's");
await done("readResponse", client.GET("/v1/sites/{site}/responses/{response}", ofResponse));
const query = { band: "detractor", since: "2020-01-01" } as const;
const list = await done("listResponses", client.GET("/v1/sites/{site}/responses", { params: { path, query } }));
check(list.responses.length === 1, "one is listed");
const visitor = { params: { path: { site, visitor: "anna" } } };
await done("listVisitorResponses", client.GET("/v1/sites/{site}/visitors/{visitor}/responses", visitor));
const review = { ...ofResponse, body: { standing: "suspect" as const } };
await done("reviewResponse", client.PATCH("/v1/sites/{site}/responses/{response}", review));
const by = { by: "day", standing: "any", tz: "Europe/Berlin" } as const;
const metrics = await done("readMetrics", client.GET("/v1/sites/{site}/metrics", { params: { path, query: by } }));
check(metrics.total.detractors === 1, "one detractor is counted");
await done("exportCsv", client.GET("/v1/sites/{site}/responses.csv", { params: { path }, parseAs: "text" }));
await done("exportNdjson", client.GET("/v1/sites/{site}/responses.ndjson", { params: { path }, parseAs: "text" }));
const says = { ...ofResponse, body: { text: "Sorry" } };
await done("addMessage", client.POST("/v1/sites/{site}/responses/{response}/messages", says));
await done("listMessages", client.GET("/v1/sites/{site}/responses/{response}/messages", ofResponse));
const ofSite = { params: { path } };
const maria = await done("addPerson", client.POST("/v1/sites/{site}/people", { ...ofSite, body: { name: "Maria" } }));
const ofPerson = { params: { path: { site, person: maria.id } } };
await done("listPeople", client.GET("/v1/sites/{site}/people", ofSite));
await done("changePerson", client.PATCH("/v1/sites/{site}/people/{person}", { ...ofPerson, body: { role: "Manager" } }));
// The answer has had one from the beginning.
const first = await client.GET("/v1/sites/{site}/cases", { params: { path, query: { response } } });
await client.PATCH("/v1/sites/{site}/cases/{case}", { params: { path: { site, case: first.data!.cases[0]!.id } }, body: { status: "closed" } });
const opened = await done("openCase", client.POST("/v1/sites/{site}/cases", { ...ofSite, body: { response, assignee: maria.id } }));
const ofCase = { params: { path: { site, case: opened.id } } };
const cases = await done("listCases", client.GET("/v1/sites/{site}/cases", { params: { path, query: { status: "new" } } }));
check(cases.cases.length === 1, "one case is new");
await done("readCase", client.GET("/v1/sites/{site}/cases/{case}", ofCase));
await done("replyToCase", client.POST("/v1/sites/{site}/cases/{case}/messages", { ...ofCase, body: { text: "Hello", then: "waiting" } }));
await done("addNote", client.POST("/v1/sites/{site}/cases/{case}/notes", { ...ofCase, body: { text: "Rang" } }));
await done("logCall", client.POST("/v1/sites/{site}/cases/{case}/calls", { ...ofCase, body: { reached: true } }));
const settled = await done("changeCase", client.PATCH("/v1/sites/{site}/cases/{case}", { ...ofCase, body: { status: "resolved", assignee: null } }));
check(settled.status === "resolved" && !settled.assignee, "it is resolved, and nobody's");
await done("listCaseHistory", client.GET("/v1/sites/{site}/cases/{case}/history", ofCase));
await done("listCalls", client.GET("/v1/sites/{site}/call-list", ofSite));
const loop = await done("readLoop", client.GET("/v1/sites/{site}/cases/metrics", ofSite));
check(loop.closed_loop_rate.rate === 1, "the loop is closed");
await done("removePerson", client.DELETE("/v1/sites/{site}/people/{person}", ofPerson));
await done("rotateVisitorKey", client.POST("/v1/sites/{site}/visitor-key", ofSite));
await done("readVisitorKey", client.GET("/v1/sites/{site}/visitor-key", ofSite));

const secret = "0123456789abcdef0123456789abcdef";
const theirs = { ...submission, id: "0190a5c4-7a1c-7def-8123-00000000b002", secret, token: survey.token };
const page_of = createClient<paths>({ baseUrl: url });
const began = await page_of.POST("/v1/sites/{site}/responses", { params: { path }, body: theirs });
const ofMailbox = { params: { path: { site, mailbox: began.data!.thread!.mailbox } } };
await done("readNews", page_of.GET("/v1/sites/{site}/news/{mailbox}", ofMailbox));
await done("stopNotifying", page_of.POST("/v1/sites/{site}/news/{mailbox}/unsubscribe", ofMailbox));
const customer = createClient<paths>({ baseUrl: url, headers: { authorization: `Bearer ${theirs.id}.${secret}` } });
const thread = await done("readThread", customer.GET("/v1/sites/{site}/thread", ofSite));
check(thread.response.comment === submission.comment, "a customer reads what is kept");
const reply = { ...ofSite, body: { id: "msg_" + "7".repeat(32), text: "And dry" } };
await done("writeToTeam", customer.POST("/v1/sites/{site}/thread/messages", reply));
await done("markRead", customer.POST("/v1/sites/{site}/thread/read", ofSite));
const verdict = await customer.POST("/v1/sites/{site}/thread/verdict", { ...ofSite, body: { better: true } });
called.add("judge");
check(verdict.error?.code === "conflict", "nothing was resolved");
await done("changeThread", customer.PATCH("/v1/sites/{site}/thread", { ...ofSite, body: { comment: null } }));
await done("eraseThread", customer.DELETE("/v1/sites/{site}/thread", ofSite));
const newKey = { params: { path }, body: { name: "x", scope: "read" as const } };
const key = await done("addKey", client.POST("/v1/sites/{site}/keys", newKey));
await done("listKeys", client.GET("/v1/sites/{site}/keys", { params: { path } }));
const ofKey = { params: { path: { site, prefix: key.prefix } } };
await done("revokeKey", client.DELETE("/v1/sites/{site}/keys/{prefix}", ofKey));
const hook = { params: { path }, body: { url: "https://crm.example/hooks" } };
const { id: endpoint } = await done("addEndpoint", client.POST("/v1/sites/{site}/endpoints", hook));
const ofEndpoint = { params: { path: { site, endpoint } } };
await done("listEndpoints", client.GET("/v1/sites/{site}/endpoints", { params: { path } }));
await done("readEndpoint", client.GET("/v1/sites/{site}/endpoints/{endpoint}", ofEndpoint));
const change = { ...ofEndpoint, body: { description: "CRM" } };
await done("changeEndpoint", client.PATCH("/v1/sites/{site}/endpoints/{endpoint}", change));
await done("readSecret", client.GET("/v1/sites/{site}/endpoints/{endpoint}/secret", ofEndpoint));
const atOnce = { ...ofEndpoint, body: { overlap_hours: 0 } };
await done("rotateSecret", client.POST("/v1/sites/{site}/endpoints/{endpoint}/secret", atOnce));
const trial = { ...ofEndpoint, body: { type: "response.completed" as const } };
await done("sendTest", client.POST("/v1/sites/{site}/endpoints/{endpoint}/test", trial));
await done("listAttempts", client.GET("/v1/sites/{site}/endpoints/{endpoint}/attempts", ofEndpoint));
const { events } = await done("listEvents", client.GET("/v1/sites/{site}/events", { params: { path } }));
const event = events[0]!.data.id;
await done("readEvent", client.GET("/v1/sites/{site}/events/{event}", { params: { path: { site, event } } }));
await done("listDeliveries", client.GET("/v1/sites/{site}/deliveries", { params: { path, query: { state: "pending" } } }));
const since = { ...ofEndpoint, body: { since: "2020-01-01T00:00:00Z" } };
await done("replay", client.POST("/v1/sites/{site}/endpoints/{endpoint}/replay", since));
const again = { params: { path: { site, endpoint, event } } };
await done("resend", client.POST("/v1/sites/{site}/endpoints/{endpoint}/events/{event}/resend", again));
await done("removeEndpoint", client.DELETE("/v1/sites/{site}/endpoints/{endpoint}", ofEndpoint));
const types = await done("listEventTypes", client.GET("/v1/event-types"));
check(types.event_types.every((one) => one.schema && one.example), "each type has a schema");
await done("readOpenapi", client.GET("/v1/openapi.json"));
const backup = await done("exportSite", client.GET("/v1/sites/{site}/backup", { params: { path }, parseAs: "text" }));
const asIs = { bodySerializer: (text: string) => text };
const restored = { params: { path, query: { dry_run: true } }, body: backup, ...asIs };
const would = await done("importSite", client.POST("/v1/sites/{site}/backup", restored));
check(would.added === 0, "all of a backup is known where it was made");
const table = { params: { path, query: { dry_run: true } }, body: "Score,Comment\n9,Lovely\n", ...asIs };
const shown = await done("importResponses", client.POST("/v1/sites/{site}/responses.csv", table));
check(shown.preview?.[0]?.score === 9, "a table is understood");
const back = await client.POST("/v1/sites/{site}/restore", { params: { path }, body: { to: "2026-11-22T09:00:00Z" } });
called.add("restoreSite");
check(back.error?.code === "not_supported", "a runtime without history says so");
await done("eraseResponse", client.DELETE("/v1/sites/{site}/responses/{response}", ofResponse));
await done("eraseVisitor", client.DELETE("/v1/sites/{site}/visitors/{visitor}/responses", visitor));
const all = { params: { path, query: { standing: "any" as const } } };
await done("eraseResponses", client.DELETE("/v1/sites/{site}/responses", all));
const gone = await client.GET("/v1/sites/{site}/responses/{response}", ofResponse);
check(gone.error?.code === "not_found", "what was erased is not found");
await done("eraseSite", client.DELETE("/v1/sites/{site}", { params: { path } }));

// At the desk: a key for a cookie, which is sent in its place.
const begun = await client.POST("/v1/session", { body: { key: ownerKey } });
check(begun.data?.allows === "admin", "the owner is signed in");
called.add("signIn");
const cookie = begun.response.headers.get("set-cookie")!.split(";")[0]!;
const desk = createClient<paths>({ baseUrl: url, headers: { cookie, "sec-fetch-site": "same-origin" } });
await done("readSession", desk.GET("/v1/session"));
await done("signOut", desk.DELETE("/v1/session"));
await done("listSessions", client.GET("/v1/sessions"));
const ended = await client.DELETE("/v1/sessions/{session}", { params: { path: { session: begun.data!.session.id } } });
check(ended.error?.code === "not_found", "who signed out is not signed in");
called.add("endSession");

const left = operations.split(",").filter((operation) => !called.has(operation));
check(left.length === 0, `not called: ${left}`);
console.log(called.size, "operations called");

"""Calls every operation of the API with a client that openapi-python-client made from the document.

Usage: every_operation.py URL OWNER_KEY FOLDER, where FOLDER holds the package `heard_client`. Prints the operations called.
"""

import importlib
import io
import pkgutil
import sys
from http import HTTPStatus

url, owner_key, folder = sys.argv[1:]
sys.path.insert(0, folder)

from heard_client import AuthenticatedClient, Client  # noqa: E402
from heard_client import models  # noqa: E402
from heard_client.api import default  # noqa: E402
from heard_client.types import File  # noqa: E402

client = AuthenticatedClient(base_url=url, token=owner_key)
called = []


def call(operation, *path, expect=200, **more):
    """Calls an operation; gives what it answers, read by the client, and checks the status."""
    module = importlib.import_module(f"heard_client.api.default.{operation}")
    answer = module.sync_detailed(*path, client=client, **more)
    assert answer.status_code == HTTPStatus(expect), f"{operation}: {answer.status_code} {answer.content!r}"
    called.append(operation)
    return answer.parsed


site = "python"
response = "0190a5c4-7a1c-7def-8123-00000000a001"

call("write_site", site, body=models.SiteSettings.from_dict({"name": "Python", "keep_days": 900}))
config = call("change_site", site, body=models.SettingsPatch.from_dict({"promise": {"by_when": "soon"}}))
assert config.settings.name == "Python" and config.revision >= 2
assert call("read_site", site).settings.keep_days == 900
assert any(one.id == site for one in call("list_sites").sites)
trial = models.Trial.from_dict({"comment": "The soup was cold", "score": 3})
assert call("try_listening", site, body=trial).acknowledgement.text
visitor = {"page": "https://a.example/", "visits": 1}
aimed = models.TargetingTrial.from_dict({"visitor": visitor, "ask": {"targeting": {"min_visits": 2}}})
assert not call("try_targeting", site, body=aimed).asks
look = call("try_look", site, body=models.Look.from_dict({"accent": "#0a58ca"}))
assert look.light.accent == "#0a58ca" and not look.light.corrected
survey = call("read_survey", site, lang="de")
assert survey.lang == "de" and survey.token
call("count_shown", site, body=models.Shown.from_dict({"page": "https://a.example/", "lang": "en"}), expect=204)
stored = call(
    "submit",
    site,
    body=models.Submission.from_dict(
        {
            "id": response,
            "revision": 1,
            "score": 3,
            "comment": "The soup was cold",
            "page": "https://a.example/",
            "lang": "en",
            "visitor": "anna",
        }
    ),
)
assert stored.response.band == models.Band.DETRACTOR and stored.response.comment == "The soup was cold"
assert call("read_response", site, response).response.score == 3
assert len(call("list_responses", site, band=models.ListResponsesBand.DETRACTOR, since="2020-01-01").responses) == 1
assert len(call("list_visitor_responses", site, "anna").responses) == 1
audience = {"responses": [response]}
assert call("try_audience", site, body=models.TryAudienceBody.from_dict({"audience": audience})).responses == 1
fix = call("add_improvement", site, body=models.NewImprovement.from_dict({"title": "Hot soup", "audience": audience}), expect=201)
assert call("list_improvements", site).improvements[0].id == fix.id
assert call("read_improvement", site, fix.id).evidence.responses == 1
done = models.ImprovementPatch.from_dict({"status": "completed", "what_we_did": "Warm plates"})
assert call("change_improvement", site, fix.id, body=done).completed_at
news = models.NewAnnouncement.from_dict({"text": {"en": "Warm plates."}, "audience": audience, "improvement": fix.id})
told = call("announce", site, body=news, expect=201)
assert call("list_announcements", site).announcements[0].id == told.id
assert call("read_announcement", site, told.id).text.additional_properties["en"] == "Warm plates."
call("take_back_announcement", site, told.id, expect=204)
call("remove_improvement", site, fix.id, expect=204)
assert call("list_ideas", site).ideas == []
assert call("read_bright_spots", site).months[0].promoters >= 0
assert call("read_huddle", site).responses.now == 1
assert call("list_watches", site).watches == []
assert call("review_response", site, response, body=models.ResponsePatch.from_dict({"standing": "suspect"})).response.suspect
assert call("read_metrics", site, by=models.ReadMetricsBy.DAY, standing=models.ReadMetricsStanding.SUSPECT, tz="Europe/Berlin").total.detractors == 1
assert call("read_question_metrics", site, tz="Europe/Berlin").questions == []
call("change_site", site, body=models.SettingsPatch.from_dict({"questions": [{"id": "staff", "kind": "rating", "text": {"en": "Our staff"}}], "experiment": {"name": "later", "delay_seconds": 9}}))
assert call("read_question_metrics", site).questions[0].answers == 0
assert call("read_follow_up_metrics", site).follow_ups is not None
assert call("read_experiment", site).b.responses == 0
call("export_csv", site, separator=models.ExportCsvSeparator.SEMICOLON, bom=True)
call("export_ndjson", site)
message = call("add_message", site, response, body=models.NewMessage(text="Sorry"), expect=201)
assert call("list_messages", site, response).messages[0].id == message.id
person = call("add_person", site, body=models.NewTeammate.from_dict({"name": "Maria"}), expect=201)
assert call("list_people", site).people[0].name == "Maria"
away = models.TeammatePatch.from_dict({"absent_until": "2100-01-01T00:00:00Z"})
assert call("change_person", site, person.id, body=away).absent_until
# The answer has had one from the beginning.
first = call("list_cases", site, response=response).cases[0].id
call("change_case", site, first, body=models.CasePatch.from_dict({"status": "closed"}))
case = call("open_case", site, body=models.NewCase.from_dict({"response": response, "assignee": person.id}), expect=201).id
assert call("list_cases", site, status=models.ListCasesStatus.NEW, unassigned=False).cases[0].id == case
assert call("read_case", site, case).assignee == person.id
call("reply_to_case", site, case, body=models.NewMessage.from_dict({"text": "Hello"}), expect=201)
call("add_note", site, case, body=models.NewNote(text="Rang"), expect=201)
called_back = models.Call.from_dict({"reached": True, "minutes": 3})
assert call("log_call", site, case, body=called_back, expect=201).status == models.CaseStatus.OPEN
resolved = models.CasePatch.from_dict({"status": "resolved", "resolution": "Warm plates"})
assert call("change_case", site, case, body=resolved).resolution == "Warm plates"
assert any(entry.act.to_dict()["kind"] == "called" for entry in call("list_case_history", site, case).history)
assert call("list_calls", site, why=models.ListCallsWhy.ASKED).calls == []
assert call("read_loop", site).closed_loop_rate.rate == 1
call("remove_person", site, person.id, expect=204)
assert call("rotate_visitor_key", site, expect=201).key == call("read_visitor_key", site).key

theirs = "0190a5c4-7a1c-7def-8123-00000000a002"
secret = "0123456789abcdef0123456789abcdef"
said = {"id": theirs, "revision": 1, "score": 2, "comment": "Cold", "page": "https://a.example/", "lang": "en", "secret": secret, "token": survey.token}
mailbox = Client(base_url=url).get_httpx_client().post(f"/v1/sites/{site}/responses", json=said).json()["thread"]["mailbox"]
client, owner = AuthenticatedClient(base_url=url, token=f"{theirs}.{secret}"), client
assert call("read_thread", site).response.comment == "Cold"
call("write_to_team", site, body=models.NewThreadMessage.from_dict({"id": "msg_" + "7" * 32, "text": "And dry"}), expect=201)
call("judge", site, body=models.NewVerdict.from_dict({"better": True}), expect=409)
call("mark_read", site, expect=204)
assert call("read_news", site, mailbox).news == 0
assert "<form" in call("ask_to_stop", site, mailbox)
call("stop_notifying", site, mailbox, expect=204)
call("change_thread", site, body=models.ThreadPatch.from_dict({"comment": "Cold and dry"}))
call("erase_thread", site, expect=204)
client = owner
call("revoke_thread", site, said["id"], expect=404)
added = call("add_key", site, body=models.NewApiKey.from_dict({"name": "x", "scope": "read"}), expect=201)
assert added.key.startswith(call("list_keys", site).keys[0].prefix)
call("revoke_key", site, added.prefix, expect=204)
endpoint = call(
    "add_endpoint", site, body=models.EndpointSettings.from_dict({"url": "https://crm.example/hooks"}), expect=201
).id
assert call("read_endpoint", site, endpoint).url == "https://crm.example/hooks"
assert len(call("list_endpoints", site).endpoints) == 1
call("change_endpoint", site, endpoint, body=models.EndpointChange.from_dict({"description": "CRM"}))
assert call("read_secret", site, endpoint).secret.startswith("whsec_")
call("rotate_secret", site, endpoint, body=models.Rotation(overlap_hours=0))
call("send_test", site, endpoint, body=models.TestEvent.from_dict({"type": "response.completed"}), expect=202)
call("list_attempts", site, endpoint)
events = call("list_events", site).events
assert {event.type_ for event in events} >= {"response.scored", "message.created"}
event = events[0].data.id
assert call("read_event", site, event).version == 1
call("list_deliveries", site, state=models.ListDeliveriesState.PENDING)
call("replay", site, endpoint, body=models.Replay.from_dict({"since": "2020-01-01T00:00:00Z"}), expect=202)
call("resend", site, endpoint, event, expect=202)
call("remove_endpoint", site, endpoint, expect=204)
types = call("list_event_types").event_types
assert all(one.schema and one.example for one in types)
call("read_openapi")
backup = call("export_site", site)
lines = File(payload=io.BytesIO(backup.encode()))
assert call("import_site", site, body=lines, dry_run=True).added == 0
table = File(payload=io.BytesIO(b"Score,Comment\n9,Lovely\n"))
assert call("import_responses", site, body=table, dry_run=True).preview[0].score == 9
call("restore_site", site, body=models.Restoration.from_dict({"to": "2026-11-22T09:00:00Z"}), expect=501)
call("erase_response", site, response, expect=204)
assert call("erase_visitor", site, "anna").erased == 0
assert call("erase_responses", site, standing=models.EraseResponsesStanding.ANY).erased == 0
problem = call("read_response", site, response, expect=404)
assert problem.code == models.Code.NOT_FOUND
call("erase_site", site, expect=204)

# At the desk: a key for a cookie, which is sent in its place.
sign_in = importlib.import_module("heard_client.api.default.sign_in")
begun = sign_in.sync_detailed(client=client, body=models.NewSession.from_dict({"key": owner_key}))
assert begun.status_code == HTTPStatus(201) and begun.parsed.allows == models.Scope.ADMIN
called.append("sign_in")
name, cookie = begun.headers["set-cookie"].split(";")[0].split("=", 1)
desk = Client(base_url=url, cookies={name: cookie}, headers={"sec-fetch-site": "same-origin"})
owner, client = client, desk
assert call("read_session").session.id == begun.parsed.session.id
assert call("make_challenge").rp_id
assert call("list_passkeys").passkeys == []
made = {"clientDataJSON": "AAAA", "authenticatorData": "AAAA", "publicKey": "AAAA", "publicKeyAlgorithm": -7}
made = models.NewPasskey.from_dict({"name": "Key ring", "credential": {"id": "AAAA", "response": made}})
assert call("add_passkey", body=made, expect=422).code == models.Code.INVALID_FIELD
call("remove_passkey", "pas_" + 32 * "0", expect=404)
call("sign_out", expect=204)
client = owner
assert isinstance(call("list_sessions").sessions, list)
call("end_session", begun.parsed.session.id, expect=404)

known = {module.name for module in pkgutil.iter_modules(default.__path__)}
assert known == set(called), f"not called: {known - set(called)}"
print(len(known), "operations called")

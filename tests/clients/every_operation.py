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

from heard_client import AuthenticatedClient  # noqa: E402
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
assert call("review_response", site, response, body=models.ResponsePatch.from_dict({"standing": "suspect"})).response.suspect
assert call("read_metrics", site, by=models.ReadMetricsBy.DAY, standing=models.ReadMetricsStanding.SUSPECT, tz="Europe/Berlin").total.detractors == 1
call("export_csv", site, separator=models.ExportCsvSeparator.SEMICOLON, bom=True)
call("export_ndjson", site)
message = call("add_message", site, response, body=models.NewMessage(text="Sorry"), expect=201)
assert call("list_messages", site, response).messages[0].id == message.id
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

known = {module.name for module in pkgutil.iter_modules(default.__path__)}
assert known == set(called), f"not called: {known - set(called)}"
print(len(known), "operations called")

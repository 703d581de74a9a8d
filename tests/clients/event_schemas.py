"""Holds examples and real events against the schema of their type.

Usage: event_schemas.py URL OWNER_KEY SITE. Prints how many were valid.
"""

import json
import sys
import urllib.request

from jsonschema_rs import validator_for

url, owner_key, site = sys.argv[1:]


def read(path):
    request = urllib.request.Request(url + path, headers={"authorization": f"Bearer {owner_key}"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


types = {one["type"]: one for one in read("/v1/event-types")["event_types"]}
schemas = {name: validator_for(one["schema"]) for name, one in types.items()}
events = [one["example"] for one in types.values()] + read(f"/v1/sites/{site}/events")["events"]
for event in events:
    schemas[event["type"]].validate(event)
    # A schema that lets everything through would prove nothing.
    others = [name for name, schema in schemas.items() if schema.is_valid(event)]
    assert others == [event["type"]], f"{event['type']} is also {others}"
    lacking = {**event, "data": {}}
    assert not schemas[event["type"]].is_valid(lacking), event["type"]
print(len(events), "events are as their schemas say")

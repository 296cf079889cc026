import re
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from monitor.config.schema import json_schema
from tests.config.example import CHECK, GOOD, REGISTRY


def errors(text: str) -> list[str]:
    validator = Draft202012Validator(json_schema(REGISTRY))
    return [error.message for error in validator.iter_errors(yaml.safe_load(text))]


def properties(*names: str) -> dict[str, Any]:
    definitions = json_schema(REGISTRY)["$defs"]
    return {name: definitions[name]["properties"] for name in names}


def test_is_a_valid_schema() -> None:
    schema = json_schema(REGISTRY)

    Draft202012Validator.check_schema(schema)

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_accepts_the_example() -> None:
    assert errors(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("location", "locaton", id="unknown-section"),
        pytest.param("  project: p1\n", "", id="missing-key"),
        pytest.param("api_key:", "api_keyy:", id="unknown-key"),
        pytest.param("api_key:", "api_key_file: x\n  api_key:", id="secret-and-its-file"),
        pytest.param("guest: {kind: guest}", "guest: {}", id="identity-without-kind"),
        pytest.param("guest: {kind: guest}", "guest: {kind: password, email: a@b}", id="missing-secret"),
        pytest.param("every: 60s", "every: 60", id="duration-without-unit"),
        pytest.param("kind: probe", "kind: prob", id="unknown-kind"),
        pytest.param("    kind: probe\n", "", id="check-without-kind"),
        pytest.param(CHECK, "    name: x\n", id="name-in-a-check"),
        pytest.param(CHECK, "    pin: x\n", id="key-of-another-kind"),
        pytest.param(CHECK, "    count: 10\n", id="too-much"),
        pytest.param("  flow:", "  Flow:", id="name-of-a-check"),
        pytest.param("kind: probe, every: 2m, reader: customer", "kind: login", id="check-without-its-secret"),
        pytest.param("location: fra1", "log: {level: loud}", id="log-level"),
    ],
)
def test_refuses_what_the_loader_refuses(old: str, new: str) -> None:
    text = GOOD.replace(old, new, 1)

    found = errors(text)

    assert text != GOOD
    assert found


@pytest.mark.parametrize(
    "new",
    [
        pytest.param("kind: login, pin: '1234'", id="secret"),
        pytest.param("kind: login, pin_file: /run/secrets/pin", id="secret-file"),
        pytest.param("kind: probe, objective: null, session_token_file: x", id="optional"),
    ],
)
def test_accepts_secrets_and_their_files(new: str) -> None:
    assert errors(GOOD.replace("kind: probe, every: 2m, reader: customer", new)) == []


def test_shows_durations_as_text_with_a_unit() -> None:
    found = properties("probe", "Engine")

    every, clean_up = found["probe"]["every"], found["Engine"]["clean_up"]
    assert (every["type"], every["default"], every["description"]) == ("string", "1m", "interval between two runs")
    assert (clean_up["type"], clean_up["default"]) == ("string", "5s")
    assert re.fullmatch(every["pattern"], "1h30m")


def test_describes_the_keys_of_the_file_and_nothing_else() -> None:
    schema = json_schema(REGISTRY)

    assert set(schema["properties"]) == {
        "alerts",
        "sinks",
        "store",
        "target",
        "location",
        "identities",
        "manifest",
        "checks",
        "engine",
        "web",
        "log",
    }
    assert schema["properties"]["checks"]["additionalProperties"]["properties"]["kind"]["enum"] == ["login", "probe"]
    assert "name" not in schema["$defs"]["probe"]["properties"]
    assert "Check" not in schema["$defs"]
    assert "default" not in schema["properties"]["engine"]
    assert schema["$defs"]["probe"]["properties"]["identity"] == {"default": "guest", "type": "string"}

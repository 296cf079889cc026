import pytest

from tests.config.example import CHECK, GOOD, problems


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("location", "locaton", "7:1: locaton: unknown key: did you mean location?", id="unknown-section"),
        pytest.param(
            "location: fra1",
            "cluster: {}",
            "7:1: cluster: unknown key: expected target, location, identities, manifest, checks, engine, web, store"
            " … and 3 more",
            id="section-of-a-later-version",
        ),
        pytest.param(
            "  api_key:",
            "  api_keyy:",
            "6:3: target.api_keyy: unknown key: did you mean api_key?"
            "\n11:11: identities.customer.kind: an identity of kind user needs the server key: add target.api_key or"
            " target.api_key_file",
            id="unknown-key",
        ),
        pytest.param(
            CHECK,
            "    timeot: 15s\n",
            "17:5: checks.chat-delivery.timeot: unknown key: did you mean timeout?",
            id="of-kind",
        ),
        pytest.param(
            CHECK,
            "    timeout_seconds: 15s\n",
            "17:5: checks.chat-delivery.timeout_seconds: unknown key: did you mean timeout?",
            id="field-instead-of-key",
        ),
        pytest.param(
            "guest: {kind: guest}",
            "guest: {kind: guest, user_id: x}",
            "9:24: identities.guest.user_id: unknown key: expected kind",
            id="key-of-another-kind-of-identity",
        ),
        pytest.param("  project: p1\n", "", "1:1: target.project: is missing: add it", id="missing-key"),
        pytest.param(
            "    user_id: c1\n", "", "10:3: identities.customer.user_id: is missing: add it", id="missing-inside"
        ),
        pytest.param(
            "guest: {kind: guest}",
            "guest: {}",
            "9:3: identities.guest.kind: is missing: expected guest, user, password or anonymous",
            id="identity-without-kind",
        ),
        pytest.param(
            "kind: user\n",
            "kind: usr\n",
            "11:11: identities.customer.kind: must be guest, user, password or anonymous, got usr: did you mean user?",
            id="kind-of-identity",
        ),
        pytest.param(
            "  flow:",
            "  Flow!:",
            "18:3: checks.Flow…: must match ^[a-z0-9][a-z0-9_-]{0,62}$, got 'Flow!': rename it",
            id="name-of-a-check",
        ),
        pytest.param(
            "project: p1",
            "project: 5",
            "4:12: target.project: must be text, got 5: put it in quotes",
            id="number-for-text",
        ),
        pytest.param(
            "project: p1",
            "project:",
            "4:11: target.project: must be text, got nothing: give a value, or remove the key",
            id="nothing-for-text",
        ),
        pytest.param(
            "location: fra1",
            "location: {a: b}",
            "7:11: location: must be text, got a mapping",
            id="mapping-for-text",
        ),
        pytest.param(
            "location: fra1",
            "location: Frankfurt (Main)",
            "7:11: location: must match ^[a-z0-9][a-z0-9_.-]{0,62}$, got 'Frankfurt (Main)'",
            id="pattern",
        ),
        pytest.param(
            CHECK,
            "    count: a few\n",
            "17:12: checks.chat-delivery.count: must be a whole number, got 'a few'",
            id="text-for-number",
        ),
        pytest.param(
            CHECK,
            "    count: 1.5\n",
            "17:12: checks.chat-delivery.count: must be a whole number, got 1.5",
            id="fraction",
        ),
        pytest.param(
            CHECK, "    count: 10\n", "17:12: checks.chat-delivery.count: must be at most 9, got 10", id="too-much"
        ),
        pytest.param(
            CHECK,
            "    ratio: .inf\n",
            "17:12: checks.chat-delivery.ratio: must be a number, got .inf",
            id="yaml-infinity",
        ),
        pytest.param(
            CHECK,
            "    eavesdroppers: guest\n",
            "17:20: checks.chat-delivery.eavesdroppers: must be a list, got guest",
            id="text-for-list",
        ),
        pytest.param(
            CHECK,
            "    headers: [a]\n",
            "17:14: checks.chat-delivery.headers: must be a mapping of keys to values, got a list",
            id="list-for-mapping",
        ),
        pytest.param(
            "every: 60s",
            "every: 60",
            "16:12: checks.chat-delivery.every: must be a duration with a unit, such as 500ms, 30s, 2m or 1h30m, got"
            " 60",
            id="duration-without-unit",
        ),
        pytest.param(
            "every: 60s",
            "every: .inf",
            "16:12: checks.chat-delivery.every: must be a duration with a unit, such as 500ms, 30s, 2m or 1h30m, got"
            " .inf",
            id="endless-duration",
        ),
        pytest.param(
            "every: 60s\n    timeout: 15s",
            "every: 500ms\n    timeout: 200ms",
            "16:12: checks.chat-delivery.every: must be at least 1s, got 500ms",
            id="duration-too-short",
        ),
        pytest.param(
            CHECK,
            "    objective: 2m\n",
            "17:16: checks.chat-delivery.objective: must be at most 1m, got 2m",
            id="duration-too-long",
        ),
        pytest.param(
            "every: 60s",
            "every: 8d",
            "16:12: checks.chat-delivery.every: must be at most 7d, got 8d",
            id="rare",
        ),
        pytest.param(
            "every: 60s",
            f"every: {'9' * 400}d",
            "16:12: checks.chat-delivery.every: must be at most 7d, got ***",
            id="more-than-a-float-holds",
        ),
        pytest.param(
            "kind: probe, every: 2m, reader: customer",
            "kind: login, pin: 98765432",
            "18:28: checks.flow.pin: must be text: put it in quotes",
            id="secret-by-its-type",
        ),
        pytest.param(
            "guest: {kind: guest}",
            "guest: {kind: password, email: a, password: abcdef}",
            "9:34: identities.guest.email: must have at least 3 characters, got a",
            id="identity-whose-kind-is-also-a-key",
        ),
        pytest.param(
            "reader: customer",
            "reader: guest",
            "18:3: checks.flow: reader and identity are the same: name two",
            id="validator-of-the-kind-at-the-check",
        ),
        pytest.param(
            "https://host/v1",
            "host/v1",
            "3:13: target.endpoint: 'host/v1' is not an address: expected http:// or https://, a host, and perhaps a"
            " port",
            id="endpoint-without-scheme",
        ),
        pytest.param(
            "location: fra1",
            "engine: {concurrency: 0, clean_up: 0s}",
            "7:23: engine.concurrency: must be at least 1, got 0"
            "\n7:36: engine.clean_up: must be at least 100ms, got 0s",
            id="engine",
        ),
        pytest.param(
            "location: fra1",
            "web: {listen: ':9464'}",
            "7:15: web.listen: must be HOST:PORT, such as 127.0.0.1:9464 or 0.0.0.0:9464, got ':9464'",
            id="listen-without-host",
        ),
        pytest.param(
            "location: fra1",
            "web: {listen: 'a:65536'}",
            "7:15: web.listen: must be HOST:PORT, such as 127.0.0.1:9464 or 0.0.0.0:9464, got 'a:65536'",
            id="port-too-high",
        ),
        pytest.param(
            "location: fra1",
            "log: {level: inf, format: xml}",
            "7:14: log.level: must be debug, info, warning or error, got inf: did you mean info?"
            "\n7:27: log.format: must be json, text or auto, got xml",
            id="log",
        ),
        pytest.param(
            "location: fra1",
            "engine:",
            "7:8: engine: must be a mapping of keys to values, got a single value: give a value, or remove the key",
            id="empty-section",
        ),
    ],
)
def test_says_in_our_words_what_pydantic_refuses(old: str, new: str, expected: str) -> None:
    text = GOOD.replace(old, new, 1)

    found = problems(text)

    assert text != GOOD
    assert found == expected.split("\n")

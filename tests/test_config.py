from collections.abc import Mapping
from pathlib import Path
from time import perf_counter

import pytest
from pydantic import Field, SecretStr, ValidationError, model_validator

from monitor.config import Settings, load_settings
from monitor.core.check import Check, IdentityName
from monitor.core.duration import Duration
from monitor.core.errors import ConfigError
from monitor.core.target import Target
from monitor.registry import Registry

SECRET = "hunter2-and-more"


class Probe(Check):
    timeout_seconds: Duration = Field(default=5.0, ge=0.1)
    collection: str = "bookings"
    identity: IdentityName = "guest"
    reader: IdentityName | None = None
    eavesdroppers: tuple[IdentityName, ...] = ()
    objective_seconds: Duration | None = Field(default=None, ge=0.001, le=60)
    count: int = Field(default=1, ge=1, le=9)
    ratio: float = 0.5
    headers: Mapping[str, str] = Field(default_factory=dict)
    session_token: SecretStr | None = None

    @model_validator(mode="after")
    def _readers_differ(self) -> "Probe":
        if self.reader is not None and self.reader == self.identity:
            raise ValueError("reader and identity are the same: name two")
        return self


class Login(Check):
    pin: SecretStr
    access: Mapping[IdentityName, str] = Field(default_factory=dict)


REGISTRY = Registry(
    kinds={"probe": Probe, "login": Login}, problems={"broken": "kind 'broken' cannot be loaded: ImportError: nats"}
)

GOOD = f"""\
target:
  name: production
  endpoint: https://host/v1
  project: p1
  database: main
  api_key: {SECRET}
location: fra1
identities:
  guest: {{kind: guest}}
  customer:
    kind: user
    user_id: c1
checks:
  chat-delivery:
    kind: probe
    every: 60s
    timeout: 15s
  flow: {{kind: probe, every: 2m, reader: customer}}
"""
CHECK = "    timeout: 15s\n"


@pytest.fixture(autouse=True)
def _in_a_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def load(text: str = GOOD, environ: Mapping[str, str] | None = None) -> Settings:
    path = Path("monitor.yaml")
    path.write_text(text, encoding="utf-8")
    return load_settings(path, REGISTRY, environ or {})


def problems(text: str = GOOD, environ: Mapping[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigError) as refusal:
        load(text, environ)
    assert SECRET not in str(refusal.value)
    return [problem.removeprefix("monitor.yaml:") for problem in refusal.value.problems]


def test_loads_the_checks_as_their_kinds_in_the_order_of_the_file() -> None:
    settings = load()

    chat = Probe.model_validate({"name": "chat-delivery", "every": "60s", "timeout": "15s"})
    flow = Probe.model_validate({"name": "flow", "every": "2m", "reader": "customer"})
    assert list(settings.checks.items()) == [("chat-delivery", chat), ("flow", flow)]


def test_fills_in_the_defaults() -> None:
    settings = load(GOOD.replace("location: fra1\n", ""))

    assert settings.location == "local"
    assert (settings.engine.concurrency, settings.engine.clean_up_seconds) == (50, 5.0)
    assert settings.web.listen == "127.0.0.1:9464"
    assert (settings.log.level, settings.log.format) == ("info", "auto")


def test_reads_every_section() -> None:
    more = "engine: {concurrency: 7, clean_up: 1m}\nweb: {listen: '[::1]:0'}\nlog: {level: debug, format: json}\n"

    settings = load(GOOD + more)

    assert (settings.engine.concurrency, settings.engine.clean_up_seconds) == (7, 60.0)
    assert (settings.web.listen, settings.log.level, settings.log.format) == ("[::1]:0", "debug", "json")
    assert settings.target.endpoint == "https://host/v1"


def test_settings_cannot_be_changed() -> None:
    settings = load()

    with pytest.raises(ValidationError, match="frozen"):
        settings.location = "elsewhere"  # type: ignore[misc]


def test_settings_built_by_hand_read_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCATION", "elsewhere")
    target = Target(name="t", endpoint="https://host/v1", project="p", database="d")

    settings = Settings(target=target, checks={})

    assert settings.location == "local"


def test_settings_know_their_secrets_and_do_not_show_them() -> None:
    inner = "    session_token: another-secret\n"

    settings = load(GOOD.replace(CHECK, CHECK + inner))

    assert settings.secrets() == [SECRET, "another-secret"]
    assert SECRET not in repr(settings)
    assert "another-secret" not in repr(settings)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("location", "locaton", "7:1: locaton: unknown key: did you mean location?", id="unknown-section"),
        pytest.param(
            "location: fra1",
            "sinks: {}",
            "7:1: sinks: unknown key: expected target, location, identities, checks, engine, web or log",
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
            CHECK,
            "    name: chat\n",
            "17:5: checks.chat-delivery.name: unknown key: the name of a check is its key under checks",
            id="name-in-a-check",
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
            "    kind: probe\n",
            "",
            "14:3: checks.chat-delivery.kind: is missing: expected login or probe",
            id="check-without-kind",
        ),
        pytest.param(
            "    kind: probe\n",
            "    kind: prob\n",
            "15:11: checks.chat-delivery.kind: must be login or probe, got prob: did you mean probe?",
            id="unknown-kind",
        ),
        pytest.param(
            "    kind: probe\n",
            "    kind: broken\n",
            "15:11: checks.chat-delivery.kind: kind 'broken' cannot be loaded: ImportError: nats",
            id="kind-that-cannot-be-loaded",
        ),
        pytest.param(
            "flow: {kind: probe, every: 2m, reader: customer}",
            "flow: probe",
            "18:9: checks.flow: must be a mapping of keys to values, got a single value: begin with its kind",
            id="check-without-keys",
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
            "    count: true\n",
            "17:12: checks.chat-delivery.count: must be a number, got true",
            id="truth-for-number",
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
            CHECK, "    ratio: nan\n", "17:12: checks.chat-delivery.ratio: must be a finite number, got nan", id="nan"
        ),
        pytest.param(
            CHECK,
            "    ratio: .inf\n",
            "17:12: checks.chat-delivery.ratio: must be a number, got .inf",
            id="yaml-infinity",
        ),
        pytest.param(
            CHECK,
            "    ratio: -inf\n",
            "17:12: checks.chat-delivery.ratio: must be a finite number, got -inf",
            id="infinity",
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
            "16:12: checks.chat-delivery.every: must be at most 7d, got 8d: ask more often",
            id="rare",
        ),
        pytest.param(
            "every: 60s",
            f"every: {'9' * 400}d",
            "16:12: checks.chat-delivery.every: must be at most 7d, got ***…: ask more often",
            id="more-than-a-float-holds",
        ),
        pytest.param(
            "timeout: 15s",
            "timeout: 1m",
            "17:14: checks.chat-delivery.timeout: must be shorter than every (1m), got 1m: lower it, or raise every",
            id="timeout-as-long-as-every",
        ),
        pytest.param(
            "every: 60s\n    timeout: 15s",
            "every: 5s",
            "16:12: checks.chat-delivery.every: must be longer than timeout (5s by default), got 5s: raise it, or"
            " give a"
            " shorter timeout",
            id="every-as-short-as-the-default-timeout",
        ),
        pytest.param(
            CHECK,
            "    timeout: 2m\n    count: x\n    nonsense: 1\n",
            "17:14: checks.chat-delivery.timeout: must be shorter than every (1m), got 2m: lower it, or raise every"
            "\n18:12: checks.chat-delivery.count: must be a whole number, got x"
            "\n19:5: checks.chat-delivery.nonsense: unknown key: expected kind, every, timeout, collection,"
            " identity, reader,"
            " eavesdroppers, objective, count, ratio, headers, session_token or session_token_file",
            id="rules-judge-what-is-wrong-otherwise-too",
        ),
        pytest.param(
            CHECK,
            "    kind: probe\n",
            "17:5: checks.chat-delivery.kind: given twice, first on line 15: remove one of them",
            id="key-given-twice",
        ),
        pytest.param(
            "every: 60s\n    timeout: 15s",
            "every: 500ms",
            "16:12: checks.chat-delivery.every: must be at least 1s, got 500ms",
            id="one-problem-a-value",
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
            f"api_key: {SECRET}",
            "api_key_file: ${NONE}",
            "6:17: target.api_key_file: environment variable NONE is not set: set it, or write ${NONE:-default}",
            id="undefined-variable-as-a-file",
        ),
        pytest.param(
            "reader: customer",
            "reader: guest",
            "18:3: checks.flow: reader and identity are the same: name two",
            id="validator-of-the-kind-at-the-check",
        ),
        pytest.param(
            "reader: customer",
            "reader: custommer",
            "18:42: checks.flow.reader: identity custommer is not declared: did you mean customer?",
            id="unknown-identity",
        ),
        pytest.param(
            "reader: customer",
            "eavesdroppers: [guest, nobody]",
            "18:57: checks.flow.eavesdroppers[1]: identity nobody is not declared: expected guest, customer or key, or"
            " declare it under identities",
            id="unknown-identity-in-a-list",
        ),
        pytest.param(
            CHECK + "  flow: {kind: probe, every: 2m, reader: customer}",
            CHECK + "  flow: {kind: login, pin: abcd, access: {stranger: denied}}",
            "18:43: checks.flow.access.stranger: identity stranger is not declared: expected guest, customer or key, or"
            " declare it under identities",
            id="unknown-identity-as-a-key",
        ),
        pytest.param(
            "  guest: {kind: guest}\n",
            "",
            "13:3: checks.chat-delivery.identity: identity guest, the default, is not declared: expected customer or"
            " key, or"
            " declare it under identities"
            "\n17:3: checks.flow.identity: identity guest, the default, is not declared: expected customer or key, or"
            " declare it under identities",
            id="default-identity-at-the-check",
        ),
        pytest.param(
            "  customer:\n    kind: user\n    user_id: c1\n",
            "  key: {kind: guest}\n  customer: {kind: guest}\n",
            "10:3: identities.key: the name is taken by the server key of the target: rename it",
            id="reserved-identity",
        ),
        pytest.param(
            f"  api_key: {SECRET}\n",
            "",
            "10:11: identities.customer.kind: an identity of kind user needs the server key: add target.api_key or"
            " target.api_key_file",
            id="user-without-key",
        ),
        pytest.param(
            f"  api_key: {SECRET}\nlocation: fra1\nidentities:\n  guest: {{kind: guest}}\n  customer:\n    kind: user\n"
            f"    user_id: c1\nchecks:\n  chat-delivery:\n    kind: probe\n",
            "identities: {guest: {kind: guest}, customer: {kind: guest}}\nchecks:\n  chat-delivery:\n    kind: probe\n"
            "    reader: key\n",
            "10:13: checks.chat-delivery.reader: identity 'key' is the server key: add target.api_key or"
            " target.api_key_file",
            id="key-as-identity-without-key",
        ),
        pytest.param(
            "    kind: user\n    user_id: c1\nchecks:\n  chat-delivery:\n    kind: probe\n",
            "    kind: anonymous\nchecks:\n  chat-delivery:\n    kind: probe\n    eavesdroppers: [customer]\n",
            "10:3: identities.customer: 90 new anonymous sessions an hour, expected at most 45, since Appwrite"
            " refuses more"
            " than 50: raise every of chat-delivery and flow",
            id="90-anonymous-sessions-an-hour",
        ),
        pytest.param(
            "https://host/v1",
            "host/v1",
            "3:13: target.endpoint: 'host/v1' is not an address: expected http:// or https://, a host, and perhaps a"
            " port",
            id="endpoint-without-scheme",
        ),
        pytest.param(
            "https://host/v1",
            "https://host",
            "3:13: target.endpoint: must end in /v1, the version of the API, got https://host: write https://HOST/v1",
            id="endpoint-without-version",
        ),
        pytest.param(
            "location: fra1",
            "engine: {concurrency: 0, clean_up: 0s}",
            "7:23: engine.concurrency: must be at least 1, got 0\n7:36: engine.clean_up: must be at least 100ms, got"
            " 0s",
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
        pytest.param(
            "location: fra1",
            "location: ${WHERE}",
            "7:11: location: environment variable WHERE is not set: set it, or write ${WHERE:-default}",
            id="undefined-variable-and-nothing-more",
        ),
        pytest.param(
            CHECK,
            "    count: !!int '5'\n",
            "17:12: checks.chat-delivery.count: tag !!int is not allowed: write the plain value",
            id="tag-and-nothing-more",
        ),
    ],
)
def test_refuses_with_place_and_remedy(old: str, new: str, expected: str) -> None:
    text = GOOD.replace(old, new, 1)

    found = problems(text)

    assert text != GOOD
    assert found == expected.split("\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("    kind: user\n    user_id: c1\n", "    kind: anonymous\n", id="30-anonymous-sessions-an-hour"),
        pytest.param("https://host/v1", "https://host/v1/", id="endpoint-with-a-slash"),
        pytest.param("reader: customer", "reader: key", id="key-as-identity"),
        pytest.param("reader: customer", "reader: null", id="optional-identity"),
        pytest.param("every: 60s", "every: 7d", id="every-week"),
        pytest.param("timeout: 15s", "timeout: 59999ms", id="timeout-just-shorter"),
        pytest.param("identities:", "web: {listen: 'monitor.internal:0'}\nidentities:", id="any-free-port"),
    ],
)
def test_accepts_what_is_just_right(old: str, new: str) -> None:
    text = GOOD.replace(old, new, 1)

    settings = load(text)

    assert text != GOOD
    assert list(settings.checks) == ["chat-delivery", "flow"]


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        pytest.param("", ["1:1: checks: is missing: add it"], id="missing"),
        pytest.param(
            "checks: {}",
            ["13:9: checks: no check is configured: add one, `monitor checks` lists the kinds"],
            id="empty",
        ),
        pytest.param("checks: [a]", ["13:9: checks: must be a mapping of keys to values, got a list"], id="list"),
    ],
)
def test_refuses_a_file_without_checks(checks: str, expected: list[str]) -> None:
    text = GOOD[: GOOD.index("checks:")] + checks

    found = problems(text)

    assert found == expected


def test_tells_every_problem_at_once_in_order_of_place() -> None:
    text = """\
target: {name: p, endpoint: https://host, project: p, database: d, api_key: ${KEY}}
identities: {guest: {kind: gest}}
checks:
  a: {kind: probe, every: 5, evry: 1, every: 2}
  a: {kind: probe}
  b:
    kind: probe
    timeout: 2m
    reader: gest
    collection: &x !!set y
  c: {kind: prob, every: 1ms}
nonsense: 1
"""

    found = problems(
        text.replace("${KEY}", "'${KEY}'"), {"MONITOR_LOG__LEVEL": "loud", "MONITOR_CHECKS__D__EVERY": "5s"}
    )

    assert [problem.split(": ")[:2] for problem in found] == [
        ["1:29", "target.endpoint"],
        ["1:77", "target.api_key"],
        ["2:28", "identities.guest.kind"],
        ["4:27", "checks.a.every"],
        ["4:30", "checks.a.evry"],
        ["4:39", "checks.a.every"],
        ["5:3", "checks.a"],
        ["8:14", "checks.b.timeout"],
        ["9:13", "checks.b.reader"],
        ["10:17", "checks.b.collection"],
        ["11:13", "checks.c.kind"],
        ["11:26", "checks.c.every"],
        ["12:1", "nonsense"],
        ["environment variable MONITOR_CHECKS__D__EVERY", "names no setting"],
        ["environment variable MONITOR_LOG__LEVEL", "log.level"],
    ]


def test_names_the_file_as_it_was_given(tmp_path: Path) -> None:
    path = tmp_path / "etc" / "other.yaml"
    path.parent.mkdir()
    path.write_text(GOOD + "nonsense: 1")

    with pytest.raises(ConfigError) as refusal:
        load_settings(path, REGISTRY, {})

    assert refusal.value.problems[0].startswith(f"{path}:19:1: nonsense: unknown key")


def test_loads_a_thousand_checks_quickly() -> None:
    checks = "".join(f"  check-{n}:\n    kind: probe\n    every: 60s\n    reader: customer\n" for n in range(1000))

    started = perf_counter()
    settings = load(GOOD + checks)

    assert len(settings.checks) == 1002
    assert perf_counter() - started < 1.0

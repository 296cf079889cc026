import pytest

from tests.config.example import CHECK, GOOD, load, problems


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            CHECK,
            "    name: chat\n",
            "17:5: checks.chat-delivery.name: unknown key: the name of a check is its key under checks",
            id="name-in-a-check",
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
            CHECK,
            "    count: true\n",
            "17:12: checks.chat-delivery.count: must be a number, got true",
            id="truth-for-number",
        ),
        pytest.param(
            CHECK, "    ratio: nan\n", "17:12: checks.chat-delivery.ratio: must be a finite number, got nan", id="nan"
        ),
        pytest.param(
            CHECK,
            "    ratio: -inf\n",
            "17:12: checks.chat-delivery.ratio: must be a finite number, got -inf",
            id="infinity",
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
            " give a shorter timeout",
            id="every-as-short-as-the-default-timeout",
        ),
        pytest.param(
            CHECK,
            "    timeout: 2m\n    count: x\n    nonsense: 1\n",
            "17:14: checks.chat-delivery.timeout: must be shorter than every (1m), got 2m: lower it, or raise every"
            "\n18:12: checks.chat-delivery.count: must be a whole number, got x"
            "\n19:5: checks.chat-delivery.nonsense: unknown key: expected kind, every, timeout, severity, collection,"
            " identity, reader, eavesdroppers … and 6 more",
            id="rules-judge-what-is-wrong-otherwise-too",
        ),
        pytest.param(
            "every: 60s\n    timeout: 15s",
            "every: 500ms",
            "16:12: checks.chat-delivery.every: must be at least 1s, got 500ms",
            id="one-problem-a-value",
        ),
        pytest.param(
            "https://host/v1",
            "https://host",
            "3:13: target.endpoint: must end in /v1, the version of the API, got https://host: write https://HOST/v1",
            id="endpoint-without-version",
        ),
    ],
)
def test_refuses_what_contradicts_or_only_looks_right(old: str, new: str, expected: str) -> None:
    text = GOOD.replace(old, new, 1)

    found = problems(text)

    assert text != GOOD
    assert found == expected.split("\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("https://host/v1", "https://host/v1/", id="endpoint-with-a-slash"),
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

from collections.abc import Mapping

import pytest

from tests.config.example import GOOD, SECRET, load, probe_of, problems


def test_the_environment_changes_what_the_file_says() -> None:
    environ = {
        "MONITOR_TARGET__ENDPOINT": "https://other/v1",
        "MONITOR_LOCATION": "syd1",
        "MONITOR_ENGINE__CONCURRENCY": "7",
        "MONITOR_ENGINE__CLEAN_UP": "9s",
        "MONITOR_IDENTITIES__CUSTOMER__USER_ID": "c2",
        "MONITOR_CHECKS__CHAT_DELIVERY__EVERY": "30s",
    }

    settings = load(GOOD, environ)

    assert (settings.target.endpoint, settings.location) == ("https://other/v1", "syd1")
    assert (settings.engine.concurrency, settings.engine.clean_up_seconds) == (7, 9.0)
    assert settings.identities["customer"].model_dump() == {"kind": "user", "user_id": "c2"}
    assert probe_of(settings, "chat-delivery").every_seconds == 30.0
    assert probe_of(settings, "chat-delivery").timeout_seconds == 15.0


def test_the_environment_gives_lists_and_mappings_as_json() -> None:
    environ = {
        "MONITOR_CHECKS__FLOW__EAVESDROPPERS": '["guest"]',
        "MONITOR_CHECKS__FLOW__HEADERS": '{"X-A": "b"}',
    }

    settings = load(GOOD, environ)

    assert probe_of(settings, "flow").eavesdroppers == ("guest",)
    assert probe_of(settings, "flow").headers == {"X-A": "b"}


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        pytest.param(
            {"MONITOR_TARGET__ENDPONT": "x"},
            "environment variable MONITOR_TARGET__ENDPONT: names no setting: did you mean MONITOR_TARGET__ENDPOINT?",
            id="misspelt",
        ),
        pytest.param(
            {"MONITOR_TRAGET__NAME": "x"},
            "environment variable MONITOR_TRAGET__NAME: names no setting: did you mean MONITOR_TARGET__NAME?",
            id="misspelt-section",
        ),
        pytest.param(
            {"MONITOR_TARGET_API_KEY": SECRET},
            "environment variable MONITOR_TARGET_API_KEY: names no setting: did you mean MONITOR_TARGET__API_KEY?",
            id="one-underscore",
        ),
        pytest.param(
            {"MONITOR_CHECKS__CHAT_DELIVRY__EVERY": "5s"},
            "environment variable MONITOR_CHECKS__CHAT_DELIVRY__EVERY: names no setting: did you mean"
            " MONITOR_CHECKS__CHAT_DELIVERY__EVERY?",
            id="misspelt-check",
        ),
        pytest.param(
            {"MONITOR_QUUX": "x"},
            "environment variable MONITOR_QUUX: names no setting: correct or unset it",
            id="nothing-alike",
        ),
        pytest.param(
            {"MONITOR_CHECKS__FLOW__TIMEOUT": "5m"},
            "environment variable MONITOR_CHECKS__FLOW__TIMEOUT: checks.flow.timeout: must be shorter than every"
            " (2m), got 5m: lower it, or raise every",
            id="wrong-value",
        ),
        pytest.param(
            {"MONITOR_CHECKS__FLOW__COUNT": "many"},
            "environment variable MONITOR_CHECKS__FLOW__COUNT: checks.flow.count: must be a whole number, got many",
            id="wrong-type",
        ),
        pytest.param(
            {"MONITOR_CHECKS__FLOW__EAVESDROPPERS": "[guest]"},
            "environment variable MONITOR_CHECKS__FLOW__EAVESDROPPERS: checks.flow.eavesdroppers: must be JSON, such"
            ' as ["a", "b"]',
            id="no-json",
        ),
        pytest.param(
            {"MONITOR_CHECKS__FLOW__EAVESDROPPERS": '["guest", "nobody"]'},
            "environment variable MONITOR_CHECKS__FLOW__EAVESDROPPERS: checks.flow.eavesdroppers[1]: identity nobody"
            " is not declared: expected guest or customer, or declare it under identities",
            id="wrong-item",
        ),
        pytest.param(
            {"MONITOR_TARGET__API_KEY": ""},
            "environment variable MONITOR_TARGET__API_KEY: target.api_key: is empty: give the value, or remove the key",
            id="empty-secret",
        ),
    ],
)
def test_refuses_a_variable_by_its_name(environ: Mapping[str, str], expected: str) -> None:
    found = problems(GOOD, environ)

    assert found == [expected]


def test_a_variable_that_could_mean_two_checks_is_refused() -> None:
    text = GOOD + "  chat_delivery: {kind: probe}\n"

    found = problems(text, {"MONITOR_CHECKS__CHAT_DELIVERY__EVERY": "30s"})

    assert found == [
        "environment variable MONITOR_CHECKS__CHAT_DELIVERY__EVERY: names chat-delivery and chat_delivery alike:"
        " rename one of them in monitor.yaml"
    ]


@pytest.mark.parametrize(
    "environ",
    [
        pytest.param({"MONITOR_SERVICE_HOST": "10.0.0.1", "MONITOR_SERVICE_PORT_HTTP": "80"}, id="service"),
        pytest.param({"MONITOR_PORT": "tcp://10.0.0.1:80", "MONITOR_PORT_80_TCP_ADDR": "10.0.0.1"}, id="port"),
        pytest.param({"MONITOR_WEB_PORT_9464_TCP": "tcp://10.0.0.1:9464"}, id="another-service"),
        pytest.param({"monitor_anything": "x", "PATH": "/bin"}, id="somebody-elses"),
    ],
)
def test_variables_that_kubernetes_sets_are_left_alone(environ: Mapping[str, str]) -> None:
    settings = load(GOOD, environ)

    assert settings == load(GOOD)

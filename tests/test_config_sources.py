"""
Where values come from: environment, secret files, YAML, defaults, in this order.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import SecretStr

from monitor.config import Settings, load_settings
from monitor.core.identity import Password
from tests.test_config import GOOD, REGISTRY, SECRET, Probe, load, problems

# Never the value of a secret field, so that nothing but its place can hide it.
OTHER = "qwertz-and-less"
KEY_LINE = f"  api_key: {SECRET}\n"


@pytest.fixture(autouse=True)
def _in_a_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def key_of(settings: Settings) -> str | None:
    return settings.target.api_key.get_secret_value() if settings.target.api_key else None


def probe_of(settings: Settings, name: str) -> Probe:
    check = settings.checks[name]
    assert isinstance(check, Probe)
    return check


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
    ("sources", "key"),
    [
        pytest.param(("variable", "yaml-file", "mounted"), "from-variable", id="variable"),
        pytest.param(("variable", "mounted", "yaml"), "from-variable", id="variable-over-yaml"),
        pytest.param(("variable-file", "yaml-file", "mounted"), "from-variable-file", id="file-named-by-variable"),
        pytest.param(("yaml-file", "mounted"), "from-yaml-file", id="file-named-in-yaml"),
        pytest.param(("mounted", "yaml"), "from-mounted", id="mounted-file"),
        pytest.param(("yaml",), SECRET, id="yaml"),
        pytest.param((), None, id="default"),
    ],
)
def test_the_higher_source_wins(sources: tuple[str, ...], key: str | None) -> None:
    Path("variable-file").write_text("from-variable-file\n")
    Path("yaml-file").write_text("from-yaml-file\n")
    Path("mounted").mkdir()
    Path("mounted/monitor_target__api_key").write_text("from-mounted\n")
    variables = {
        "variable": ("MONITOR_TARGET__API_KEY", "from-variable"),
        "variable-file": ("MONITOR_TARGET__API_KEY_FILE", "variable-file"),
        "mounted": ("MONITOR_SECRETS_DIR", "mounted"),
    }
    lines = {"yaml": KEY_LINE, "yaml-file": "  api_key_file: yaml-file\n"}
    text = GOOD.replace("    kind: user\n    user_id: c1\n", "    kind: guest\n")
    text = text.replace(KEY_LINE, "".join(line for source, line in lines.items() if source in sources))

    settings = load(text, dict(variables[source] for source in sources if source in variables))

    assert key_of(settings) == key


@pytest.mark.parametrize(
    ("content", "secret"),
    [
        pytest.param(b"abc\n", "abc", id="newline"),
        pytest.param(b"abc\r\n", "abc", id="windows-newline"),
        pytest.param(b" a b ", " a b ", id="blanks-belong-to-it"),
        pytest.param("pässword".encode(), "pässword", id="utf-8"),
    ],
)
def test_a_secret_file_loses_only_the_end_of_its_line(content: bytes, secret: str) -> None:
    Path("secret").write_bytes(content)

    settings = load(GOOD.replace(KEY_LINE, "  api_key_file: secret\n"))

    assert key_of(settings) == secret


def test_a_relative_path_begins_where_the_yaml_file_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "monitor.yaml").write_text(GOOD.replace(KEY_LINE, "  api_key_file: secrets/key\n"))
    (tmp_path / "etc" / "secrets").mkdir()
    (tmp_path / "etc" / "secrets" / "key").write_text("abc")

    settings = load_settings(Path("etc/monitor.yaml"), REGISTRY, {})

    assert key_of(settings) == "abc"


def test_every_secret_may_be_kept_in_a_file() -> None:
    Path("pw").write_text("abc")
    identity = "  login: {kind: password, email: a@example.com, password_file: pw}\n"
    text = GOOD.replace("  guest: {", identity + "  guest: {")

    settings = load(text.replace("reader: customer", "session_token_file: pw"))

    login = settings.identities["login"]
    assert isinstance(login, Password)
    assert login.password.get_secret_value() == "abc"
    assert probe_of(settings, "flow").session_token == SecretStr("abc")


def test_a_file_that_a_higher_source_replaces_is_not_read() -> None:
    text = GOOD.replace(KEY_LINE, "  api_key_file: /none\n")

    settings = load(text, {"MONITOR_TARGET__API_KEY": "abc"})

    assert key_of(settings) == "abc"


def test_files_of_others_in_the_mounted_directory_are_left_alone() -> None:
    Path("mounted").mkdir()
    for name in ("database_password", "monitor_sentry_dsn", "kubernetes.io"):
        (Path("mounted") / name).write_text("x")

    settings = load(GOOD, {"MONITOR_SECRETS_DIR": "mounted"})

    assert key_of(settings) == SECRET


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(
            "api_key_file: none",
            "6:17: target.api_key_file: no such file: check the path, a relative one begins where the YAML file is",
            id="missing",
        ),
        pytest.param(
            "api_key_file: empty", "6:17: target.api_key_file: file is empty: write the value into it", id="empty"
        ),
        pytest.param(
            "api_key_file: .",
            "6:17: target.api_key_file: is not a file: name the file that holds the value",
            id="directory",
        ),
        pytest.param(
            "api_key_file: loop",
            "6:17: target.api_key_file: no such file: check the path, a relative one begins where the YAML file is",
            id="symbolic-link-to-itself",
        ),
        pytest.param(
            f"api_key_file: {'f' * 300}",
            "6:17: target.api_key_file: file cannot be read: File name too long: check its owner and mode",
            id="unreadable",
        ),
        pytest.param(
            "api_key_file: binary",
            "6:17: target.api_key_file: file is not UTF-8 text: write the value as text",
            id="not-utf-8",
        ),
        pytest.param(
            "api_key_file: huge",
            "6:17: target.api_key_file: file is larger than 64 KiB: is this the right file?",
            id="huge",
        ),
        pytest.param(
            "api_key_file: 5",
            "6:17: target.api_key_file: must be the path of a file that holds the value",
            id="number",
        ),
        pytest.param(
            f"api_key_file: {SECRET}",
            "6:17: target.api_key_file: no such file: check the path, a relative one begins where the YAML file is",
            id="the-secret-itself",
        ),
        pytest.param(
            "{api_key: abc, api_key_file: good}",
            "6:17: target.api_key_file: given besides api_key: remove one of them",
            id="both",
        ),
    ],
)
def test_refuses_a_secret_file_in_the_yaml_with_its_place(line: str, expected: str) -> None:
    Path("empty").write_text("\n")
    Path("good").write_text("abc")
    Path("loop").symlink_to("loop")
    Path("binary").write_bytes(b"\xff\xfe")
    Path("huge").write_bytes(b"x" * 70_000)
    lines = line.strip("{}").replace(", ", "\n  ")
    text = GOOD.replace(KEY_LINE, f"  {lines}\n")

    found = problems(text)

    assert found == [expected.replace("6:", "7:") if "\n" in lines else expected]


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
            " (2m), got 5m:"
            " lower it, or raise every",
            id="wrong-value",
        ),
        pytest.param(
            {"MONITOR_CHECKS__FLOW__COUNT": "many"},
            "environment variable MONITOR_CHECKS__FLOW__COUNT: checks.flow.count: must be a whole number, got many",
            id="wrong-type",
        ),
        pytest.param(
            {"MONITOR_CHECKS__FLOW__EAVESDROPPERS": "[guest]"},
            "environment variable MONITOR_CHECKS__FLOW__EAVESDROPPERS: checks.flow.eavesdroppers: must be JSON, such as"
            ' ["a", "b"]',
            id="no-json",
        ),
        pytest.param(
            {"MONITOR_CHECKS__FLOW__EAVESDROPPERS": '["guest", "nobody"]'},
            "environment variable MONITOR_CHECKS__FLOW__EAVESDROPPERS: checks.flow.eavesdroppers[1]: identity nobody"
            " is not"
            " declared: expected guest, customer or key, or declare it under identities",
            id="wrong-item",
        ),
        pytest.param(
            {"MONITOR_TARGET__API_KEY": ""},
            "environment variable MONITOR_TARGET__API_KEY: target.api_key: is empty: give the value, or remove the key",
            id="empty-secret",
        ),
        pytest.param(
            {"MONITOR_TARGET__API_KEY_FILE": "/none"},
            "environment variable MONITOR_TARGET__API_KEY_FILE: target.api_key: no such file: check the path, a"
            " relative one"
            " begins where the YAML file is",
            id="missing-file",
        ),
        pytest.param(
            {"MONITOR_TARGET__API_KEY": "abc", "MONITOR_TARGET__API_KEY_FILE": "/none"},
            "environment variable MONITOR_TARGET__API_KEY_FILE: target.api_key: given besides"
            " MONITOR_TARGET__API_KEY: unset"
            " one of them",
            id="both",
        ),
        pytest.param(
            {"MONITOR_SECRETS_DIR": "/none"},
            "environment variable MONITOR_SECRETS_DIR: directory cannot be read: No such file or directory: correct"
            " or unset"
            " the variable",
            id="no-directory",
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
        " rename one"
        " of them in monitor.yaml"
    ]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("monitor_target__apikey", id="misspelt"),
        pytest.param("MONITOR_TARGET__APIKEY", id="upper-case"),
    ],
)
def test_refuses_a_mounted_file_that_names_nothing(name: str) -> None:
    Path("mounted").mkdir()
    (Path("mounted") / name).write_text(SECRET)

    found = problems(GOOD, {"MONITOR_SECRETS_DIR": "mounted"})

    assert found == [f"secret file mounted/{name}: names no setting: did you mean MONITOR_TARGET__API_KEY?"]


def test_names_the_secret_file_whose_value_is_wrong() -> None:
    Path("mounted").mkdir()
    Path("mounted/monitor_target__name").write_text("Not a name")

    found = problems(GOOD, {"MONITOR_SECRETS_DIR": "mounted"})

    assert found == [
        "secret file mounted/monitor_target__name: target.name: must match ^[a-z0-9][a-z0-9_.-]{0,62}$, got 'Not a"
        " name'"
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


def test_a_variable_that_the_yaml_uses_is_no_misspelt_setting() -> None:
    settings = load(GOOD.replace(SECRET, "${MONITOR_KEY}"), {"MONITOR_KEY": "abc"})

    assert key_of(settings) == "abc"


def test_a_secret_of_digits_stays_text() -> None:
    settings = load(GOOD.replace(SECRET, "${KEY}"), {"KEY": "012345"})

    assert key_of(settings) == "012345"


def test_a_variable_in_the_yaml_takes_the_type_of_its_field() -> None:
    settings = load(GOOD.replace("reader: customer", "count: '${N}'"), {"N": "5"})

    assert probe_of(settings, "flow").count == 5


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(f"api_key: {SECRET}", f"api_keyy: {OTHER}", id="unknown-key"),
        pytest.param(f"api_key: {SECRET}", f"api_key: [{OTHER}]", id="list-instead-of-secret"),
        pytest.param(f"api_key: {SECRET}", f"api_key: {{a: {OTHER}}}", id="mapping-instead-of-secret"),
        pytest.param(f"api_key: {SECRET}", f"api_key:{OTHER}", id="no-space-after-the-colon"),
        pytest.param("{kind: guest}", f"{{kind: guest, password:{OTHER}}}", id="no-space-after-the-colon-in-flow"),
        pytest.param("{kind: guest}", f"password:{OTHER}", id="no-space-after-the-colon-of-a-value"),
        pytest.param("{kind: guest}", OTHER, id="value-instead-of-mapping"),
        pytest.param("location: fra1", f"location: the password is {OTHER}", id="text-that-sounds-like-one"),
        pytest.param("https://host/v1", f"https://user:{OTHER}@host/v1", id="user-in-the-endpoint"),
        pytest.param("https://host/v1", f"user:{OTHER}@host/v1", id="user-in-an-endpoint-without-scheme"),
        pytest.param("reader: customer", f"session_tokn: {OTHER}", id="unknown-key-of-a-check"),
        pytest.param("reader: customer", f"pin: {OTHER}", id="secret-of-another-kind"),
        pytest.param("reader: customer", f"session_token: !!binary {OTHER}", id="tag"),
        pytest.param("\nchecks:", f"\n  pw: {{kind: password, email: a, password: {OTHER}}}\nchecks:", id="password"),
    ],
)
def test_no_message_ever_holds_a_secret(old: str, new: str) -> None:
    text = GOOD.replace(old, new, 1)

    found = problems(text)

    assert OTHER not in " ".join(found)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("name: production", f"name: Pro {SECRET}", id="text"),
        pytest.param("kind: user\n", f"kind: {SECRET}\n", id="kind"),
        pytest.param("reader: customer", f"reader: {SECRET}", id="identity"),
    ],
)
def test_a_known_secret_is_hidden_wherever_else_it_stands(old: str, new: str) -> None:
    text = GOOD.replace(old, new, 1)

    found = problems(text)

    assert "***" in found[0]


def test_an_appwrite_key_in_the_wrong_place_is_not_shown() -> None:
    key = "standard_" + "0123456789abcdef" * 16

    found = problems(GOOD.replace("project: p1", f"project: {key}"))

    assert len(found) == 1
    assert "0123456789abcdef" not in found[0]

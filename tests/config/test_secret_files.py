from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import SecretStr

from monitor.config import load_settings
from monitor.core.identity import Password
from tests.config.example import GOOD, KEY_LINE, REGISTRY, SECRET, key_of, load, probe_of, problems


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
            {"MONITOR_TARGET__API_KEY_FILE": "/none"},
            "environment variable MONITOR_TARGET__API_KEY_FILE: target.api_key: no such file: check the path, a"
            " relative one begins where the YAML file is",
            id="missing-file",
        ),
        pytest.param(
            {"MONITOR_TARGET__API_KEY": "abc", "MONITOR_TARGET__API_KEY_FILE": "/none"},
            "environment variable MONITOR_TARGET__API_KEY_FILE: target.api_key: given besides"
            " MONITOR_TARGET__API_KEY: unset one of them",
            id="both",
        ),
        pytest.param(
            {"MONITOR_SECRETS_DIR": "/none"},
            "environment variable MONITOR_SECRETS_DIR: directory cannot be read: No such file or directory: correct"
            " or unset the variable",
            id="no-directory",
        ),
    ],
)
def test_refuses_a_secret_file_by_the_variable_that_names_it(environ: Mapping[str, str], expected: str) -> None:
    found = problems(GOOD, environ)

    assert found == [expected]


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

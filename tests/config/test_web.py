"""
The section ``web``: what it takes, and what it refuses with place and remedy.
"""

from pathlib import Path

import jsonschema
import pytest
import trustme
import yaml
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from monitor.config.schema import json_schema
from monitor.config.web import Readers
from tests.config.example import GOOD, REGISTRY, load, problems

TOKEN = "a-token-that-nobody-guesses"
FULL = f"""\
web:
  listen: 0.0.0.0:9464
  token: {TOKEN}
  user: ann
  password: a-password-that-nobody-guesses
  readers: authorized
  hosts: [monitor.example.com, Monitor]
  tls: {{certificate: certificate.pem, key: key.pem}}
"""


@pytest.fixture(autouse=True)
def _files() -> None:
    issued = trustme.CA().issue_cert("localhost")
    issued.private_key_pem.write_to_path("key.pem")
    issued.cert_chain_pems[0].write_to_path("certificate.pem")


def test_takes_all_there_is() -> None:
    web = load(GOOD + FULL).web

    assert web.token is not None
    assert web.token.get_secret_value() == TOKEN
    assert (web.readers, web.hosts) == (Readers.AUTHORIZED, ("monitor.example.com", "monitor"))
    assert (web.has_credentials, web.is_loopback) == (True, False)


def test_without_it_only_this_machine_may_start_something() -> None:
    web = load(GOOD).web

    assert (web.listen, web.readers, web.has_credentials, web.is_loopback) == (
        "127.0.0.1:9464",
        Readers.ANYBODY,
        False,
        True,
    )


@pytest.mark.parametrize(
    ("given", "environ"),
    [
        pytest.param("web: {token_file: token}\n", {}, id="in-yaml"),
        pytest.param("", {"MONITOR_WEB__TOKEN_FILE": "token"}, id="variable-of-the-file"),
        pytest.param("", {"MONITOR_WEB__TOKEN": TOKEN}, id="variable"),
    ],
)
def test_the_token_comes_from_wherever_secrets_do(given: str, environ: dict[str, str]) -> None:
    Path("token").write_text(f"{TOKEN}\n")

    web = load(GOOD + given, environ).web

    assert web.token is not None
    assert web.token.get_secret_value() == TOKEN


def test_hosts_come_from_a_variable_as_well() -> None:
    assert load(GOOD, {"MONITOR_WEB__HOSTS": '["monitor", "monitor.example.com"]'}).web.hosts == (
        "monitor",
        "monitor.example.com",
    )


@pytest.mark.parametrize(
    ("web", "problem"),
    [
        pytest.param("{token: hunter2}", "web.token: must have at least 16 characters", id="short"),
        pytest.param("{user: ann}", "web.user: is given without password: give both, or neither", id="half"),
        pytest.param("{password: 0123456789abcdef}", "web.password: is given without user", id="other-half"),
        pytest.param("{readers: authorized}", "web.readers: nobody could be let in: give web.token", id="nobody"),
        pytest.param("{hosts: ['https://a.example']}", "must be the name of a host, without scheme and port", id="url"),
        pytest.param("{hosts: ['a.example:80']}", "must be the name of a host, without scheme and port", id="port"),
        pytest.param("{user: 'a:b', password: 0123456789abcdef}", "web.user", id="colon"),
        pytest.param("{tls: {certificate: certificate.pem}}", "web.tls.key", id="no-key"),
        pytest.param("{tls: {certificate: nowhere, key: key.pem}}", "web.tls: no such certificate", id="missing"),
        pytest.param("{tls: {certificate: certificate.pem, key: other.pem}}", "key is not that of the", id="mismatch"),
        pytest.param("{tls: {certificate: certificate.pem, key: locked.pem}}", "key has a passphrase", id="passphrase"),
        pytest.param("{tls: {certificate: text, key: key.pem}}", "certificate and key cannot be used", id="no-pem"),
    ],
)
def test_refuses_what_cannot_be_with_place_and_remedy(web: str, problem: str) -> None:
    trustme.CA().issue_cert("localhost").private_key_pem.write_to_path("other.pem")
    key = load_pem_private_key(Path("key.pem").read_bytes(), password=None)
    locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"0123"))
    Path("locked.pem").write_bytes(locked)
    Path("text").write_text("no certificate")

    [found] = problems(f"{GOOD}web: {web}\n")

    assert problem in found
    assert "hunter2" not in found


def test_editors_accept_it_all() -> None:
    jsonschema.validate(yaml.safe_load(GOOD + FULL), json_schema(REGISTRY))

"""
What a person sees of a server that does not behave: a clear failure, within the deadline and a second.
"""

import json
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme

from tests.e2e.process import monitor
from tests.fakes import hostile
from tests.fakes.hostile import answering, http, serving

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

TIMEOUT_SECONDS = 1.5
HTML = http(b"<!doctype html><title>Book now</title>", "Content-Type: text/html", "Server: Netlify")
HALF = http(b'{"$id": "bookings", "attributes": [{"key"', "Content-Type: application/json", "Server: Appwrite")


def write_config(folder: Path, origin: str) -> Path:
    path = folder / "monitor.yaml"
    path.write_text(
        f"target: {{name: t, endpoint: {origin}/v1, project: p, database: d, api_key: standard_0123}}\n"
        "checks:\n"
        f"  there: {{kind: collection_exists, timeout: {TIMEOUT_SECONDS}s, collection: bookings}}\n"
        f"  page: {{kind: http_endpoint, timeout: {TIMEOUT_SECONDS}s, url: {origin}/v1/x, json: {{a: 1}}}}\n"
    )
    return path


@pytest.mark.parametrize(
    ("behaviour", "reason", "words"),
    [
        pytest.param(answering(HTML), "protocol", ("text/html", "no JSON but text/html"), id="HTML in place of JSON"),
        pytest.param(answering(HALF), "protocol", ("expected JSON", "no JSON"), id="half a JSON document"),
        pytest.param(hostile.endless_body, "protocol", ("more than 1 MiB",) * 2, id="10 MB"),
        pytest.param(hostile.dripping, "timeout", ("the body stopped after",) * 2, id="a byte at a time"),
        pytest.param(hostile.silent, "timeout", ("no first byte within",) * 2, id="no answer"),
    ],
)
async def test_a_server_that_misbehaves_is_a_clear_failure_within_the_deadline_and_a_second(
    tmp_path: Path, behaviour: hostile.Behaviour, reason: str, words: tuple[str, str]
) -> None:
    async with serving(behaviour) as port:
        path = write_config(tmp_path, f"http://127.0.0.1:{port}")
        end = await monitor("once", "-c", str(path), "--output", "json")

    outcomes = {outcome["check"]: outcome for outcome in json.loads(end.out)["outcomes"]}
    assert end.code == 1
    assert {outcome["reason"] for outcome in outcomes.values()} == {reason}
    assert words[0] in outcomes["there"]["message"]
    assert words[1] in outcomes["page"]["message"]
    assert all(outcome["duration_seconds"] < TIMEOUT_SECONDS + 1 for outcome in outcomes.values())


@pytest.mark.parametrize(
    ("certificate", "trusted", "words"),
    [
        pytest.param(lambda authority: authority.issue_cert("elsewhere.example"), True, "127.0.0.1", id="another host"),
        pytest.param(
            lambda authority: authority.issue_cert("127.0.0.1"),
            False,
            "unable to get local issuer certificate",
            id="unknown authority",
        ),
    ],
)
async def test_a_wrong_certificate_is_named(
    tmp_path: Path, certificate: Callable[[trustme.CA], trustme.LeafCert], trusted: bool, words: str
) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate(authority).configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))

    async with serving(answering(HALF), tls=context) as port:
        path = write_config(tmp_path, f"https://127.0.0.1:{port}")
        env = {"SSL_CERT_FILE": str(tmp_path / "ca.pem")} if trusted else {}
        end = await monitor("once", "-c", str(path), "--output", "json", env=env)

    outcomes = json.loads(end.out)["outcomes"]
    assert end.code == 1
    assert {outcome["reason"] for outcome in outcomes} == {"tls"}
    assert all(words in outcome["message"] for outcome in outcomes)

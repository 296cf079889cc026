"""
Requests that make no sense: always an answer of Appwrite's, and the server goes on.
"""

import asyncio
import base64
import gzip
import io
import json
import logging

import aiohttp
import pytest
from yarl import URL

from monitor.sandbox.errors import AppwriteError
from tests.sandbox.client import Client

pytestmark = pytest.mark.asyncio

DOCUMENTS = "/databases/68f76ee1000e64ca8d05/collections/bookings/documents"
LOGIN = "/account/sessions/email"
DEEP_SESSION = base64.b64encode(b"[" * 5_000).decode()
HALF_A_CHARACTER = base64.b64encode(b'{"id": "synthetic-customer", "secret": "\\ud800"}').decode()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"\xff\xfe\x00", id="no-utf-8"),
        pytest.param(b"{", id="cut-off"),
        pytest.param(b"[]", id="list"),
        pytest.param(b"null", id="null"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"[" * 100_000, id="deep-list"),
        pytest.param(b'{"a":' * 600 + b"1" + b"}" * 600, id="deep-object"),
        pytest.param(b'{"email": "\\ud800@example.com", "password": "12345678"}', id="half-a-character"),
        pytest.param(b'{"email": NaN}', id="no-number"),
        pytest.param(b'{"email": ' + b"9" * 5_000 + b"}", id="huge-number"),
        pytest.param(b'{"email": {"a": []}, "password": [1]}', id="wrong-types"),
    ],
)
@pytest.mark.parametrize("path", [LOGIN, "/account", "/account/sessions/token", DOCUMENTS])
async def test_refuses_a_body_that_makes_no_sense(client: Client, path: str, body: bytes) -> None:
    reply = await client.call("POST", path, data=body, headers={"Content-Type": "application/json"})

    assert reply.status == 400
    assert set(reply.body) == {"message", "code", "type", "version"}


@pytest.mark.parametrize(("depth", "status"), [(511, 201), (512, 400)])
async def test_reads_bodies_as_deep_as_a_real_server_does(client: Client, depth: int, status: int) -> None:
    customer = client.sandbox.customer
    inner: object = 1
    for _ in range(depth):
        inner = [inner]
    body = {"email": customer.email, "password": customer.password, "other": inner}

    reply = await client.call("POST", LOGIN, body=body)

    assert reply.status == status


async def test_knows_nobody_by_a_secret_that_is_no_text(client: Client) -> None:
    client.sign_in("customer", "synthetic-customer")

    reply = await client.call("GET", "/account", headers={"X-Appwrite-Session": HALF_A_CHARACTER})

    assert reply.verdict == "401 general_unauthorized_scope"


async def test_reads_a_form(client: Client) -> None:
    customer = client.sandbox.customer

    reply = await client.call("POST", LOGIN, data={"email": customer.email, "password": customer.password})

    assert reply.status == 201


async def test_does_not_unpack_a_compressed_body(client: Client) -> None:
    customer = client.sandbox.customer
    packed = gzip.compress(json.dumps({"email": customer.email, "password": customer.password}).encode())
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}

    reply = await client.call("POST", LOGIN, data=packed, headers=headers)

    assert reply.verdict == "400 general_argument_invalid"


async def test_refuses_a_body_without_end_as_the_proxy_does(client: Client) -> None:
    reply = await client.call("POST", LOGIN, data=io.BytesIO(b" " * (9 << 20)))

    assert (reply.status, reply.headers["Server"]) == (413, "nginx")


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"X-Fallback-Cookies": "["}, id="fallback-no-json"),
        pytest.param({"X-Fallback-Cookies": "[" * 7_000}, id="fallback-deep"),
        pytest.param({"X-Fallback-Cookies": '{"a_session_monitored-app": 7}'}, id="fallback-number"),
        pytest.param({"X-Fallback-Cookies": f'{{"a_session_monitored-app": "{DEEP_SESSION}"}}'}, id="fallback-session"),
        pytest.param({"Cookie": f"a_session_monitored-app={DEEP_SESSION}"}, id="deep-session"),
        pytest.param({"Cookie": f"a_session_monitored-app={HALF_A_CHARACTER}"}, id="half-a-character"),
        pytest.param({"Cookie": "a_session_monitored-app=\u00e4\u00f6; ;;=;"}, id="bad-cookie"),
        pytest.param({"X-Appwrite-Session": base64.b64encode(b'{"id": 7, "secret": null}').decode()}, id="numbers"),
        pytest.param({"X-Appwrite-Session": "a"}, id="no-base64"),
        pytest.param({"X-Appwrite-Response-Format": "\u0661.9.9"}, id="format"),
        pytest.param({"X-Appwrite-Mode": "admin"}, id="mode"),
        pytest.param({"Accept-Encoding": "\u00e4"}, id="encoding"),
        pytest.param({"Content-Length": "0", "Content-Type": "\u00e4"}, id="content-type"),
        pytest.param({"User-Agent": "x" * 8_000}, id="agent"),
    ],
)
async def test_takes_who_sends_nonsense_for_a_guest(client: Client, headers: dict[str, str]) -> None:
    reply = await client.call("GET", "/account", headers=headers)

    assert reply.verdict == "401 general_unauthorized_scope"


@pytest.mark.parametrize(
    ("headers", "verdict"),
    [
        pytest.param({"X-Appwrite-JWT": "\u00e4.b.c"}, "401 user_jwt_invalid", id="jwt-no-ascii"),
        pytest.param({"X-Appwrite-JWT": f"a.{'b' * 7_000}.c"}, "401 user_jwt_invalid", id="jwt-long"),
        pytest.param({"X-Appwrite-Key": "\u00e4"}, "401 user_unauthorized", id="key"),
        pytest.param({"X-Appwrite-Project": "\u00e4"}, "404 project_not_found", id="project"),
        pytest.param({"Origin": "http://[::1"}, "403 general_unknown_origin", id="origin-no-address"),
        pytest.param({"Origin": "null"}, "403 general_unknown_origin", id="origin-null"),
        pytest.param({"Origin": "gopher://localhost"}, "403 general_unknown_origin", id="origin-scheme"),
    ],
)
async def test_refuses_headers_that_prove_nothing(client: Client, headers: dict[str, str], verdict: str) -> None:
    reply = await client.call("GET", "/account", headers=headers)

    assert reply.verdict == verdict


@pytest.mark.parametrize("path", ["/%00", "/%ff", "/%", "/a%2Fb", "/users/%ED%A0%80", "/account?%ff=%00&[=]&a[]b=1"])
async def test_answers_odd_addresses(client: Client, path: str) -> None:
    reply = await client.call("GET", path)

    assert reply.status in {401, 404}
    assert reply.headers["Server"] == "Appwrite"


async def test_hides_a_bug_from_callers_and_tells_the_log(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("monitor.sandbox.rest.Allowance.settle", None)
    with caplog.at_level(logging.ERROR, logger="monitor.sandbox.rest"):
        broken = await client.call("GET", "/ping")
    monkeypatch.undo()

    assert broken.status == 500
    assert broken.body == {"message": "Server Error", "code": 500, "type": "general_unknown", "version": "1.9.6"}
    assert "Traceback" in caplog.text
    assert (await client.call("GET", "/ping")).body == "Pong!"


@pytest.mark.parametrize(
    ("status", "sent", "message"),
    [pytest.param(426, 500, "Server Error", id="hidden"), pytest.param(451, 451, "no", id="passed-on")],
)
async def test_hides_a_status_that_a_real_server_does_not_pass_on(
    client: Client, monkeypatch: pytest.MonkeyPatch, status: int, sent: int, message: str
) -> None:
    def refuse(*_: object) -> None:
        raise AppwriteError(status, "general_odd", "no")

    monkeypatch.setattr("monitor.sandbox.rest.Allowance.settle", refuse)

    reply = await client.call("GET", "/ping")

    assert (reply.verdict, reply.body["code"], reply.body["message"]) == (f"{sent} general_odd", sent, message)


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nabcde", id="no-gzip"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n", id="bad-chunk"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n", id="chunk-too-long"),
        pytest.param(b"Content-Length: x\r\n\r\n", id="bad-length"),
        pytest.param(b"X-Long: " + b"x" * 20_000 + b"\r\n\r\n", id="long-header"),
        pytest.param(b"X-Odd: \x00\r\n\r\n", id="odd-header"),
        pytest.param(b"X-Appwrite-Key: \xff\xfe\r\nContent-Length: 0\r\n\r\n", id="header-no-text"),
    ],
)
async def test_survives_requests_that_are_hardly_http(client: Client, sent: bytes) -> None:
    url = URL(client.sandbox.endpoint)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    project = client.sandbox.project.encode()
    head = b"POST /v1/account HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Appwrite-Project: " + project

    writer.write(head + b"\r\nContent-Type: application/json\r\n" + sent)
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()

    assert answer.split(b" ")[1] in {b"400", b"401"}
    assert b"Traceback" not in answer
    assert (await client.call("GET", "/ping")).body == "Pong!"


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        pytest.param(b"/users/%ff", b"", id="user"),
        pytest.param(b"/databases/%ff/collections/%ed%a0%80/documents", b"", id="database"),
        pytest.param(b"/databases/68f76ee1000e64ca8d05/collections/%ed%a0%80/documents", b"", id="collection"),
        pytest.param(b"/users?search=%ff&queries[0]=%ff", b"", id="query"),
        pytest.param(b"/users?queries[0]=%ed%a0%80", b"", id="half-a-character"),
        pytest.param(b"/ping", b"Origin: http://localhost:\xff\r\n", id="origin"),
        pytest.param(b"/ping", b"X-Appwrite-Response-Format: 9.9.9\xff\r\n", id="format"),
        pytest.param(b"/ping", b"User-Agent: \xff\r\nAccept-Encoding: \xff\r\nCookie: \xff=\xff\r\n", id="others"),
        pytest.param(b"/ping", b"Content-Type: \xff\r\nX-Appwrite-Dev-Key: \xff\r\n", id="more"),
    ],
)
async def test_answers_bytes_that_are_no_text(client: Client, path: bytes, headers: bytes) -> None:
    url = URL(client.sandbox.endpoint)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    identity = f"X-Appwrite-Project: {client.sandbox.project}\r\nX-Appwrite-Key: {client.sandbox.api_key}\r\n".encode()

    writer.write(
        b"GET /v1" + path + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + identity + headers + b"\r\n"
    )
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()

    assert int(answer.split(b" ")[1]) < 500
    assert b"Server: Appwrite" in answer


async def test_hides_an_answer_that_cannot_be_written(client: Client) -> None:
    client.sandbox.world.accounts.users["synthetic-customer"].name = "\ud800"

    reply = await client.call("GET", "/users", by="key")

    assert reply.verdict == "500 general_unknown"
    assert (await client.call("GET", "/ping")).body == "Pong!"


async def test_a_number_beyond_the_largest_stays_a_number(client: Client) -> None:
    url, key = f"{client.sandbox.endpoint}/users/{client.sandbox.customer.id}/prefs", client.headers_of("key")
    async with aiohttp.ClientSession() as session:
        headers = key | {"Content-Type": "application/json"}
        async with session.patch(url, data=b'{"prefs": {"a": 1e400, "b": -1e400}}', headers=headers) as response:
            text = await response.text()

    assert "Infinity" not in text
    assert '"a":1.7976931348623157e+308' in text

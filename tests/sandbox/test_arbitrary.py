"""
Whatever a caller sends, it gets an Appwrite-shaped answer or the end of its connection, and the server goes on.

The routes are taken from the router, so that a new one is thrown at without an edit here.
"""

import asyncio
import json
import logging
from collections.abc import Iterator, Set
from urllib.parse import quote, urlencode

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.sandbox.protocol.routing import Route
from monitor.sandbox.rest import ROUTER
from tests.sandbox.threaded import ANSWER_TIMEOUT_SECONDS, ThreadedSandbox

pytestmark = pytest.mark.slow

# Statuses that Appwrite passes through; 500 would be a bug of ours, told as Appwrite tells one of its own.
STATUSES = {
    200,
    201,
    202,
    204,
    400,
    401,
    402,
    403,
    404,
    405,
    408,
    409,
    410,
    412,
    413,
    414,
    416,
    422,
    429,
    451,
    501,
    503,
}

FEW = settings(max_examples=150, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])

ROUTES = sorted(ROUTER, key=lambda route: (route.path, route.method))
IDS = ["bookings", "chat_messages", "68f76ee1000e64ca8d05", "synthetic-customer", "synthetic-pair", "current", "status"]
NAMES = [
    "userId", "email", "password", "name", "secret", "length", "expire", "duration", "documentId", "rowId",
    "data", "documents", "rows", "permissions", "queries", "search", "total", "collectionId", "tableId",
    "databaseId", "enabled", "documentSecurity", "rowSecurity", "attributes", "columns", "indexes", "key",
    "type", "size", "required", "default", "array", "min", "max", "elements", "orders", "lengths", "newKey",
    "transactionId", "operations", "commit", "rollback", "ttl", "value", "messageId", "title", "body",
    "subject", "content", "users", "topics", "targets", "draft", "scheduledAt", "async", "path", "method",
    "headers", "teamId", "roles", "labels", "prefs", "status", "project", "threshold", "domain", "purge",
    "sessionId", "encrypt",
]  # fmt: skip

texts = st.one_of(
    st.sampled_from([*IDS, "unique()", "", "_x", "a" * 37, "tomorrow", "\x00", "😀"]), st.text(max_size=30)
)
numbers = st.one_of(st.integers(-3, 300), st.integers(), st.floats(allow_nan=False))
queries = st.builds(
    lambda method, attribute, values: json.dumps({"method": method, "attribute": attribute, "values": values}),
    st.sampled_from(["equal", "between", "limit", "offset", "cursorAfter", "select", "or", "and", "regex", "search"]),
    st.one_of(texts, st.sampled_from(["status", "userId", "$id", "startsAt", "durationMinutes"])),
    st.recursive(st.one_of(texts, numbers, st.none()), lambda inner: st.lists(inner, max_size=3), max_leaves=5),
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts, queries),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.one_of(texts, st.sampled_from(NAMES)), inner)
    ),
    max_leaves=8,
)
bodies = st.dictionaries(st.sampled_from(NAMES), values, max_size=8)


class Server(ThreadedSandbox):
    """
    A sandbox; *complaints* is what it logged.
    """

    def __init__(self) -> None:
        super().__init__()
        self.complaints: list[str] = []


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    class Complaints(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            running.complaints.append(self.format(record))

    handler = Complaints(level=logging.WARNING)
    running = Server()
    with running:
        for name in ("aiohttp", "asyncio", "monitor"):
            logging.getLogger(name).addHandler(handler)
        yield running
        for name in ("aiohttp", "asyncio", "monitor"):
            logging.getLogger(name).removeHandler(handler)


def assert_answered(server: Server, status: int, body: bytes, *, allowed: Set[int] = frozenset()) -> None:
    complaints, server.complaints = server.complaints, []
    assert complaints == []
    assert status in STATUSES | allowed
    assert b"Traceback" not in body
    if body.startswith(b"{") and status >= 400:
        assert {"message", "code", "type", "version"} <= json.loads(body).keys()
    assert server.ask("GET", "/v1/ping", headers={}) == (200, b"Pong!")


@FEW
@given(
    route=st.sampled_from(ROUTES),
    ids=st.lists(st.one_of(st.sampled_from(IDS), texts), min_size=5, max_size=5),
    body=bodies,
    with_key=st.booleans(),
)
def test_any_values_on_a_known_route_are_answered(
    server: Server, route: Route, ids: list[str], body: dict[str, object], with_key: bool
) -> None:
    path, fill = "/v1", iter(ids)
    for part in route.path.strip("/").split("/"):
        path += "/" + (quote(next(fill), safe="") if part.startswith("{") else part)
    headers = {"Content-Type": "application/json"} | ({"X-Appwrite-Key": server.sandbox.api_key} if with_key else {})
    sent = json.dumps(body).encode()
    if route.method == "GET":
        flat = [
            (f"{name}[{number}]", str(each))
            for name, value in body.items()
            for number, each in enumerate(value if isinstance(value, list) else [value])
        ]
        path, sent = f"{path}?{urlencode(flat)}"[:8000], b""

    status, answer = server.ask(route.method, path, headers=headers, body=sent)

    # As recorded: that server has no clock to ask.
    assert_answered(server, status, answer, allowed={500} if route.path == "/health/time" else frozenset())


HEADERS = ["X-Appwrite-Project", "X-Appwrite-Key", "X-Appwrite-JWT", "X-Appwrite-Session", "X-Fallback-Cookies",
           "Cookie", "Origin", "Content-Type", "X-Appwrite-Response-Format", "X-Appwrite-Mode",
           "X-Sandbox-Token"]  # fmt: skip
printable = st.binary(max_size=60).map(lambda raw: bytes(byte for byte in raw if byte >= 32 and byte != 127))


@FEW
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]),
    path=st.one_of(
        st.sampled_from(
            ["/v1/account", "/v1/account/sessions/email", "/v1/realtime", "/v1/databases", "/sandbox/faults/slow"]
        ),
        st.text(max_size=40).map(lambda text: "/v1/" + quote(text)),
    ),
    headers=st.dictionaries(st.sampled_from(HEADERS), printable, max_size=4),
    body=st.one_of(st.binary(max_size=200), bodies.map(lambda body: json.dumps(body).encode())),
)
def test_any_headers_and_bytes_are_answered(
    server: Server, method: str, path: str, headers: dict[str, bytes], body: bytes
) -> None:
    status, answer = server.ask(method, path, headers=headers, body=body)

    assert_answered(server, status, b"" if path.startswith("/sandbox") else answer)


messages = st.one_of(
    st.text(max_size=60),
    st.binary(max_size=60),
    values.map(json.dumps),
    st.builds(
        lambda kind, data: json.dumps({"type": kind, "data": data}),
        st.sampled_from(["subscribe", "unsubscribe", "authentication", "presence", "ping", ""]),
        st.one_of(
            values,
            st.lists(
                st.dictionaries(
                    st.sampled_from(["subscriptionId", "channels", "queries", "session", "status"]), values, max_size=4
                ),
                max_size=3,
            ),
        ),
    ),
)


@FEW
@given(sent=st.lists(messages, min_size=1, max_size=5))
def test_any_frames_are_answered_or_end_the_socket(server: Server, sent: list[str | bytes]) -> None:
    async def converse() -> str:
        url = f"{server.sandbox.endpoint}/realtime?project={server.sandbox.project}&channels[]=documents"
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
            for message in sent:
                await (socket.send_str(message) if isinstance(message, str) else socket.send_bytes(message))
            await socket.send_str('{"type":"ping"}')
            async for frame in socket:
                answer = json.loads(frame.data)
                assert answer["type"] in {"connected", "response", "pong", "error"}
                if answer["type"] == "error":
                    assert answer["data"]["message"] == "Error: Server Error"
                if answer["type"] == "pong":
                    return "answers"
        return "ended"

    ending = asyncio.run(asyncio.wait_for(converse(), ANSWER_TIMEOUT_SECONDS))

    assert ending in {"answers", "ended"}
    assert_answered(server, 200, b"")


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"\xff\xfe\x00\r\n\r\n", id="no-http"),
        pytest.param(b"GET /v1/\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n", id="path-not-utf-8"),
        pytest.param(
            b"GET /v1/ping HTTP/1.1\r\nHost: x\r\nX-Appwrite-Project: \xff\xfe\r\n\r\n", id="header-not-utf-8"
        ),
        pytest.param(b"GET /v1/ping HTTP/1.1\r\n" + b"X-A: " + b"a" * 100_000 + b"\r\n\r\n", id="header-too-long"),
        pytest.param(b"POST /v1/account HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", id="negative-length"),
        pytest.param(
            b"POST /v1/account HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", id="bad-chunk"
        ),
    ],
)
def test_what_is_no_request_ends_or_is_refused(server: Server, raw: bytes) -> None:
    async def send() -> bytes:
        port = int(server.sandbox.endpoint.rsplit(":", 1)[1].removesuffix("/v1"))
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(raw)
        writer.write_eof()
        answer = await asyncio.wait_for(reader.read(), ANSWER_TIMEOUT_SECONDS)
        writer.close()
        return answer

    answer = asyncio.run(send())

    server.complaints.clear()
    assert b"Traceback" not in answer
    assert_answered(server, 400, b"")

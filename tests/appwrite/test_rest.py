"""
What a client asks, and what it makes of answers that are not what they should be.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from monitor.appwrite import query
from monitor.appwrite.budget import Budget
from monitor.appwrite.identities import sign_in
from monitor.appwrite.rest import Client
from monitor.appwrite.transport import AiohttpTransport
from monitor.core.clock import SystemClock
from monitor.core.cost import LIMITS, Limited, bucket_of
from monitor.core.errors import CheckFailed, OwnFault
from monitor.core.identity import Anonymous, Guest, Password, User
from monitor.core.outcome import Phase, Reason
from tests.appwrite.conftest import MakeRun, clean_up
from tests.fakes.hostile import answering, http, serving

pytestmark = pytest.mark.asyncio

COLLECTION = {"$id": "bookings", "name": "Bookings", "enabled": True, "documentSecurity": True, "attributes": []}


class Appwrite:
    """
    Answers every request with the next of *answers* (the last one again and again), and remembers what it was asked.
    """

    def __init__(self, *answers: bytes) -> None:
        self._answers = list(answers)
        self.requests: list[str] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next((line[16:] for line in request.splitlines() if line.startswith("Content-Length: ")), "0")
        self.requests.append(request + (await reader.readexactly(int(length))).decode())
        writer.write(self._answers.pop(0) if len(self._answers) > 1 else self._answers[0])
        await writer.drain()


def ok(answer: object, *headers: str) -> bytes:
    return http(json.dumps(answer).encode(), "Content-Type: application/json", "Server: Appwrite", *headers)


def client_of(make_run: MakeRun, port: int, identity: str = "key", **fields: object) -> Client:
    run = make_run(f"http://127.0.0.1:{port}/v1", **fields)
    headers = {"X-Appwrite-Key": "standard_secret"} if identity == "key" else {"X-Appwrite-JWT": "jwt"}
    return Client(run, identity=identity, session=run.transport.session(identity), headers=headers)


async def test_asks_with_project_and_credentials_and_nothing_that_names_an_origin_or_format(make_run: MakeRun) -> None:
    appwrite = Appwrite(ok(COLLECTION))
    async with serving(appwrite) as port:
        client = client_of(make_run, port)
        collection = await client.get_collection("bookings")

    assert (collection.id, collection.document_security) == ("bookings", True)
    request = appwrite.requests[0].lower()
    assert request.startswith("get /v1/databases/main/collections/bookings http/1.1")
    assert "x-appwrite-project: demo" in request
    assert "x-appwrite-key: standard_secret" in request
    assert "origin" not in request
    assert "response-format" not in request
    assert list(client.run.phases) == [Phase.CONNECT, Phase.REQUEST, Phase.FIRST_BYTE]


async def test_asks_for_the_version_without_the_key(make_run: MakeRun) -> None:
    appwrite = Appwrite(ok({"version": "1.9.6"}))
    async with serving(appwrite) as port:
        version = await client_of(make_run, port).get_version()

    assert version == "1.9.6"
    assert "key" not in appwrite.requests[0].lower()


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        pytest.param(ok({"name": "no id"}), "answered JSON with a wrong '$id'", id="field-missing"),
        pytest.param(ok({**COLLECTION, "enabled": "perhaps"}), "answered JSON with a wrong 'enabled'", id="wrong-type"),
        pytest.param(http(b"<html>", "Content-Type: text/html"), "6 bytes of text/html, expected JSON", id="html"),
        pytest.param(ok(COLLECTION)[:-20], "in the middle of the body", id="half-a-json"),
    ],
)
async def test_says_what_is_wrong_with_an_answer(make_run: MakeRun, answer: bytes, says: str) -> None:
    async with serving(answering(answer)) as port:
        with pytest.raises(CheckFailed, match=re.escape(says)) as caught:
            await client_of(make_run, port).get_collection("bookings")

    assert caught.value.reason in {Reason.PROTOCOL, Reason.CONNECTION}


async def test_ping_accepts_nothing_but_pong(make_run: MakeRun) -> None:
    async with serving(Appwrite(http(b"Pong!", "Content-Type: text/plain"), http(b"<html>"))) as port:
        client = client_of(make_run, port)
        await client.ping()
        with pytest.raises(CheckFailed, match="expected JSON") as caught:
            await client.ping()

    assert caught.value.reason is Reason.PROTOCOL


async def test_lists_collections_page_by_page_to_the_end(make_run: MakeRun) -> None:
    pages = [
        ok({"total": 26, "collections": [{**COLLECTION, "$id": f"c{number}"} for number in range(25)]}),
        ok({"total": 26, "collections": [{**COLLECTION, "$id": "last"}]}),
    ]
    appwrite = Appwrite(*pages)
    async with serving(appwrite) as port:
        collections = await client_of(make_run, port).list_collections()

    assert [len(collections), collections[-1].id] == [26, "last"]
    assert "c24" in appwrite.requests[1].splitlines()[0]


async def test_lists_all_teams_of_a_user(make_run: MakeRun) -> None:
    teams = [{"$id": f"m{number}", "teamId": f"t{number}"} for number in range(130)]
    appwrite = Appwrite(ok({"total": 130, "memberships": teams[:100]}), ok({"total": 130, "memberships": teams[100:]}))
    async with serving(appwrite) as port:
        memberships = await client_of(make_run, port).list_memberships("u1")

    assert [membership.team_id for membership in memberships] == [team["teamId"] for team in teams]
    first, second = (unquote(request.splitlines()[0]) for request in appwrite.requests)
    assert '{"method":"limit","values":[100]}' in first
    assert '{"method":"cursorAfter","values":["m99"]}' in second


async def test_a_list_of_collections_that_never_ends_is_a_protocol_failure(make_run: MakeRun) -> None:
    page = ok({"total": 100, "collections": [{**COLLECTION, "$id": f"c{number}"} for number in range(100)]})
    async with serving(Appwrite(page)) as port:
        with pytest.raises(CheckFailed, match="does not end after 5000"):
            await client_of(make_run, port).list_collections()


async def test_sends_queries_as_the_server_reads_them(make_run: MakeRun) -> None:
    document = {"$id": "synthetic-1", "$permissions": ['read("any")'], "$sequence": "7", "text": "hello"}
    appwrite = Appwrite(ok({"total": 1, "documents": [document]}))
    async with serving(appwrite) as port:
        page = await client_of(make_run, port).list_documents("chat", [query.equal("text", "hello"), query.limit(1)])

    assert (page.documents[0].data, page.documents[0].permissions) == ({"text": "hello"}, ('read("any")',))
    sent = parse_qs(urlsplit(appwrite.requests[0].split(" ")[1]).query)
    assert json.loads(sent["queries[0]"][0]) == {"method": "equal", "attribute": "text", "values": ["hello"]}
    assert json.loads(sent["queries[1]"][0]) == {"method": "limit", "values": [1]}


@pytest.mark.parametrize(
    "document_id",
    [
        pytest.param("", id="empty"),
        pytest.param("someone-elses", id="without-mark"),
        pytest.param("synthetic-../../collections", id="climbs-out"),
        pytest.param("synthetic-a/b", id="two-segments"),
        pytest.param("synthetic-" + "x" * 27, id="too-long"),
    ],
)
async def test_writes_to_nothing_without_the_mark_and_asks_nobody(make_run: MakeRun, document_id: str) -> None:
    appwrite = Appwrite(ok({}))
    async with serving(appwrite) as port:
        client = client_of(make_run, port)
        for refuse in (
            client.delete_document("chat", document_id),
            client.update_document("chat", document_id, {"text": "x"}),
            client.create_document("chat", document_id, {"text": "x"}),
        ):
            with pytest.raises(OwnFault, match="refused"):
                await refuse

    assert appwrite.requests == []


@pytest.mark.parametrize("collection", ["", "..", "a/b", "$all"])
async def test_no_unchecked_collection_enters_a_path(make_run: MakeRun, collection: str) -> None:
    appwrite = Appwrite(ok({}))
    async with serving(appwrite) as port:
        with pytest.raises(OwnFault, match="is not an Appwrite id"):
            await client_of(make_run, port).delete_document(collection, "synthetic-1")

    assert appwrite.requests == []


async def test_a_request_ends_with_the_run(make_run: MakeRun) -> None:
    async def slow(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with serving(slow) as port:
        with pytest.raises(CheckFailed) as caught:
            await client_of(make_run, port, timeout_seconds=0.2).get_account()

    assert caught.value.reason is Reason.TIMEOUT


@pytest.mark.parametrize(
    "header",
    [
        pytest.param('X-Fallback-Cookies: {"a_session_demo": "ZW5jb2RlZA=="}', id="fallback-header"),
        pytest.param("Set-Cookie: a_session_demo=ZW5jb2RlZA%3D%3D; Path=/; HttpOnly", id="cookie"),
    ],
)
async def test_takes_the_session_secret_from_wherever_the_server_puts_it(make_run: MakeRun, header: str) -> None:
    appwrite = Appwrite(ok({"$id": "s1", "userId": "u1"}, header), http(b"", status="204 No Content"))
    identities = {"login": Password(email="a@example.com", password="pw")}
    async with serving(appwrite) as port:
        run = make_run(f"http://127.0.0.1:{port}/v1", identities=identities)
        client = await sign_in(run, "login")
        await clean_up(run)

    assert client.headers["X-Appwrite-Session"] == "ZW5jb2RlZA=="
    assert appwrite.requests[1].startswith("DELETE /v1/users/u1/sessions/s1 HTTP/1.1")


async def test_a_sign_in_without_a_session_secret_is_a_protocol_failure(make_run: MakeRun) -> None:
    identities = {"login": Password(email="a@example.com", password="pw")}
    nested = f"X-Fallback-Cookies: {'[' * 8000}"
    async with serving(Appwrite(ok({"$id": "s1", "userId": "u1", "secret": ""}, nested))) as port:
        with pytest.raises(CheckFailed, match="without a session secret"):
            await sign_in(make_run(f"http://127.0.0.1:{port}/v1", identities=identities), "login")


async def test_signs_the_session_out_itself_when_there_is_no_key(make_run: MakeRun) -> None:
    appwrite = Appwrite(ok({"$id": "s1", "userId": "u1", "secret": "x"}), http(b"", status="204 No Content"))
    identities = {"login": Password(email="a@example.com", password="pw")}
    async with serving(appwrite) as port:
        run = make_run(f"http://127.0.0.1:{port}/v1", identities=identities, api_key=None)
        await sign_in(run, "login")
        await run.clean_ups[0]()

    assert appwrite.requests[1].startswith("DELETE /v1/account/sessions/s1 HTTP/1.1")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        pytest.param("nobody", "no identity 'nobody' is declared", id="undeclared"),
        pytest.param("key", "needs the server key", id="key-missing"),
        pytest.param("visitor", "'?visitor'? needs the server key", id="anonymous-could-not-be-removed"),
    ],
)
async def test_what_the_configuration_lacks_is_the_monitors_own_fault(make_run: MakeRun, name: str, says: str) -> None:
    run = make_run("http://127.0.0.1:1/v1", api_key=None, identities={"visitor": Anonymous(), "guest": Guest()})

    with pytest.raises(OwnFault, match=says):
        await sign_in(run, name)


async def test_no_secret_shows_in_a_repr(make_run: MakeRun) -> None:
    client = await sign_in(make_run("http://127.0.0.1:1/v1"), "key")

    assert "standard_secret" not in repr(client) + repr(client.run.target)


@pytest.mark.parametrize(("identity", "sent"), [("customer", 100), ("key", 105)])
async def test_only_what_identities_write_counts_against_the_budget(
    make_run: MakeRun, identity: str, sent: int
) -> None:
    budgeted = AiohttpTransport(user_agent="monitor/test", budget=Budget(SystemClock()))
    appwrite = Appwrite(ok({"$id": "synthetic-1"}))
    async with serving(appwrite) as port:
        client = client_of(make_run, port, identity)
        client.session = budgeted.session(identity)
        with suppress(OwnFault):
            for _ in range(105):
                await client.update_document("chat", "synthetic-1", {"text": "x"})
                await client.get_document("chat", "synthetic-1")
    await budgeted.close()

    assert len([request for request in appwrite.requests if request.startswith("PATCH")]) == sent


@pytest.mark.parametrize(
    ("call", "what"),
    [
        pytest.param(lambda client: client.create_document("chat", "synthetic-1", {}), Limited.CREATES, id="create"),
        pytest.param(lambda client: client.update_document("chat", "synthetic-1", {}), Limited.UPDATES, id="update"),
        pytest.param(lambda client: client.delete_document("chat", "synthetic-1"), Limited.DELETES, id="delete"),
        pytest.param(
            lambda client: client.create_anonymous_session(since=""), Limited.ANONYMOUS_SIGN_INS, id="anonymous"
        ),
        pytest.param(lambda client: client.delete_session(), Limited.SIGN_OUTS, id="sign-out"),
    ],
)
async def test_what_appwrite_limits_is_not_sent_when_the_budget_of_its_user_is_spent(
    make_run: MakeRun, call: Callable[[Client], Awaitable[object]], what: Limited
) -> None:
    budget = Budget(SystemClock())
    budgeted = AiohttpTransport(user_agent="monitor/test", budget=budget)
    appwrite = Appwrite(ok({"$id": "synthetic-1", "userId": "c1"}))
    identities = {"customer": User(user_id="c1"), "same": User(user_id="c1")}
    for _ in range(LIMITS[what].ours):
        budget.spend(bucket_of(what, "same", identities))

    async with serving(appwrite) as port:
        client = client_of(make_run, port, "customer", identities=identities)
        client.session = budgeted.session("customer")
        with pytest.raises(OwnFault, match=f"{LIMITS[what].ours} {what}"):
            await call(client)
    await budgeted.close()

    assert appwrite.requests == []

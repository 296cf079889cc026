"""
What is removed from a real sandbox, and that nothing else ever is: judged by what is there afterwards, and by every
request that reached the server.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import pytest
import pytest_asyncio
from aiohttp import web
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from monitor.appwrite.removal import AppwriteRemover
from monitor.appwrite.transport import AiohttpTransport
from monitor.core.clock import SystemClock
from monitor.core.identity import User
from monitor.core.leftover import MARK, Fate, Leftover, Look, Removal
from monitor.core.run import Run, Surroundings
from monitor.core.target import Target
from monitor.lease import Lease
from monitor.leftovers import Leftovers
from monitor.sandbox.server import Sandbox
from monitor.sandbox.state.world import Collection, Database, Document
from monitor.store import Store
from tests.appwrite.conftest import MakeRun
from tests.fakes.proxy import Passing, proxy

MESSAGES = "chat_messages"
# Of chat_messages: that which a trace names, and others.
ATTRIBUTE, OTHERS = "sessionId", ("senderId", "text")


class Recording(Sandbox):
    """
    A sandbox that keeps what it was asked, as it came: method, path and query.
    """

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, str]] = []

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.method, request.raw_path))
        return await super()._serve(request)

    @property
    def messages(self) -> Collection:
        """
        The messages of the target's database.
        """
        return self.world.databases[self.database].collections[MESSAGES]

    def put(self, collection: Collection, id_: str, data: Mapping[str, object] | None = None) -> None:
        """
        Put a document there as if somebody had made it; its id need not be one that Appwrite takes.
        """
        now = self.world.now()
        collection.documents[id_] = Document(
            id=id_, sequence=1, permissions=(), created_at=now, updated_at=now, data=dict(data or {})
        )


def target_of(sandbox: Sandbox) -> Target:
    return Target(
        name="test",
        endpoint=sandbox.endpoint,
        project=sandbox.project,
        database=sandbox.database,
        api_key=SecretStr(sandbox.api_key),
    )


# ---- nothing but what was journaled ----


@dataclass(frozen=True, kw_only=True)
class Row:
    """
    A row of the journal, whoever wrote it.
    """

    what: str = "document"
    id: str
    collection: str = MESSAGES
    database: str = "main"
    by: str = ""
    project: str = "ours"

    @property
    def is_right(self) -> bool:
        """
        Whether it names something that a run of this monitor may have left in this project.
        """
        is_id = re.fullmatch(r"synthetic-[A-Za-z0-9._-]{0,26}", self.id) is not None
        return (
            is_id and self.project == "ours" and (self.what == "document" or (self.what == "trace" and self.by != ""))
        )

    def takes(self, document: "Planted") -> bool:
        """
        Return whether *document* is what it says.
        """
        if not self.is_right or (self.database, self.collection) != (document.database, MESSAGES):
            return False
        if self.what == "document":
            return document.id == self.id
        return self.by == ATTRIBUTE and document.data.get(ATTRIBUTE) == self.id


@dataclass(frozen=True, kw_only=True)
class Planted:
    """
    A document that is there.
    """

    id: str
    database: str = "main"
    data: Mapping[str, object] = field(default_factory=dict)


hexadecimal = st.text("0123456789abcdef", min_size=26, max_size=26)
ours = hexadecimal.map(lambda text: f"{MARK}{text}")
# Of an id of ours; what differs from it may be one of ours as well.
ALIKE = (
    lambda id_: id_[:-1],
    lambda id_: f"{id_[:-1]}g",
    lambda id_: f"{id_}0",
    lambda id_: f"x{id_}",
    lambda id_: f"x{id_[:-1]}",
    lambda id_: id_.replace("-", "_"),
    lambda id_: id_.capitalize(),
    lambda id_: id_.upper(),
    lambda id_: id_.removeprefix(MARK),
    lambda id_: f" {id_}",
    lambda id_: f"{id_}\n",
    lambda id_: f"{id_}/..",
    lambda id_: f"%{id_[1:]}",
    lambda _: MARK,
    lambda _: MARK[:-1],
)
HOSTILE_IDS = (
    "", " ", ".", "..", "/", "*", "unique()", "null", "[]", MARK, f"{MARK}a/b", f"{MARK}../../collections",
    f"{MARK}..%2F..", f"{MARK}x?queries[]=1", f"{MARK}x#y", f"{MARK}%00", f"{MARK}\x00", f"{MARK}{'a' * 27}",
    f"{MARK}ümlaut", f"{MARK}\ud7ff", f"{MARK}x\n", "bookings", "68f76f0a001d2c6b9e41",
)  # fmt: skip
HOSTILE_NAMES = ("", "..", "../databases", "chat_messages/documents", "%63hat_messages", "nowhere", "x" * 37, "ü")


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Row], list[Planted]]:
    """
    Return rows of a journal, and documents that are named by them, or nearly.
    """
    ids = draw(st.lists(ours, min_size=1, max_size=3, unique=True))
    rows = [Row(id=id_) for id_ in ids] + [Row(what="trace", by=ATTRIBUTE, id=id_) for id_ in ids]
    rows = draw(st.lists(st.sampled_from(rows), min_size=1, unique=True))
    rows += [Row(id=id_) for id_ in draw(st.lists(st.sampled_from(HOSTILE_IDS), max_size=4, unique=True))]
    some, name = draw(st.sampled_from(ids)), draw(st.sampled_from(HOSTILE_NAMES))
    hostile = [
        Row(id=some, collection=name),
        Row(id=some, database=name),
        Row(id=some, database="other"),
        Row(id=some, project="theirs"),
        Row(id=some, what="bucket"),
        Row(id=some, what="trace", by=""),
        Row(id=some, what="trace", by="$id"),
        Row(id=some, what="trace", by="nothing", collection=name),
        Row(id=draw(st.sampled_from(HOSTILE_IDS)), what="trace", by=ATTRIBUTE),
        Row(id=draw(st.sampled_from(HOSTILE_IDS)), what="account"),
        Row(id=some, what="session", by=draw(st.sampled_from(HOSTILE_IDS))),
    ]
    rows += draw(st.lists(st.sampled_from(hostile), max_size=6, unique=True))
    planted = [Planted(id=id_) for id_ in draw(st.lists(st.sampled_from(ids), unique=True))]
    planted += [Planted(id=draw(st.sampled_from(ALIKE))(draw(st.sampled_from(ids)))) for _ in range(6)]
    planted += [Planted(id=some, database="other"), Planted(id="68f76f0a001d2c6b9e41")]
    for number in range(6):
        value = draw(st.sampled_from(ids))
        exact, alike = draw(st.booleans()), draw(st.sampled_from(ALIKE))(value)
        data = {ATTRIBUTE: value if exact else alike, OTHERS[number % 2]: draw(st.sampled_from([value, alike]))}
        planted.append(Planted(id=f"68f76f0a001d2c6b9e5{number}", data=data))
    # A journal may name what is there and is not ours.
    named = draw(st.lists(st.sampled_from([each.id for each in planted if each.database == "main"]), max_size=3))
    rows = list(dict.fromkeys([*rows, *(Row(id=id_) for id_ in named)]))
    # Two of one id cannot be.
    return rows, list({(each.database, each.id): each for each in planted}.values())


@pytest.mark.slow
@settings(max_examples=150, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=cases(), sweeps=st.lists(st.sampled_from(["dry", "normal", "everything"]), min_size=1, max_size=4))
def test_only_what_was_journaled_goes_and_nothing_else_is_asked_for(
    case: tuple[list[Row], list[Planted]], sweeps: list[str]
) -> None:
    rows, planted = case

    before, after, asked = asyncio.run(swept(rows, planted, sweeps))

    taken = {(each.database, each.id) for each in planted if any(row.takes(each) for row in rows)}
    expected = set() if set(sweeps) == {"dry"} else taken
    assert before - after == expected
    assert after <= before
    for method, path in asked:
        assert_harmless(method, path, named={row.id for row in rows if row.is_right}, taken={id_ for _, id_ in taken})


async def swept(
    rows: Iterable[Row], planted: Iterable[Planted], sweeps: Iterable[str]
) -> tuple[set[tuple[str, str]], set[tuple[str, str]], list[tuple[str, str]]]:
    """
    Sweep a sandbox that holds *planted* by a journal of *rows*; return what was there before and after, and what was
    asked for.
    """
    async with Recording() as sandbox:
        messages, now = sandbox.messages, sandbox.world.now()
        other = Database(id="other", name="other", created_at=now, updated_at=now)
        sandbox.world.databases["other"] = other
        copy = Collection(id=MESSAGES, database_id="other", name=MESSAGES, created_at=now, updated_at=now)
        copy.attributes = dict(messages.attributes)
        other.collections[MESSAGES] = copy
        collections = {"main": messages, "other": copy}
        for each in planted:
            sandbox.put(collections[each.database], each.id, each.data)
        everything = contents(sandbox)
        before = {(name, id_) for name, collection in collections.items() for id_ in collection.documents}
        await sweep_all(sandbox, rows, sweeps)
        after = {(name, id_) for name, collection in collections.items() for id_ in collection.documents}
        remains = contents(sandbox)
        assert all(everything[key] == remains[key] for key in remains)
        assert {key[1] for key in everything.keys() - remains.keys()} <= {MESSAGES}
    return before, after, sandbox.asked


def contents(sandbox: Sandbox) -> dict[tuple[str, str, str], str]:
    """
    Return all that is there, to the last byte.
    """
    documents = {
        (database.id, collection.id, document.id): repr(document)
        for database in sandbox.world.databases.values()
        for collection in database.collections.values()
        for document in collection.documents.values()
    }
    return documents | {("", "users", user.id): repr(user) for user in sandbox.world.accounts.users.values()}


async def sweep_all(sandbox: Sandbox, rows: Iterable[Row], sweeps: Iterable[str]) -> None:
    store, transport = Store.open(None), AiohttpTransport(user_agent="monitor/test", budget=None)
    projects = {"ours": sandbox.project, "theirs": "another"}
    databases = {"main": sandbox.database}
    values = [
        (projects[row.project], databases.get(row.database, row.database), row.what, row.collection, row.id, row.by)
        for row in rows
    ]
    insert = (
        'INSERT OR REPLACE INTO leftover (endpoint, project, database, what, collection, id, "by", "check", run_id,'
        " owner, intended_at, due_at)"
        f" VALUES ('{sandbox.endpoint}', ?, ?, ?, ?, ?, ?, 'check', 'run', '', 1e9, 1e9)"
    )
    await store.write(lambda database: database.executemany(insert, values).rowcount)
    leftovers = Leftovers(store, Lease(None), AppwriteRemover(), SystemClock())
    here = Surroundings(
        target=target_of(sandbox), location="here", identities={}, transport=transport, clock=SystemClock()
    )
    for kind in sweeps:
        await leftovers.adopt(here.target)
        await leftovers.sweep(here, within_seconds=10.0, dry=kind == "dry", everything=kind == "everything")
    await transport.close()
    store.close()


_ID = r"[A-Za-z0-9][A-Za-z0-9._-]{0,35}"
_DOCUMENTS = re.compile(rf"/v1/databases/({_ID})/collections/({_ID})/documents(?:/({_ID}))?")
# Of those that the server adds, no one that a journal may name.
_USERS = re.compile(rf"/v1/users/({_ID})(?:/sessions)?")


def assert_harmless(method: str, raw: str, *, named: set[str], taken: set[str]) -> None:
    """
    Demand that a request is about what the journal names, by its whole id, and changes nothing else.
    """
    url = urlsplit(raw)
    assert method in {"GET", "DELETE"}, raw
    if match := _DOCUMENTS.fullmatch(url.path):
        id_ = match[3]
        if id_ is None:
            assert method == "GET", raw
            queries = [json.loads(text) for key, [text] in parse_qs(url.query).items() if key.startswith("queries")]
            [values] = [each["values"] for each in queries if each["method"] == "equal"]
            assert set(values) <= named, raw
        else:
            assert url.query == "", raw
            assert id_ in taken | (named if method == "GET" else set()), raw
        return
    match = _USERS.fullmatch(url.path)
    assert match, raw
    # Of users, only hostile rows tell here, and none of them is there.
    assert (method, url.query) == ("GET", ""), raw


# ---- what becomes of each ----


@pytest_asyncio.fixture
async def sandbox() -> AsyncIterator[Recording]:
    async with Recording() as sandbox:
        yield sandbox


@pytest.fixture
def run(make_run: MakeRun, sandbox: Recording) -> Run:
    return make_run(
        sandbox.endpoint, project=sandbox.project, database=sandbox.database, api_key=sandbox.api_key, timeout_seconds=5
    )


def document_of(run: Run, id_: str = "synthetic-1") -> Leftover:
    return Leftover.document(run.target.database, MESSAGES, id_)


def trace_of(run: Run) -> Leftover:
    return Leftover.trace(run.target.database, MESSAGES, attribute=ATTRIBUTE, of="synthetic-1")


async def remove(run: Run, leftover: Leftover, fate: Fate = Fate.INTENDED, *, dry: bool = False) -> Removal:
    run.leftovers[leftover] = fate
    return (await AppwriteRemover().remove(run, {leftover: fate}, dry=dry))[leftover]


GONE, GONE_BEFORE = Removal(look=Look.GONE, documents=1), Removal(look=Look.GONE)
ABSENT, MAY_COME_AGAIN = Removal(look=Look.ABSENT), Removal(look=Look.ABSENT, documents=1)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("fate", "is_there", "removal", "methods"),
    [
        pytest.param(Fate.MADE, True, GONE, ["DELETE"], id="made"),
        pytest.param(Fate.MADE, False, GONE_BEFORE, ["DELETE"], id="made, and removed by others"),
        pytest.param(Fate.INTENDED, True, MAY_COME_AGAIN, ["GET", "DELETE"], id="intended, and there"),
        pytest.param(Fate.INTENDED, False, ABSENT, ["GET"], id="intended, and not there"),
        pytest.param(Fate.NOTHING, True, GONE_BEFORE, [], id="refused"),
    ],
)
async def test_what_was_not_seen_to_be_made_is_read_before_it_is_deleted(
    run: Run, sandbox: Recording, fate: Fate, is_there: bool, removal: Removal, methods: list[str]
) -> None:
    if is_there:
        sandbox.put(sandbox.messages, "synthetic-1")

    assert await remove(run, document_of(run), fate) == removal
    assert [method for method, _ in sandbox.asked] == methods
    assert ("synthetic-1" in sandbox.messages.documents) is (fate is Fate.NOTHING)


@pytest.mark.asyncio
@pytest.mark.parametrize("fate", [Fate.MADE, Fate.INTENDED])
async def test_a_dry_look_deletes_nothing(run: Run, sandbox: Recording, fate: Fate) -> None:
    sandbox.put(sandbox.messages, "synthetic-1")
    sandbox.put(sandbox.messages, "trace", {ATTRIBUTE: "synthetic-1"})
    user = sandbox.world.accounts.create(id_="u1")
    session = sandbox.world.accounts.open_session(user, provider="anonymous", ip="127.0.0.1", agent="x")
    leftovers = [document_of(run), trace_of(run), Leftover.account("u1"), Leftover.session("u1", session.id)]
    before = contents(sandbox)

    removals = [await remove(run, each, fate, dry=True) for each in leftovers]

    assert [removal.documents for removal in removals] == [1, 1, 1, 1]
    assert contents(sandbox) == before
    assert {method for method, _ in sandbox.asked} == {"GET"}


@pytest.mark.asyncio
@pytest.mark.parametrize("fate", [Fate.MADE, Fate.INTENDED])
async def test_a_dry_look_does_not_say_that_what_is_gone_is_there(run: Run, sandbox: Recording, fate: Fate) -> None:
    sandbox.world.accounts.create(id_="u1")
    leftovers = [document_of(run), trace_of(run), Leftover.account("u2"), Leftover.session("u1", "s1")]

    removals = [await remove(run, each, fate, dry=True) for each in leftovers]

    assert [removal.documents for removal in removals] == [0, 0, 0, 0]
    assert {method for method, _ in sandbox.asked} == {"GET"}


@pytest.mark.asyncio
async def test_two_hundred_and_fifty_traces_are_removed_and_no_other_document(run: Run, sandbox: Recording) -> None:
    for number in range(250):
        sandbox.put(sandbox.messages, f"trace-{number}", {ATTRIBUTE: "synthetic-1"})
    for attribute, value in [(OTHERS[0], "synthetic-1"), (ATTRIBUTE, "synthetic-10"), (ATTRIBUTE, "synthetic-")]:
        sandbox.put(sandbox.messages, f"{attribute}-{value}", {attribute: value})

    removal = await remove(run, trace_of(run))

    assert removal == Removal(look=Look.ABSENT, documents=250)
    assert len(sandbox.messages.documents) == 3


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """
    A fault that keeps *what* from being removed, and what is said of it.
    """

    fault: str
    says: str
    what: str = "document"
    look: Look = Look.STAYS
    parameters: Mapping[str, object] = field(default_factory=dict)
    within_seconds: float = 5.0


_NO_SCOPE = {"scopes": ["documents.write"]}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(Trouble(fault="collection_missing", look=Look.AWAY, says="404"), id="the collection is away"),
        pytest.param(Trouble(fault="database_missing", look=Look.AWAY, says="404"), id="the database is away"),
        pytest.param(
            Trouble(fault="collection_missing", what="trace", look=Look.AWAY, says="404"), id="that of a trace is away"
        ),
        pytest.param(Trouble(fault="project_missing", says="404"), id="the project is away"),
        pytest.param(Trouble(fault="project_missing", what="account", says="404"), id="that of an account is away"),
        pytest.param(Trouble(fault="project_missing", what="session", says="404"), id="that of a session is away"),
        pytest.param(Trouble(fault="server_error", says="500"), id="500"),
        pytest.param(Trouble(fault="service_down", says="503"), id="503"),
        pytest.param(Trouble(fault="key_invalid", says="wrong or revoked"), id="the key is revoked"),
        pytest.param(Trouble(fault="key_scope", parameters=_NO_SCOPE, says="documents.write"), id="no scope"),
        pytest.param(
            Trouble(fault="slow", parameters={"seconds": 60}, within_seconds=0.2, says="no first byte within 200ms"),
            id="no answer",
        ),
    ],
)
@pytest.mark.parametrize("fate", [Fate.MADE, Fate.INTENDED])
async def test_says_why_it_is_not_known_to_be_gone(run: Run, sandbox: Recording, fate: Fate, trouble: Trouble) -> None:
    leftovers = {
        "document": document_of(run),
        "trace": trace_of(run),
        "account": Leftover.account("u1"),
        "session": Leftover.session("u1", "s1"),
    }
    sandbox.put(sandbox.messages, "synthetic-1")
    sandbox.faults.switch_on(trouble.fault, **trouble.parameters)
    run.extend(trouble.within_seconds)

    removal = await remove(run, leftovers[trouble.what], fate)

    assert removal.look is trouble.look
    assert trouble.says in removal.error
    assert "synthetic-1" in sandbox.messages.documents


@pytest.mark.asyncio
async def test_accounts_and_sessions_are_gone_for_good(run: Run, sandbox: Recording) -> None:
    user = sandbox.world.accounts.create(id_="u1")
    opened = [
        sandbox.world.accounts.open_session(user, provider="anonymous", ip="127.0.0.1", agent="x") for _ in range(2)
    ]
    session, account = Leftover.session("u1", opened[0].id), Leftover.account("u1")

    removals = [await remove(run, session) for _ in range(2)]
    assert list(user.sessions) == [opened[1].id]
    removals += [await remove(run, each) for each in (account, account, session)]

    assert removals == [GONE, GONE_BEFORE, GONE, GONE_BEFORE, GONE_BEFORE]
    assert "u1" not in sandbox.world.accounts.users


@pytest.mark.asyncio
async def test_a_person_is_no_leftover(run: Run, sandbox: Recording) -> None:
    removal = await remove(run, Leftover.account(sandbox.customer.id))

    assert (removal.look, "no anonymous account any more" in removal.error) == (Look.STAYS, True)
    assert sandbox.customer.id in sandbox.world.accounts.users


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "leftover",
    [
        pytest.param(Leftover.document("main", MESSAGES, "a-real-one"), id="an id without the mark"),
        pytest.param(Leftover.document("", MESSAGES, "synthetic-1"), id="no database"),
        pytest.param(Leftover.document("other", MESSAGES, "synthetic-1"), id="another database"),
        pytest.param(Leftover.trace("main", MESSAGES, attribute=ATTRIBUTE, of="real"), id="a trace of a real one"),
        pytest.param(Leftover.account(""), id="no user"),
        pytest.param(Leftover.session("u1", ""), id="no session"),
        pytest.param(Leftover.session("", "s1"), id="a session of nobody"),
    ],
)
@pytest.mark.parametrize("fate", [Fate.MADE, Fate.INTENDED])
async def test_what_cannot_be_ours_is_refused_before_anybody_is_asked(
    make_run: MakeRun, sandbox: Recording, leftover: Leftover, fate: Fate
) -> None:
    run = make_run(sandbox.endpoint, project=sandbox.project, api_key=sandbox.api_key)

    removal = await remove(run, leftover, fate)

    assert removal.look is Look.STAYS
    assert [path for method, path in sandbox.asked if method != "GET"] == []
    assert all(path.endswith("/users/u1/sessions") for _, path in sandbox.asked)


@pytest.mark.asyncio
@pytest.mark.parametrize("what", ["document", "trace"])
async def test_what_the_target_shows_for_ours_and_is_another_one_is_refused(
    make_run: MakeRun, sandbox: Recording, what: str
) -> None:
    def answer(passing: Passing) -> None:
        # As a database does that takes upper and lower case for the same, or a proxy that drops the query.
        passing.body = passing.body.replace(b"synthetic-1", b"Synthetic-1")

    sandbox.put(sandbox.messages, "synthetic-1")
    sandbox.put(sandbox.messages, "trace", {ATTRIBUTE: "synthetic-1"})
    async with proxy(sandbox.endpoint, answer=answer) as endpoint:
        run = make_run(endpoint, project=sandbox.project, database=sandbox.database, api_key=sandbox.api_key)
        removal = await remove(run, document_of(run) if what == "document" else trace_of(run))

    if what == "document":
        assert (removal.look, "the target shows 'Synthetic-1'" in removal.error) == (Look.STAYS, True)
    assert {method for method, _ in sandbox.asked} == {"GET"}


@pytest.mark.asyncio
async def test_a_trace_that_was_given_to_somebody_else_since_it_was_found_is_not_deleted(
    make_run: MakeRun, sandbox: Recording
) -> None:
    def answer(passing: Passing) -> None:
        if passing.call.endswith("/documents"):
            sandbox.put(sandbox.messages, "trace", {ATTRIBUTE: "somebody"})

    sandbox.put(sandbox.messages, "trace", {ATTRIBUTE: "synthetic-1"})
    async with proxy(sandbox.endpoint, answer=answer) as endpoint:
        run = make_run(endpoint, project=sandbox.project, database=sandbox.database, api_key=sandbox.api_key)
        removal = await remove(run, trace_of(run))

    assert (removal.look, "does not refer to a document of the monitor" in removal.error) == (Look.STAYS, True)
    assert [method for method, _ in sandbox.asked] == ["GET", "GET"]


@pytest.mark.asyncio
async def test_one_that_nobody_foresaw_keeps_no_other(
    run: Run, sandbox: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.put(sandbox.messages, "synthetic-1")
    trap = Leftover.document(run.target.database, None, "synthetic-3")  # type: ignore[arg-type]

    removals = await AppwriteRemover().remove(run, dict.fromkeys([trap, document_of(run)], Fate.INTENDED))

    assert removals[trap].look is Look.STAYS
    assert removals[document_of(run)].documents == 1


@pytest.mark.asyncio
async def test_without_a_key_it_says_so(make_run: MakeRun, sandbox: Recording) -> None:
    run = make_run(sandbox.endpoint, project=sandbox.project, database=sandbox.database, api_key=None)

    removal = await remove(run, document_of(run))

    assert (removal.look, "needs the server key" in removal.error) == (Look.STAYS, True)
    assert sandbox.asked == []


@pytest.mark.asyncio
async def test_what_names_a_permanent_test_user_is_no_trace(make_run: MakeRun, sandbox: Recording) -> None:
    sandbox.put(sandbox.messages, "of-the-user", {ATTRIBUTE: "synthetic-customer"})
    run = make_run(
        sandbox.endpoint,
        project=sandbox.project,
        database=sandbox.database,
        api_key=sandbox.api_key,
        identities={"customer": User(user_id="synthetic-customer")},
    )
    trace = Leftover.trace(run.target.database, MESSAGES, attribute=ATTRIBUTE, of="synthetic-customer")

    removal = await remove(run, trace)

    assert (removal.look, "that is a user" in removal.error) == (Look.STAYS, True)
    assert set(sandbox.messages.documents) == {"of-the-user"}

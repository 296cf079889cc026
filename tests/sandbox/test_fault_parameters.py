"""
The parameters of faults: whom and how often they strike, several of one kind, and what is refused.
"""

import asyncio
from collections.abc import Mapping

import pytest
import pytest_asyncio

from monitor.core.errors import ConfigError
from monitor.sandbox.faults.phrases import parse_fault
from monitor.sandbox.faults.switches import MAX_ACTIVE, Faults
from tests.sandbox.client import Client
from tests.sandbox.survey import acquaint, verdict

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture(autouse=True)
async def _acquainted(client: Client) -> None:
    await acquaint(client)


@pytest.mark.parametrize(
    ("parameters", "struck"),
    [
        pytest.param({}, {"ping", "version", "metadata", "account", "jwt", "create"}, id="all"),
        pytest.param({"identity": "guest"}, {"version"}, id="guests"),
        pytest.param({"identity": "user"}, {"ping", "account", "jwt", "create"}, id="users"),
        pytest.param({"identity": "key"}, {"metadata"}, id="keys"),
        pytest.param({"methods": "write"}, {"create"}, id="writes"),
        pytest.param({"methods": "read"}, {"ping", "version", "metadata", "account", "jwt"}, id="reads"),
        pytest.param({"path": "/databases"}, {"metadata", "create"}, id="path"),
        pytest.param({"path": "/databases", "methods": "read"}, {"metadata"}, id="both"),
        pytest.param({"every": 100}, set(), id="seldom"),
    ],
)
async def test_strikes_only_the_requests_it_is_told_to(
    client: Client, parameters: Mapping[str, object], struck: set[str]
) -> None:
    client.sandbox.faults.switch_on("proxy", **parameters)

    verdicts = {
        each: await verdict(client, each) for each in ("ping", "version", "metadata", "account", "jwt", "create")
    }

    assert {name for name, each in verdicts.items() if each == "403"} == struck


@pytest.mark.parametrize(
    ("name", "probe", "normal", "broken"),
    [
        ("proxy", "ping", "200", "403"),
        ("server_error", "ping", "200", "500 general_unknown"),
        ("rate_limited", "create", "201", "429 general_rate_limit_exceeded"),
    ],
)
async def test_strikes_every_third_time(client: Client, name: str, probe: str, normal: str, broken: str) -> None:
    client.sandbox.faults.switch_on(name, every=3)

    verdicts = [await verdict(client, probe) for _ in range(6)]

    assert verdicts == [normal, normal, broken] * 2


async def test_is_slow_for_those_named_only(client: Client) -> None:
    loop = asyncio.get_running_loop()
    client.sandbox.faults.switch_on("slow", seconds=0.1, identity="key")

    times = []
    for probe in ("version", "metadata"):
        started = loop.time()
        await verdict(client, probe)
        times.append(loop.time() - started >= 0.1)

    assert times == [False, True]


async def test_answers_those_who_wait_once_a_hang_is_over(client: Client) -> None:
    client.sandbox.faults.switch_on("hang", identity="user")
    waiting = asyncio.create_task(verdict(client, "account"))
    free = await verdict(client, "version")
    answered, _ = await asyncio.wait([waiting], timeout=0.05)

    client.sandbox.faults.switch_off("hang")

    assert (free, answered) == ("200", set())
    assert await waiting == "200"


async def test_begins_an_answer_whose_headers_never_end(client: Client) -> None:
    host, port = client.sandbox.endpoint.removeprefix("http://").removesuffix("/v1").split(":")
    client.sandbox.faults.switch_on("slow_headers", seconds=0.01, count=3)
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"GET /v1/ping HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")

    lines = [await asyncio.wait_for(reader.readline(), 5.0) for _ in range(5)]
    writer.close()

    assert lines == [b"HTTP/1.1 200 OK\r\n", b"X-Line-0: \r\n", b"X-Line-1: \r\n", b"X-Line-2: \r\n", b""]


async def test_one_fault_can_be_on_several_times(client: Client) -> None:
    faults = client.sandbox.faults
    faults.switch_on("collection_missing")
    faults.switch_on("collection_missing@second", collection="bookings")

    both = [await verdict(client, each) for each in ("list", "bookings")]
    faults.switch_off("collection_missing")
    one = [await verdict(client, each) for each in ("list", "bookings")]

    assert both == ["404 collection_not_found"] * 2
    assert (one, faults.active()) == (["200", "404 collection_not_found"], ["collection_missing@second"])


async def test_switching_on_again_changes_the_parameters(client: Client) -> None:
    client.sandbox.faults.switch_on("proxy", status=502)
    client.sandbox.faults.switch_on("proxy", status=504)

    assert await verdict(client, "ping") == "504"
    assert client.sandbox.faults.active() == ["proxy"]


async def test_a_bad_change_leaves_the_fault_as_it_was(client: Client) -> None:
    client.sandbox.faults.switch_on("proxy", status=504)

    with pytest.raises(ConfigError):
        client.sandbox.faults.switch_on("proxy", status=1)

    assert await verdict(client, "ping") == "504"


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        pytest.param("slwo", {}, "unknown fault 'slwo': did you mean 'slow'?", id="unknown"),
        pytest.param("slow@", {}, "fault 'slow': a label after @ is 1 to 36", id="no label"),
        pytest.param("slow@a b", {}, "fault 'slow': a label after @ is 1 to 36", id="bad label"),
        pytest.param(
            "service_down",
            {"minutes": 1},
            "fault 'service_down' has no parameter 'minutes': it takes status",
            id="extra",
        ),
        pytest.param("slow", {"second": 1}, "did you mean 'seconds'?", id="near"),
        pytest.param("database_gone", {"x": 1}, "it takes recovery_seconds", id="takes"),
        pytest.param("project_missing", {"x": 1}, "it takes none", id="takes none"),
        pytest.param("slow", {"seconds": "1"}, "fault 'slow', parameter 'seconds':", id="type"),
        pytest.param("slow", {"seconds": float("nan")}, "fault 'slow', parameter 'seconds':", id="nan"),
        pytest.param("slow", {"seconds": True}, "fault 'slow', parameter 'seconds':", id="boolean"),
        pytest.param("service_down", {"status": 200}, "fault 'service_down', parameter 'status':", id="value"),
        pytest.param("permission_missing", {"actions": ["fly"]}, "parameter 'actions':", id="in a list"),
        pytest.param("permission_missing", {"actions": []}, "parameter 'actions':", id="empty list"),
        pytest.param("collection_missing", {"collection": ""}, "parameter 'collection':", id="empty text"),
        pytest.param("collection_id_mismatch", {"to": "a b"}, "parameter 'to':", id="no id"),
        pytest.param("api_disabled", {"services": ["database"]}, "did you mean 'databases'?", id="no service"),
        pytest.param("proxy", {"every": 0}, "parameter 'every':", id="zero"),
    ],
)
async def test_refuses_a_bad_switch_in_one_sentence(name: str, parameters: dict[str, object], message: str) -> None:
    faults = Faults()

    with pytest.raises(ConfigError) as refused:
        faults.switch_on(name, **parameters)

    assert message in str(refused.value)
    assert "\n" not in str(refused.value)
    assert faults.active() == []


async def test_refuses_more_than_anybody_needs() -> None:
    faults = Faults()
    for number in range(MAX_ACTIVE):
        faults.switch_on(f"slow@{number}")

    with pytest.raises(ConfigError):
        faults.switch_on("slow")
    faults.switch_on("slow@1", seconds=1.0)

    assert len(faults.active()) == MAX_ACTIVE


@pytest.mark.parametrize(
    ("phrase", "name", "parameters"),
    [
        ("slow", "slow", {}),
        ("slow:", "slow", {}),
        ("slow:seconds=0.5,every=2", "slow", {"seconds": 0.5, "every": 2}),
        ("slow@b:seconds=1", "slow@b", {"seconds": 1}),
        ("permission_missing:actions=read+create", "permission_missing", {"actions": ("read", "create")}),
        ("origin_blocked:hosts=", "origin_blocked", {"hosts": ()}),
        ("redis_gone:heals=true", "redis_gone", {"heals": True}),
        ("collection_missing:collection=7", "collection_missing", {"collection": "7"}),
        ("proxy:path=/databases", "proxy", {"path": "/databases"}),
    ],
)
async def test_reads_faults_as_they_are_written_on_a_command_line(
    phrase: str, name: str, parameters: Mapping[str, object]
) -> None:
    read = parse_fault(phrase)

    assert read == (name, parameters)
    Faults().switch_on(name, **read[1])


@pytest.mark.parametrize(
    ("phrase", "message"),
    [
        ("slow:seconds", "'seconds' is no parameter: write param=value"),
        ("slow:seconds=long", "parameter 'seconds': input should be a valid number, got 'long'"),
        ("slow:secs=1", "has no parameter 'secs'"),
        ("slo", "did you mean 'slow'?"),
        ("redis_gone:heals=perhaps", "parameter 'heals':"),
        ("permission_missing:actions=fly", "parameter 'actions':"),
    ],
)
async def test_refuses_a_bad_phrase_in_one_sentence(phrase: str, message: str) -> None:
    with pytest.raises(ConfigError) as refused:
        parse_fault(phrase)

    assert message in str(refused.value)


async def test_whoever_waits_is_answered_when_the_fault_no_longer_concerns_him(client: Client) -> None:
    client.sandbox.faults.switch_on("hang")
    waiting = asyncio.create_task(verdict(client, "version"))
    await asyncio.wait([waiting], timeout=0.02)

    client.sandbox.faults.switch_on("hang", identity="key")

    assert await asyncio.wait_for(waiting, 5.0) == "200"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["hang", "redis_gone", "slow", "slow_headers", "realtime_hang"])
async def test_a_sandbox_with_callers_that_wait_still_stops_at_once(client: Client, name: str) -> None:
    loop = asyncio.get_running_loop()
    client.sandbox.faults.switch_on(name)
    calls = asyncio.create_task(verdict(client, "version")), asyncio.create_task(client.listen())
    await asyncio.wait(calls, timeout=0.02)
    started = loop.time()

    await client.sandbox.stop()
    ends = await asyncio.gather(*calls, return_exceptions=True)

    assert loop.time() - started < 1.0
    assert len(ends) == 2


async def test_an_unknown_fault_is_told_in_one_short_sentence() -> None:
    with pytest.raises(ConfigError, match=r"^unknown fault 'nope': there are .* and \d+ more \(`monitor sandbox"):
        Faults().switch_on("nope")
    with pytest.raises(ConfigError, match=r"^unknown fault 'reddis_gone': did you mean 'redis_gone'"):
        Faults().switch_on("reddis_gone")

"""
A held socket, and everything that can become of it, against the real sandbox; times are those of a monotonic clock.
"""

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from monitor.appwrite.realtime import Subscription
from monitor.core.check import Check
from monitor.core.cost import LIMITS, Limited
from monitor.core.outcome import Outcome, Phase, Reason, Status
from monitor.listening.reconnect import most_attempts, pause_seconds, renewal_seconds
from monitor.runner import Runner
from monitor.sandbox.protocol.socket import error_frame
from monitor.sandbox.realtime.connection import Connection
from monitor.sandbox.server import Sandbox
from tests.checks.platforms import platform_of
from tests.conftest import Platform, check_of

# Most of it is the pause of the web client before it connects again, or the wait for a pong.
pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

# Shorter than the configuration allows, so that a test need not wait for it.
PING_EVERY_SECONDS = 0.3
# Generous: the machine may be busy; what is promised is asserted where it is promised.
PATIENCE_SECONDS = 10.0


class Told(list[Outcome]):
    """
    Outcomes with the time at which each was told.
    """

    def __init__(self) -> None:
        super().__init__()
        self._queue: asyncio.Queue[tuple[float, Outcome]] = asyncio.Queue()
        self.at = 0.0

    def append(self, outcome: Outcome) -> None:
        super().append(outcome)
        self._queue.put_nowait((time.monotonic(), outcome))

    async def next(self) -> Outcome:
        """
        Return the next outcome; *at* is when it was told.
        """
        async with asyncio.timeout(PATIENCE_SECONDS):
            self.at, outcome = await self._queue.get()
        return outcome

    async def first(self, status: Status) -> Outcome:
        """
        Return the next outcome of *status*.
        """
        while (outcome := await self.next()).status is not status:
            pass
        return outcome


class Watched:
    """
    A watch that goes on, what it tells, and the sandbox it looks at.
    """

    def __init__(self, check: Check, runner: Runner, told: Told, sandbox: Sandbox) -> None:
        self.check = check
        self.told = told
        self.sandbox = sandbox
        self._runner = runner

    async def looked(self) -> Outcome:
        """
        Return what the next look finds.
        """
        self._runner.start(self.check, 1)
        return await self.told.next()

    def connection(self) -> Connection:
        """
        Return the one open socket.
        """
        [connection] = self.sandbox.hub.connections
        return connection


@asynccontextmanager
async def watching(
    platform: Platform,
    *,
    renew_seconds: float = 840.0,
    endpoint: str | None = None,
    api: str = "collections",
    **settings: Any,
) -> AsyncIterator[Watched]:
    """
    Hold a socket; at the end none is left.
    """
    platform.outcomes = told = Told()
    quick = {"ping_every_seconds": PING_EVERY_SECONDS, "renew_seconds": renew_seconds}
    check = check_of("realtime_watch", **settings).model_copy(update=quick)
    runner = platform.runner(endpoint=endpoint, api=api)
    runner.watch([check])
    try:
        yield Watched(check, runner, told, platform.sandbox)
    finally:
        await runner.stop(patience_seconds=0.0)
    await eventually(lambda: not platform.sandbox.hub.connections)


async def eventually(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110 - the sandbox announces nothing of what is waited for
            await asyncio.sleep(0.005)


@pytest.mark.parametrize("identity", ["guest", "customer", "login"])
async def test_holds_one_socket_and_says_so_once(platform: Platform, identity: str) -> None:
    async with watching(platform, identity=identity) as watch:
        first = await watch.told.next()
        owner = watch.connection().user_id
        look = await watch.looked()

    assert (first.status, first.message, first.tick) == (Status.PASSED, "", None)
    assert (first.observations.is_connected, first.observations.reconnects) == (True, 0)
    assert [step.name for step in first.steps] == ["sign_in", "connect", "ping"]
    assert {Phase.CONNECT, Phase.UPGRADE, Phase.CONNECTED_FRAME} <= first.phases.keys()
    assert owner == (None if identity == "guest" else platform.sandbox.customer.id)
    assert (look.status, look.tick, [step.name for step in look.steps]) == (Status.PASSED, 1, ["ping"])
    assert len(watch.told) == 2


@pytest.mark.parametrize("profile", ["1.8", "1.9"])
@pytest.mark.parametrize(
    ("api", "channel"),
    [
        pytest.param("collections", "databases.{}.collections.chat_messages.documents", id="collections"),
        pytest.param("tables", "databases.{}.tables.chat_messages.rows", id="tables"),
    ],
)
async def test_listens_as_the_site_does_in_both_families(profile: str, api: str, channel: str) -> None:
    async with (
        platform_of(profile=profile) as platform,
        watching(platform, api=api, identity="customer", collections=["chat_messages"]) as watch,
    ):
        first = await watch.told.next()
        listeners = watch.sandbox.hub.listeners_of(channel.format(watch.sandbox.database))

    assert (first.status, listeners) == (Status.PASSED, 1)


def kill_worker(watch: Watched) -> None:
    watch.sandbox.faults.switch_on("realtime_worker_killed", workers=1)


def kill_realtime(watch: Watched) -> None:
    watch.sandbox.faults.switch_on("realtime_gone")


def close_properly(watch: Watched) -> None:
    watch.connection().end(code=1012)


def object_and_end(watch: Watched) -> None:
    watch.connection().send(error_frame(1008, "Missing project context"))
    watch.connection().end()


@pytest.mark.parametrize(
    ("drop", "evidence"),
    [
        pytest.param(kill_worker, {"close_code": 1006}, id="its worker was killed"),
        pytest.param(kill_realtime, {"close_code": 1006}, id="realtime was killed"),
        pytest.param(close_properly, {"close_code": 1012}, id="close frame"),
        pytest.param(object_and_end, {"close_code": 1006, "error_code": 1008}, id="error frame before the end"),
    ],
)
async def test_a_drop_is_told_within_a_second(
    platform: Platform, drop: Callable[[Watched], None], evidence: dict[str, int]
) -> None:
    async with watching(platform) as watch:
        await watch.told.next()
        dropped_at = time.monotonic()
        drop(watch)
        outcome = await watch.told.next()

    assert watch.told.at - dropped_at < 1.0
    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.CONNECTION)
    assert evidence.items() <= outcome.evidence.items()
    assert outcome.observations.is_connected is False


async def test_a_realtime_server_that_stays_away_is_confirmed_within_four_seconds(platform: Platform) -> None:
    async with watching(platform) as watch:
        await watch.told.next()
        dropped_at = time.monotonic()
        platform.sandbox.faults.switch_on("realtime_gone")
        outcomes = [await watch.told.next(), await watch.told.next()]

    assert watch.told.at - dropped_at < 4.0
    assert [(outcome.status, outcome.reason) for outcome in outcomes] == [
        (Status.FAILED, Reason.CONNECTION),
        (Status.FAILED, Reason.HTTP_STATUS),
    ]


async def test_a_drop_that_heals_is_one_failure_and_one_reconnect(platform: Platform) -> None:
    async with watching(platform, identity="customer") as watch:
        await watch.told.next()
        platform.sandbox.hub.drop_all()
        dropped, back = await watch.told.next(), await watch.told.next()
        look = await watch.looked()

    assert [outcome.status for outcome in (dropped, back, look)] == [Status.FAILED, Status.PASSED, Status.PASSED]
    assert (back.observations.is_connected, back.observations.reconnects) == (True, 1)
    assert look.observations.reconnects == 0
    assert 1.0 <= (back.started_at - dropped.started_at).total_seconds() < 2.0


@pytest.mark.parametrize("fault", ["realtime_hang", "redis_gone"])
async def test_a_silent_death_is_told_within_a_ping_and_two_seconds(platform: Platform, fault: str) -> None:
    async with watching(platform, timeout="1s") as watch:
        await watch.told.next()
        died_at = time.monotonic()
        platform.sandbox.faults.switch_on(fault)
        dead = await watch.told.next()
        told_after_seconds = watch.told.at - died_at
        again = await watch.told.next()
        platform.sandbox.faults.switch_off(fault)

    assert told_after_seconds < PING_EVERY_SECONDS + 2.0
    assert (dead.status, dead.reason) == (Status.FAILED, Reason.TIMEOUT)
    assert "no pong within 1.5s: the socket is open but dead" in dead.message
    assert dead.observations.is_connected is False
    assert (again.status, again.reason, again.evidence["phase"]) == (Status.FAILED, Reason.TIMEOUT, "connected_frame")


@pytest.mark.parametrize(
    ("fault", "settings", "reason", "evidence"),
    [
        pytest.param("realtime_refused", {}, Reason.HTTP_STATUS, {"status": 503}, id="proxy"),
        pytest.param("realtime_refused", {"how": "frame"}, Reason.WRONG_ANSWER, {"error_code": 1008}, id="policy"),
        pytest.param(
            "realtime_refused",
            {"how": "frame", "code": 1013},
            Reason.RATE_LIMITED,
            {"error_code": 1013},
            id="too many",
        ),
        pytest.param("realtime_misrouted", {}, Reason.PROTOCOL, {"misrouted": True}, id="misrouted"),
        pytest.param("realtime_hang", {}, Reason.TIMEOUT, {"phase": "connected_frame"}, id="accepts and says nothing"),
    ],
)
async def test_says_why_it_cannot_connect_and_comes_back_without_a_reconnect_to_count(
    platform: Platform, fault: str, settings: dict[str, Any], reason: Reason, evidence: dict[str, object]
) -> None:
    platform.sandbox.faults.switch_on(fault, **settings)
    async with watching(platform, timeout="1s") as watch:
        refused = await watch.told.next()
        platform.sandbox.faults.switch_off(fault)
        back = await watch.told.first(Status.PASSED)

    assert (refused.status, refused.reason) == (Status.FAILED, reason)
    assert evidence.items() <= refused.evidence.items()
    assert refused.observations.is_connected is False
    assert (back.observations.is_connected, back.observations.reconnects) == (True, 0)


async def test_comes_back_when_the_whole_server_was_restarted(platform: Platform) -> None:
    async with watching(platform, identity="customer") as watch:
        await watch.told.next()
        await platform.sandbox.stop()
        dropped, refused = await watch.told.next(), await watch.told.next()
        await platform.sandbox.start()
        back = await watch.told.first(Status.PASSED)

    assert (dropped.reason, dropped.evidence) == (Reason.CONNECTION, {"close_code": 1006})
    assert (refused.status, refused.reason) == (Status.FAILED, Reason.CONNECTION)
    assert back.observations.reconnects == 1


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        pytest.param(1003, Reason.WRONG_ANSWER, id="did not understand"),
        pytest.param(1013, Reason.RATE_LIMITED, id="too many messages"),
    ],
)
async def test_an_error_that_leaves_the_socket_open_is_degraded_and_over_with_the_next_pong(
    platform: Platform, code: int, reason: Reason
) -> None:
    async with watching(platform) as watch:
        await watch.told.next()
        connection = watch.connection()
        connection.send(error_frame(code, "Error: Server Error"))
        noted, over = await watch.told.next(), await watch.told.next()
        same = watch.connection() is connection
        connection.abort()
        dropped = await watch.told.next()

    assert (noted.status, noted.reason, noted.evidence["error_code"]) == (Status.DEGRADED, reason, code)
    assert noted.observations.is_connected is True
    assert (over.status, same) == (Status.PASSED, True)
    assert "error_code" not in dropped.evidence


async def test_a_user_gets_a_new_socket_before_the_jwt_expires_and_is_never_without_one(platform: Platform) -> None:
    hub, left = platform.sandbox.hub, []
    leave = hub.leave

    def note(connection: Connection) -> None:
        leave(connection)
        left.append(len(hub.connections))

    async with watching(platform, identity="customer", renew_seconds=0.4) as watch:
        first = await watch.told.next()
        before = watch.connection()
        hub.leave = note  # type: ignore[method-assign]
        await eventually(lambda: len(left) == 3)
        look = await watch.looked()
        still_open = left[:3]

    assert still_open == [1, 1, 1]
    assert before.ended.is_set()
    assert [outcome.status for outcome in watch.told] == [Status.PASSED, Status.PASSED]
    assert (first.observations.reconnects, look.observations.reconnects) == (0, 0)


async def test_a_guest_has_nothing_that_expires(platform: Platform) -> None:
    async with watching(platform, renew_seconds=0.1) as watch:
        await watch.told.next()
        before = watch.connection()
        await watch.looked()
        await watch.looked()
        after = watch.connection()

    assert after is before


async def test_a_renewal_that_is_refused_is_told_while_the_old_socket_is_held(platform: Platform) -> None:
    async with watching(platform, identity="customer", renew_seconds=0.5) as watch:
        await watch.told.next()
        before = watch.connection()
        platform.sandbox.faults.switch_on("realtime_refused")
        refused, again = await watch.told.next(), await watch.told.next()
        held = watch.connection() is before
        platform.sandbox.faults.switch_off("realtime_refused")
        back = await watch.told.next()

    assert [(outcome.status, outcome.reason) for outcome in (refused, again)] == [
        (Status.FAILED, Reason.HTTP_STATUS)
    ] * 2
    assert (held, refused.observations.is_connected) == (True, True)
    assert (back.status, back.observations.reconnects) == (Status.PASSED, 0)


async def test_a_drop_while_the_renewal_fails_is_told_at_once_and_the_next_socket_is_a_reconnect(
    platform: Platform,
) -> None:
    async with watching(platform, identity="customer", renew_seconds=0.5) as watch:
        await watch.told.next()
        platform.sandbox.faults.switch_on("realtime_refused")
        await watch.told.next()
        dropped_at = time.monotonic()
        watch.connection().abort()
        dropped = await watch.told.next()
        told_after_seconds = watch.told.at - dropped_at
        platform.sandbox.faults.switch_off("realtime_refused")
        back = await watch.told.first(Status.PASSED)

    assert (dropped.reason, dropped.observations.is_connected) == (Reason.CONNECTION, False)
    assert told_after_seconds < 1.0
    assert back.observations.reconnects == 1


async def test_a_renewal_under_way_when_the_old_socket_drops_is_the_reconnect(platform: Platform) -> None:
    async with watching(platform, identity="customer", renew_seconds=0.3) as watch:
        await watch.told.next()
        before = watch.connection()
        platform.sandbox.faults.switch_on("slow", seconds=0.8, path="/users")
        await asyncio.sleep(0.5)
        before.abort()
        dropped, back = await watch.told.next(), await watch.told.next()

    assert [(outcome.status, outcome.reason) for outcome in (dropped, back)] == [
        (Status.FAILED, Reason.CONNECTION),
        (Status.PASSED, None),
    ]
    assert back.observations.reconnects == 1
    assert back.started_at < dropped.started_at


def revoke_key(sandbox: Sandbox) -> None:
    sandbox.faults.switch_on("key_invalid")


def take_scopes(sandbox: Sandbox) -> None:
    sandbox.faults.switch_on("key_scope", scopes=["users.write"])


def expire_jwts(sandbox: Sandbox) -> None:
    sandbox.faults.switch_on("session_invalid")


def delete_user(sandbox: Sandbox) -> None:
    sandbox.world.accounts.delete(sandbox.world.accounts.users[sandbox.customer.id])


@pytest.mark.parametrize("renewing", [pytest.param(True, id="at a renewal"), pytest.param(False, id="at a reconnect")])
@pytest.mark.parametrize("spoil", [revoke_key, take_scopes, expire_jwts, delete_user])
async def test_credentials_of_the_monitor_that_are_refused_are_its_own_fault(
    platform: Platform, spoil: Callable[[Sandbox], None], renewing: bool
) -> None:
    renew_seconds = 0.2 if renewing else 840.0
    async with watching(platform, identity="customer", renew_seconds=renew_seconds) as watch:
        await watch.told.next()
        spoil(platform.sandbox)
        if not renewing:
            platform.sandbox.hub.drop_all()
            await watch.told.first(Status.FAILED)
        refused = await watch.told.next()

    assert (refused.status, refused.reason) == (Status.ERRORED, Reason.INTERNAL)
    assert refused.evidence["credentials"] == "refused"
    assert refused.observations.is_connected is renewing


async def test_a_user_whom_realtime_takes_for_a_guest_though_rest_knows_him_has_lost_his_role(
    platform: Platform,
) -> None:
    users = [{"$id": platform.sandbox.customer.id}, None]

    async def mint(_request: web.Request) -> web.Response:
        return web.json_response({"jwt": "a-jwt"}, status=201)

    async def account(_request: web.Request) -> web.Response:
        return web.json_response({"$id": platform.sandbox.customer.id}, headers={"Server": "Appwrite"})

    async def connect(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "connected", "data": {"channels": [], "user": users.pop(0)}})
        async for _ in socket:
            await socket.send_json({"type": "pong"})
        return socket

    app = web.Application()
    app.router.add_post("/v1/users/{user}/jwts", mint)
    app.router.add_get("/v1/account", account)
    app.router.add_get("/v1/realtime", connect)
    server = web.AppRunner(app, shutdown_timeout=0.2)
    await server.setup()
    await web.TCPSite(server, "127.0.0.1", 0).start()
    endpoint = f"http://127.0.0.1:{server.addresses[0][1]}/v1"
    async with watching(platform, endpoint=endpoint, identity="customer", renew_seconds=0.3) as watch:
        first, lost = await watch.told.next(), await watch.told.next()
    await server.cleanup()

    assert first.status is Status.PASSED
    assert (lost.status, lost.reason) == (Status.FAILED, Reason.UNAUTHORIZED)
    assert "belongs to a guest" in lost.message


async def test_events_that_nobody_reads_are_not_kept(platform: Platform) -> None:
    hub = platform.sandbox.hub
    channel = f"databases.{platform.sandbox.database}.collections.chat_messages.documents"

    async with watching(platform, collections=["chat_messages"]) as watch:
        await watch.told.next()
        for number in range(1_500):
            hub.announce(names=["event"], channels=[channel], roles=["any"], payload={"n": number, "text": "x" * 500})
            await asyncio.sleep(0)
        look = await watch.looked()
        gc.collect()
        # Those of earlier tests may not have been collected, though nobody reads from them any more.
        [subscription] = [each for each in gc.get_objects() if type(each) is Subscription and not each._ended]
        kept = len(subscription._events)

    assert (look.status, kept) == (Status.PASSED, 0)


@pytest.mark.parametrize("renew_seconds", [pytest.param(840.0, id="holding"), pytest.param(0.02, id="renewing")])
async def test_stopped_at_any_moment_it_leaves_no_socket_open(platform: Platform, renew_seconds: float) -> None:
    for moment in range(24):
        async with watching(platform, identity="customer", renew_seconds=renew_seconds):
            await asyncio.sleep(moment * 0.004)

    assert not platform.sandbox.hub.connections


async def test_sessions_of_a_password_end_with_their_sockets(platform: Platform) -> None:
    user = platform.sandbox.world.accounts.users[platform.sandbox.customer.id]
    async with watching(platform, identity="login", renew_seconds=1.0) as watch:
        await watch.told.next()
        before = watch.connection()
        sessions = set(user.sessions)
        await eventually(before.ended.is_set)
        await eventually(lambda: len(user.sessions) == 1)
        renewed = set(user.sessions)

    assert sessions.isdisjoint(renewed)
    assert not user.sessions


async def test_pauses_as_the_web_client_does_with_up_to_a_fifth_more() -> None:
    attempts = (0, 4, 5, 14, 15, 99, 100, 10_000)

    assert [pause_seconds(attempt) for attempt in attempts] == [1, 1, 5, 5, 10, 10, 60, 60]
    assert [pause_seconds(attempt, chance=1.0) for attempt in (0, 5)] == [1.2, 6.0]
    assert (renewal_seconds(840.0), renewal_seconds(840.0, chance=1.0)) == (840.0, 672.0)


async def test_the_worst_minute_of_reconnecting_is_what_it_costs(platform: Platform) -> None:
    [cost] = check_of("realtime_watch").costs()

    # 5 after a second each, 10 after 5 s each, and two that were open before.
    assert most_attempts(60.0) == 15
    assert (cost.what, cost.count) == (Limited.CONNECTS, 17)
    assert cost.count < LIMITS[Limited.CONNECTS].ours / 5

import pytest
from aiohttp import web

from monitor.core.outcome import Phase, Reason, Status
from tests.conftest import Platform, check_of

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize("identity", ["guest", "customer", "login", "anonymous"])
async def test_passes_when_the_socket_belongs_to_the_identity(platform: Platform, identity: str) -> None:
    outcome = await platform.run(check_of("websocket_connect", identity=identity))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    assert {Phase.CONNECT, Phase.UPGRADE, Phase.CONNECTED_FRAME} <= outcome.phases.keys()


@pytest.mark.parametrize(
    ("fault", "settings", "reason"),
    [
        pytest.param("realtime_refused", {}, Reason.HTTP_STATUS, id="refused by the proxy"),
        pytest.param("realtime_refused", {"how": "frame"}, Reason.WRONG_ANSWER, id="error frame 1008"),
        pytest.param("realtime_hang", {}, Reason.TIMEOUT, id="accepts and says nothing"),
    ],
)
async def test_fails_when_realtime_does(
    platform: Platform, fault: str, settings: dict[str, object], reason: Reason
) -> None:
    platform.sandbox.faults.switch_on(fault, **settings)

    outcome = await platform.run(check_of("websocket_connect", timeout="500ms"))

    assert (outcome.status, outcome.reason) == (Status.FAILED, reason)
    assert outcome.duration_seconds < 1.5


@pytest.mark.parametrize(
    ("owner", "words"),
    [
        pytest.param(None, "belongs to a guest", id="the JWT was not accepted"),
        pytest.param({"$id": "somebody-else"}, "belongs to somebody-else", id="another user"),
    ],
)
async def test_fails_when_the_socket_is_not_that_of_the_identity(
    platform: Platform, owner: dict[str, str] | None, words: str
) -> None:
    async def mint(_request: web.Request) -> web.Response:
        return web.json_response({"jwt": "accepted-by-nobody"}, status=201)

    async def connect(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "connected", "data": {"channels": [], "subscriptions": [], "user": owner}})
        await socket.receive()
        return socket

    app = web.Application()
    app.router.add_post("/v1/users/{user}/jwts", mint)
    app.router.add_get("/v1/realtime", connect)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    endpoint = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    outcome = await platform.run(check_of("websocket_connect", identity="customer"), endpoint=endpoint)
    await runner.cleanup()

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.UNAUTHORIZED)
    assert words in outcome.message


async def test_a_user_that_does_not_exist_is_the_monitors_own_fault(platform: Platform) -> None:
    outcome = await platform.run(check_of("websocket_connect", identity="nobody"))

    assert (outcome.status, outcome.reason) == (Status.ERRORED, Reason.INTERNAL)
    assert "there is no user 'synthetic-nobody'" in outcome.message


async def test_is_degraded_when_connecting_takes_longer_than_its_objective(platform: Platform) -> None:
    outcome = await platform.run(check_of("websocket_connect", objective="0.01ms"))

    assert (outcome.status, outcome.reason) == (Status.DEGRADED, Reason.SLOW)


async def test_leaves_no_session_and_no_anonymous_user_behind(platform: Platform) -> None:
    accounts = platform.sandbox.world.accounts
    users_before = set(accounts.users)

    await platform.run(check_of("websocket_connect", identity="anonymous"))
    await platform.run(check_of("websocket_connect", identity="login"))

    assert set(accounts.users) == users_before
    assert not [session for user in accounts.users.values() for session in user.sessions]

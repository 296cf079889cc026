import pytest

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


async def test_fails_when_the_user_does_not_exist(platform: Platform) -> None:
    outcome = await platform.run(check_of("websocket_connect", identity="stranger"))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.NOT_FOUND)


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

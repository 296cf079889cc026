import pytest

from monitor.appwrite.obstacles import Obstacles
from monitor.core.errors import CheckFailed, MonitorError, OwnFault
from monitor.core.outcome import Reason

OF_ALL = {
    Reason.TIMEOUT,
    Reason.DNS,
    Reason.TLS,
    Reason.CONNECTION,
    Reason.UNAUTHORIZED,
    Reason.QUOTA,
    Reason.RATE_LIMITED,
    Reason.DISABLED,
}
GONE = CheckFailed(Reason.NOT_FOUND, "gone")
OWN = OwnFault("cannot be changed", collection="chats")


@pytest.mark.parametrize("reason", Reason)
def test_what_comes_again_in_every_collection_is_raised_and_whatever_else_is_kept(reason: Reason) -> None:
    obstacles, error = Obstacles(), CheckFailed(reason, "no")

    if reason in OF_ALL:
        with pytest.raises(CheckFailed):
            obstacles.add_of_collection(error)
    else:
        obstacles.add_of_collection(error)

    assert obstacles.found == ([] if reason in OF_ALL else [error])


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(OwnFault("revoked", identity="key", credentials="refused"), id="the server key"),
        pytest.param(OwnFault("no file descriptor left"), id="this machine"),
    ],
)
def test_the_monitors_own_fault_is_raised_unless_it_is_about_one_collection(error: OwnFault) -> None:
    obstacles = Obstacles()
    obstacles.add_of_collection(OWN)

    with pytest.raises(OwnFault, match=str(error)):
        obstacles.add_of_collection(error)

    assert obstacles.found == [OWN]


@pytest.mark.parametrize(
    ("found", "worst"),
    [
        pytest.param([], None, id="none"),
        pytest.param([OWN], OWN, id="own"),
        pytest.param([OWN, GONE, CheckFailed(Reason.SCHEMA, "refused")], GONE, id="the target's first"),
    ],
)
def test_the_targets_fault_is_worse_than_the_monitors(found: list[MonitorError], worst: MonitorError | None) -> None:
    obstacles = Obstacles()
    for error in found:
        obstacles.add(error)

    assert obstacles.worst() is worst


def test_what_several_are_told_is_kept_once() -> None:
    obstacles = Obstacles()
    obstacles.add(GONE)
    obstacles.add(CheckFailed(Reason.NOT_FOUND, "gone"))

    assert obstacles.found == [GONE]

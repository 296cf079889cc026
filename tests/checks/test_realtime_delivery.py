import pytest
from pydantic import ValidationError

from checks.realtime_delivery import RealtimeDelivery
from monitor.appwrite.frames import Event
from monitor.core.check import Check, Run
from monitor.core.clock import SystemClock
from monitor.core.outcome import EventResult, Reason, Status
from monitor.sandbox import seed
from tests.conftest import Platform, check_of
from tests.engine import surroundings

pytestmark = pytest.mark.asyncio


def chat_delivery(**settings: object) -> Check:
    return check_of(
        "realtime_delivery",
        **{
            "collection": "chat_messages",
            "writer": "customer",
            "reader": "therapist",
            "readable_by": ["team:synthetic-pair"],
            "event_within": "500ms",
            **settings,
        },
    )


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({}, id="from one user to another, through a team"),
        pytest.param({"writer": "key", "readable_by": ["user:synthetic-therapist"]}, id="from the backend to a user"),
        pytest.param({"reader": "guest", "readable_by": ["any"]}, id="from a user to a guest"),
        pytest.param({"collection": "bookings"}, id="another collection, other attributes"),
    ],
)
async def test_passes_when_the_event_arrives(platform: Platform, settings: dict[str, object]) -> None:
    outcome = await platform.run(chat_delivery(**settings))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    assert outcome.observations.events == {EventResult.DELIVERED: 1}
    assert 0 < outcome.observations.delivery_seconds[0] < 0.5


async def test_a_connected_socket_that_never_delivers_is_no_event_never_passed(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("realtime_silent")

    connected = await platform.run(check_of("websocket_connect", identity="therapist"))
    outcome = await platform.run(chat_delivery())

    assert connected.status is Status.PASSED
    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.NO_EVENT)
    assert outcome.observations.events == {EventResult.LOST: 1}
    assert outcome.evidence["readable"] is True


@pytest.mark.parametrize(
    ("settings", "step"),
    [
        pytest.param({"readable_by": []}, "event", id="nobody else was granted read"),
        pytest.param(
            {"readable_by": ["team:synthetic-pair"], "reader": "guest"}, "event", id="the reader lacks the role"
        ),
        pytest.param({"readable_by": ["user:synthetic-therapist"]}, "write", id="the writer lacks the role it grants"),
        pytest.param({"writer": "guest", "readable_by": ["any"]}, "write", id="the writer may not create"),
    ],
)
async def test_names_the_permission_when_that_is_what_is_missing(
    platform: Platform, settings: dict[str, object], step: str
) -> None:
    outcome = await platform.run(chat_delivery(**settings))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.PERMISSION_MISSING)
    assert [ended.name for ended in outcome.steps if not ended.passed] == [step]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        pytest.param("collection_missing", Reason.NOT_FOUND, id="collection deleted"),
        pytest.param("permission_missing", Reason.PERMISSION_MISSING, id="collection without permissions"),
    ],
)
async def test_names_what_was_done_to_the_collection(platform: Platform, fault: str, reason: Reason) -> None:
    platform.sandbox.faults.switch_on(fault)

    outcome = await platform.run(chat_delivery())

    assert (outcome.status, outcome.reason) == (Status.FAILED, reason)


async def test_fails_as_schema_when_the_configured_data_does_not_fit(platform: Platform) -> None:
    outcome = await platform.run(chat_delivery(data={"massageFor": "female"}))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.SCHEMA)


async def test_is_degraded_when_the_event_takes_longer_than_its_objective(platform: Platform) -> None:
    outcome = await platform.run(chat_delivery(objective="0.01ms"))

    assert (outcome.status, outcome.reason) == (Status.DEGRADED, Reason.SLOW)


@pytest.mark.parametrize("fault", [None, "realtime_silent", "realtime_hang"])
async def test_leaves_no_document_behind(platform: Platform, fault: str | None) -> None:
    if fault:
        platform.sandbox.faults.switch_on(fault)

    await platform.run(chat_delivery(timeout="800ms"))

    database = platform.sandbox.world.databases[platform.sandbox.database]
    left = [document for collection in database.collections.values() for document in collection.documents]
    assert left == [seed.THERAPIST_DOCUMENT]


class OnlyOthers:
    """
    A subscription at which one event arrives, of a document that somebody else wrote.
    """

    def __init__(self) -> None:
        self._events = [
            Event(events=(), channels=(), payload={"$id": "a-real-message"}, timestamp="", received_seconds=0.1)
        ]

    async def next_event(self, timeout_seconds: float) -> Event:
        if not self._events:
            raise TimeoutError
        return self._events.pop()


async def test_the_event_of_another_document_is_not_the_one(platform: Platform) -> None:
    check = chat_delivery()
    assert isinstance(check, RealtimeDelivery)
    run = Run(check, surroundings(SystemClock()))

    with pytest.raises(TimeoutError):
        await check._delivery_seconds(run, OnlyOthers(), run.new_id(), 0.0)  # type: ignore[arg-type]


async def test_refuses_to_wait_for_the_event_as_long_as_for_the_run() -> None:
    with pytest.raises(ValidationError, match="must be shorter than timeout"):
        chat_delivery(event_within="5s", timeout="5s")


@pytest.mark.parametrize("role", ["any", "users/verified", "user:u-1", "team:pair", "team:pair/owner", "label:vip"])
async def test_takes_every_role_that_appwrite_knows(role: str) -> None:
    assert chat_delivery(readable_by=[role]).model_dump()["readable_by"] == (role,)


@pytest.mark.parametrize("role", ["everyone", "user:", "guests/verified", 'any"), update("any', ""])
async def test_refuses_what_is_no_role(role: str) -> None:
    with pytest.raises(ValidationError, match="pattern"):
        chat_delivery(readable_by=[role])


async def test_refuses_a_writer_that_is_the_reader() -> None:
    with pytest.raises(ValidationError, match="writer and reader are both customer"):
        chat_delivery(reader="customer")

"""
What comes first when several things are wrong at once, and what is said of it.
"""

from dataclasses import replace

import pytest

from monitor.core.errors import CheckFailed
from monitor.core.outcome import EventResult, Reason
from monitor.listening.deliveries import Delivery, Limits
from monitor.listening.delivery_verdict import Findings, remark, verdict
from monitor.listening.eavesdropping import Leak
from monitor.listening.silence import Silence

DELIVERED = Delivery(result=EventResult.DELIVERED, took_seconds=0.1)
LOST = Delivery(result=EventResult.LOST)
BELATED = Delivery(result=EventResult.LOST, took_seconds=7.5)
LATE = Delivery(result=EventResult.LATE, took_seconds=3.0)
REORDERED = Delivery(result=EventResult.REORDERED, took_seconds=0.3)
TWICE = Delivery(result=EventResult.DELIVERED, took_seconds=0.1, copies=1)
TO_GUEST = Leak(identity="guest", is_guest=True, document_id="a", channels=("documents", "rows"))
TO_STRANGER = Leak(identity="stranger", is_guest=False, document_id="a", channels=("documents",))
ENDED = CheckFailed(Reason.CONNECTION, "the socket ended", close_code=1006)

ROUND = Findings(
    collection="chat_messages",
    permissions=('create("users")',),
    writer="customer",
    reader="therapist",
    limits=Limits(lost_after_seconds=5.0, late_after_seconds=2.0),
    deliveries=[DELIVERED, DELIVERED],
    ordered=True,
)


def said_of(found: Findings) -> CheckFailed:
    error = verdict(found)
    assert error is not None
    assert len(error.message) <= 200
    return error


def test_nothing_is_wrong_when_everything_came_once_and_in_order() -> None:
    assert verdict(ROUND) is None
    assert remark(ROUND) is None


def test_events_that_overtake_each_other_are_worth_a_remark_where_no_order_is_demanded() -> None:
    found = replace(ROUND, deliveries=[DELIVERED, REORDERED], ordered=False)

    said = remark(found)

    assert verdict(found) is None
    assert said is not None
    assert (said.reason, said.message[:40]) == (Reason.LATE_EVENT, "1 of 2 events of 'chat_messages' came af")


def test_the_worst_comes_first() -> None:
    # Each of these also has everything that comes after it.
    everything = [LOST, TWICE, LATE, REORDERED]
    rounds = [
        replace(ROUND, deliveries=everything, leaks=[TO_GUEST], ended=ENDED, readable=False),
        replace(ROUND, deliveries=everything, ended=ENDED, readable=False),
        replace(ROUND, deliveries=everything, readable=False),
        replace(ROUND, deliveries=everything, readable=True),
        replace(ROUND, deliveries=everything[1:]),
        replace(ROUND, deliveries=everything[2:]),
        replace(ROUND, deliveries=everything[3:]),
    ]

    reasons = [said_of(each).reason for each in rounds]

    assert reasons == [
        Reason.PERMISSION_EXCESS,
        Reason.CONNECTION,
        Reason.PERMISSION_MISSING,
        Reason.NO_EVENT,
        Reason.DUPLICATE_EVENT,
        Reason.LATE_EVENT,
        Reason.LATE_EVENT,
    ]


@pytest.mark.parametrize(
    "worst",
    [
        pytest.param({"leaks": [TO_GUEST]}, id="leaked"),
        pytest.param({"ended": ENDED}, id="ended"),
        pytest.param({"readable": False}, id="not readable"),
        pytest.param({"readable": True}, id="lost"),
    ],
)
def test_all_counts_are_evidence_whatever_the_verdict(worst: dict[str, object]) -> None:
    found = replace(ROUND, deliveries=[LOST, TWICE, LATE, REORDERED], **worst)  # type: ignore[arg-type]

    evidence = said_of(found).evidence

    counts = {"events": 4, "delivered": 1, "lost": 1, "late": 1, "reordered": 1, "duplicate": 1}
    assert evidence.items() >= {**counts, "leaked": 1 if found.leaks else 0, "slowest_seconds": 3.0}.items()


@pytest.mark.parametrize(
    ("leaks", "permissions", "told"),
    [
        pytest.param(
            [TO_STRANGER, TO_GUEST],
            ('read("any")',),
            "'guest' gets its events on 'rows' and 1 more channels, so everybody can read it: remove read(\"any\")",
            id="to anybody",
        ),
        pytest.param(
            [TO_STRANGER],
            ('read("users")',),
            "'stranger' gets its events on 'documents', so users it does not concern can read it: remove read",
            id="to every user",
        ),
        pytest.param(
            [replace(TO_GUEST, channels=())],
            (),
            "'guest' can read it over REST, so everybody can read it: check its permissions and those of its documents",
            id="over REST, by a document's own permissions",
        ),
    ],
)
def test_a_leak_names_whom_how_and_the_permission_to_remove(
    leaks: list[Leak], permissions: tuple[str, ...], told: str
) -> None:
    error = said_of(replace(ROUND, leaks=leaks, permissions=permissions))

    assert error.message.startswith(f"'chat_messages' is not private: {told}")
    assert error.evidence["channels"] == leaks[-1].channels


@pytest.mark.parametrize(
    ("deliveries", "silence", "told"),
    [
        pytest.param([LOST, LOST], Silence(), ": restart realtime, then check its Redis pub/sub", id="nothing known"),
        pytest.param([LOST], Silence(control_heard=True), "this one's, or single ones, get lost", id="one event"),
        pytest.param([LOST, LOST], Silence(control_heard=True), "this one's get lost", id="this collection only"),
        pytest.param(
            [LOST, LOST], Silence(control_heard=False, tests_heard=True), "its Redis pub/sub is dead", id="pub/sub"
        ),
        pytest.param([LOST, LOST], Silence(tests_heard=False), "its process is stuck", id="the process"),
        pytest.param([LOST, DELIVERED], None, "1 of 2 events", id="some only"),
        pytest.param([BELATED, LOST], None, "no event of 'chat_messages' at 'therapist' within 5s", id="one came late"),
        pytest.param([BELATED], None, "after 7.5s only, expected within 5s: realtime is slow", id="it came after all"),
    ],
)
def test_a_loss_says_what_is_lost_and_what_is_dead(
    deliveries: list[Delivery], silence: Silence | None, told: str
) -> None:
    error = said_of(replace(ROUND, deliveries=deliveries, readable=True, silence=silence))

    assert error.reason is Reason.NO_EVENT
    assert told in error.message


@pytest.mark.parametrize(
    ("waited_seconds", "reason", "told"),
    [
        pytest.param(2.5, Reason.NO_EVENT, "within 2.5s", id="half of the limit"),
        pytest.param(1.0, Reason.NO_EVENT, "within 1s", id="as long as any network takes"),
        pytest.param(0.75, Reason.TIMEOUT, "only 750ms were left to wait for events", id="too short to say"),
        pytest.param(0.0, Reason.TIMEOUT, "only 0ms were left to wait for events", id="none at all"),
    ],
)
def test_a_wait_that_the_deadline_cut_short_is_told_and_proves_nothing_when_it_was_too_short(
    waited_seconds: float, reason: Reason, told: str
) -> None:
    error = said_of(replace(ROUND, deliveries=[LOST], waited_seconds=waited_seconds))

    assert (error.reason, error.evidence["waited_seconds"]) == (reason, waited_seconds)
    assert told in error.message


def test_only_what_was_read_back_is_said_to_be_readable() -> None:
    told = [said_of(replace(ROUND, deliveries=[LOST], readable=readable)).message for readable in (True, None)]

    assert ["can read the document" in message for message in told] == [True, False]


@pytest.mark.parametrize(
    ("deliveries", "told"),
    [
        pytest.param([LATE, DELIVERED], "1 of 2 events of 'chat_messages' took up to 3s", id="late"),
        pytest.param([DELIVERED, REORDERED], "1 of 2 events of 'chat_messages' came after later ones", id="overtaken"),
        pytest.param([LATE, REORDERED], "expected within 2s; 1 of 2 events", id="both"),
    ],
)
def test_a_late_event_says_whether_it_was_slow_or_overtaken(deliveries: list[Delivery], told: str) -> None:
    assert told in said_of(replace(ROUND, deliveries=deliveries)).message


def test_long_names_still_leave_what_matters_in_the_message() -> None:
    error = said_of(
        replace(ROUND, collection="c" * 36, reader="r" * 36, deliveries=[LOST], silence=Silence(tests_heard=True))
    )

    assert "at 'rrr" in error.message

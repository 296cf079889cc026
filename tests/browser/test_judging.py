"""
What is seen in the traffic of a page, without any browser.
"""

import json
from collections.abc import Iterable

import pytest

from monitor.browser.loading import demand_page, not_loaded
from monitor.browser.observed import Observed
from monitor.browser.reading import note_frame, read_call, read_socket
from monitor.browser.refusal import refused, refused_write
from monitor.browser.traffic import Call, Traffic
from monitor.browser.unshown import unshown
from monitor.browser.wiring import Wiring, misdirected, miswired
from monitor.core.errors import CheckFailed
from monitor.core.outcome import Reason

ENDPOINT = "https://api.example.com/v1"
WIRING = Wiring(
    project="app",
    concepts={"bookings": "bookings", "dashboard": "bookings", "messages": "chat_messages", "chat": "chat_sessions"},
    booked=frozenset({"userId", "therapistId", "status", "startsAt"}),
    listed={"therapistId": "ayu"},
)
BOOKING = {"userId": "u", "therapistId": "ayu", "status": "pending", "startsAt": "now"}


def call(method: str, path: str, *, status: int | None = 200, project: str = "app", **kept: object) -> Call:
    data = json.dumps({"data": kept["data"]}) if "data" in kept else ""
    read = read_call(method, f"{ENDPOINT}/{path}", endpoint=ENDPOINT, project=project, body=data)
    assert read is not None
    read.status, read.answer = status, json.dumps(kept.get("answer", {})).encode()
    read.failure = str(kept.get("failure", ""))
    return read


def documents(collection: str, *, query: str = "") -> str:
    return f"databases/main/collections/{collection}/documents{query}"


def channel(collection: str) -> str:
    return f"databases.main.collections.{collection}.documents"


def traffic(*calls: Call, channels: Iterable[str] = (), sockets: int = 1, frames: Iterable[object] = ()) -> Traffic:
    seen = Traffic()
    for each in calls:
        seen.note_call(each)
    asked = "".join(f"&channels[]={each}" for each in channels)
    for number in range(sockets if channels or frames else 0):
        address = f"wss://api.example.com/v1/realtime?project=app{asked}"
        socket = read_socket(address, endpoint=ENDPOINT, opened_seconds=number / 10)
        assert socket is not None
        for frame in frames:
            note_frame(socket, json.dumps(frame), is_sent=False)
        seen.sockets.append(socket)
    return seen


CONNECTED = {"type": "connected", "data": {"channels": [], "user": None}}
EVENT = {
    "type": "event",
    "data": {"events": ["databases.main.collections.bookings.documents.b1.create"], "payload": {"$id": "b1"}},
}
ERROR = {"type": "error", "data": {"code": 1008, "message": "Missing channels"}}


@pytest.mark.parametrize(
    ("seen", "observed"),
    [
        pytest.param(traffic(call("GET", documents("bookings"))), None, id="all is right"),
        pytest.param(traffic(call("POST", documents("x"), project="old")), Observed.OTHER_PROJECT, id="project"),
        pytest.param(traffic(call("POST", documents(""), status=401)), Observed.EMPTY_ID, id="empty id"),
        pytest.param(traffic(call("GET", documents("Chat%20Messages"))), Observed.NAME_AS_ID, id="name in a path"),
        pytest.param(traffic(channels=[channel("Chat Messages")]), Observed.NAME_AS_ID, id="name in a channel"),
        pytest.param(traffic(channels=[channel("undefined")]), Observed.UNDEFINED_CHANNEL, id="undefined"),
        pytest.param(traffic(channels=["documents"], sockets=6), Observed.SOCKET_STORM, id="six sockets at once"),
        pytest.param(traffic(channels=["documents"], sockets=5), None, id="five sockets"),
        pytest.param(
            traffic(call("POST", documents(""), project="old"), channels=[channel("null")]),
            Observed.OTHER_PROJECT,
            id="the project goes first",
        ),
    ],
)
def test_sees_ids_and_projects_that_cannot_be(seen: Traffic, observed: Observed | None) -> None:
    error = miswired("customer", seen, WIRING)

    assert (error and error.evidence["observed"]) == observed


@pytest.mark.parametrize(
    ("side", "seen", "asked"),
    [
        pytest.param(
            "customer", traffic(call("POST", documents("therapists"), data=BOOKING)), "therapists", id="books elsewhere"
        ),
        pytest.param("customer", traffic(call("POST", documents("bookings"), data=BOOKING)), None, id="books right"),
        pytest.param(
            "customer",
            traffic(
                call("POST", documents("bookings"), data=BOOKING),
                call("POST", documents("messages"), data={"text": "hello-of-this-run"}),
            ),
            "messages",
            id="writes its message elsewhere",
        ),
        pytest.param(
            "customer", traffic(call("POST", documents("clicks"), data={"userId": "u"})), None, id="writes other things"
        ),
        pytest.param(
            "therapist", traffic(channels=[channel("bookings_collection_id")]), "bookings_collection_id", id="hears"
        ),
        pytest.param(
            "therapist",
            traffic(call("GET", documents("orders", query='?queries[]={"attribute":"therapistId","values":["ayu"]}'))),
            "orders",
            id="lists elsewhere what is his",
        ),
        pytest.param("therapist", traffic(call("GET", documents("menus"))), None, id="lists other things"),
        pytest.param(
            "therapist",
            traffic(channels=[channel("bookings"), channel("bookings_collection_id")]),
            None,
            id="listens to both",
        ),
    ],
)
def test_sees_another_collection_than_that_of_the_profile(side: str, seen: Traffic, asked: str | None) -> None:
    error = misdirected(side, seen, WIRING, tokens=["hello-of-this-run"])

    assert (error and error.evidence["asked"]) == asked


DENIED = {"type": "user_unauthorized", "message": "no", "code": 401}


@pytest.mark.parametrize(
    ("seen", "reason", "about"),
    [
        pytest.param(
            traffic(call("POST", documents("bookings"), status=401, answer=DENIED)),
            Reason.PERMISSION_MISSING,
            {"collection": "bookings", "status": 401, "type": "user_unauthorized"},
            id="a write",
        ),
        pytest.param(
            traffic(
                call("GET", documents("bookings"), status=401, answer=DENIED),
                call(
                    "POST",
                    documents("chat_messages"),
                    status=400,
                    answer={"type": "document_invalid_structure", "message": "Unknown attribute", "code": 400},
                ),
            ),
            Reason.SCHEMA,
            {"collection": "chat_messages"},
            id="a write goes before a read",
        ),
        pytest.param(
            traffic(
                call(
                    "POST",
                    "functions/send/executions",
                    status=201,
                    answer={"status": "completed", "responseStatusCode": 400, "responseBody": "no"},
                )
            ),
            Reason.WRONG_ANSWER,
            {"function": "send", "status": 400},
            id="inside of a function's answer",
        ),
        pytest.param(
            traffic(call("GET", documents("bookings"), status=None)),
            Reason.TIMEOUT,
            {"collection": "bookings"},
            id="no answer",
        ),
        pytest.param(
            traffic(call("GET", documents("bookings"), status=None, failure="net::ERR_CONNECTION_RESET")),
            Reason.CONNECTION,
            {"detail": "net::ERR_CONNECTION_RESET"},
            id="no connection",
        ),
        pytest.param(
            traffic(channels=["documents"], frames=[ERROR]),
            Reason.WRONG_ANSWER,
            {"error_code": 1008, "error_message": "Missing channels"},
            id="a socket",
        ),
    ],
)
def test_tells_what_a_page_was_refused(seen: Traffic, reason: Reason, about: dict[str, object]) -> None:
    error = refused("customer", "ann", seen, WIRING, is_guest=False, now_seconds=10.0)

    assert error is not None
    assert (error.reason, error.evidence["observed"], error.evidence["identity"]) == (reason, Observed.REFUSED, "ann")
    assert {key: error.evidence.get(key) for key in about} == about


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(traffic(call("GET", documents("menus"), status=401, answer=DENIED)), id="of another story"),
        pytest.param(traffic(call("GET", "account", status=401, answer=DENIED)), id="a guest's account"),
        pytest.param(
            traffic(call("POST", documents("bookings"), status=None, failure="net::ERR_BLOCKED_BY_CLIENT")),
            id="held back by the monitor",
        ),
        pytest.param(traffic(channels=["documents"], frames=[ERROR, CONNECTED]), id="a socket that lived after all"),
    ],
)
def test_no_refusal_that_matters(seen: Traffic) -> None:
    assert refused("customer", "guest", seen, WIRING, is_guest=True, now_seconds=10.0) is None


def test_what_was_asked_just_now_may_yet_be_answered() -> None:
    seen = traffic(call("GET", documents("bookings"), status=None))

    assert refused("customer", "ann", seen, WIRING, is_guest=False, now_seconds=1.0) is None


def test_a_cors_error_is_a_refusal_of_the_origin() -> None:
    seen = traffic(call("GET", documents("bookings"), status=None, failure="net::ERR_FAILED"))
    seen.is_kept_out = True

    error = refused("customer", "ann", seen, WIRING, is_guest=False, now_seconds=10.0)

    assert error is not None
    assert error.reason is Reason.UNAUTHORIZED


def test_a_write_that_was_tried_again_was_not_refused() -> None:
    failed = call("POST", documents("bookings"), status=500)
    seen = traffic(failed, call("POST", documents("bookings"), status=201))

    assert refused_write("customer", "ann", traffic(failed), WIRING) is not None
    assert refused_write("customer", "ann", seen, WIRING) is None


@pytest.mark.parametrize(
    ("seen", "observed"),
    [
        pytest.param(traffic(), Observed.NO_SUBSCRIPTION, id="no socket"),
        pytest.param(
            traffic(channels=[channel("reviews")], frames=[CONNECTED]), Observed.NO_SUBSCRIPTION, id="another channel"
        ),
        pytest.param(traffic(channels=[channel("bookings")]), Observed.NO_EVENT, id="the socket was never taken"),
        pytest.param(traffic(channels=[channel("bookings")], frames=[CONNECTED]), Observed.NO_EVENT, id="silence"),
        pytest.param(
            traffic(channels=[channel("bookings")], frames=[CONNECTED, EVENT]), Observed.EVENT_NOT_SHOWN, id="an event"
        ),
    ],
)
def test_tells_why_a_page_does_not_show_what_is_there(seen: Traffic, observed: Observed) -> None:
    error = unshown("therapist", seen, what="the booking", collection="bookings", token="b1")

    assert error.evidence["observed"] == observed
    assert error.reason is (Reason.NO_EVENT if observed is Observed.NO_EVENT else Reason.WRONG_ANSWER)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        pytest.param("Page.goto: net::ERR_NAME_NOT_RESOLVED at https://x", Reason.DNS, id="name"),
        pytest.param("Page.goto: net::ERR_CERT_DATE_INVALID at https://x", Reason.TLS, id="certificate"),
        pytest.param("Page.goto: net::ERR_CONNECTION_REFUSED at https://x", Reason.CONNECTION, id="refused"),
        pytest.param("Page.goto: Timeout 5000ms exceeded.", Reason.TIMEOUT, id="slow"),
    ],
)
def test_tells_why_a_page_did_not_load(error: str, reason: Reason) -> None:
    told = not_loaded("https://site.example.com/?token=abcdef#/x", error, within_seconds=5.0)

    assert (told.reason, told.evidence["observed"]) == (reason, Observed.PAGE_MISSING)
    assert "abcdef" not in told.message


@pytest.mark.parametrize(
    ("status", "content_type", "reason"),
    [
        pytest.param(502, "text/html", Reason.HTTP_STATUS, id="an error"),
        pytest.param(200, "application/json", Reason.WRONG_ANSWER, id="no page"),
    ],
)
def test_what_is_no_page_is_missing(status: int, content_type: str, reason: Reason) -> None:
    with pytest.raises(CheckFailed) as refusal:
        demand_page("https://site.example.com", status=status, content_type=content_type)

    assert (refusal.value.reason, refusal.value.evidence["observed"]) == (reason, Observed.PAGE_MISSING)


def test_no_session_is_kept_of_a_frame() -> None:
    seen = traffic(channels=["documents"])

    note_frame(seen.sockets[0], json.dumps({"type": "authentication", "data": {"session": "5ec4e7"}}), is_sent=True)

    assert "5ec4e7" not in repr(seen.sockets)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"type": 1, "data": [1, {"channels": null}]}', b"\xff", "[" * 5_000])
def test_any_frame_can_be_read(text: str | bytes) -> None:
    seen = traffic(channels=["documents"])

    note_frame(seen.sockets[0], text, is_sent=True)

    assert len(list(seen.frames())) == 1

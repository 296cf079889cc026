"""
Sockets and events: appwrite-protocol.md 5.5 to 5.9 and 10, rows 1 to 5.
"""

from monitor.core.cause import Cause
from monitor.core.outcome import Reason, Status
from monitor.core.severity import Severity
from monitor.core.topic import Topic
from monitor.diagnosis.clue import GIVEN, NOT_GIVEN, AtLeast, Clue, seen
from monitor.diagnosis.rule import Rule

_SOME_HEARD = Clue(
    says="other events arrive",
    statuses=(Status.PASSED, Status.DEGRADED),
    topics=(Topic.EVENTS,),
)

REALTIME_RULES = (
    Rule(
        cause=Cause.REALTIME_REFUSED,
        means="realtime takes no sockets, or ends them",
        proofs=(
            seen("a new socket is refused", Reason.HTTP_STATUS, misrouted=False),
            seen("a new socket says nothing", Reason.TIMEOUT, phase=frozenset({"upgrade", "connected_frame"})),
            Clue(
                says="a new socket is sent an error",
                reasons=(Reason.WRONG_ANSWER,),
                facts={"error_code": GIVEN},
                but_not={"error_code": 1008},
            ),
            seen("an open socket ended", Reason.CONNECTION, close_code=GIVEN),
            seen("an open socket died", Reason.TIMEOUT, phase="pong"),
            seen(
                "a socket ended before it said anything",
                Reason.CONNECTION,
                phase=frozenset({"upgrade", "connected_frame"}),
            ),
        ),
        hints=(seen("a new socket is refused by its policy", error_code=1008),),
        follows=(
            seen("realtime refuses the origin", type="general_unknown_origin", refused_by="realtime"),
            seen("a run came to no end", Reason.TIMEOUT, phase=NOT_GIVEN, status=NOT_GIVEN, function=NOT_GIVEN),
        ),
        asks=(Topic.API, Topic.SOCKET),
        remedy=(
            "self-hosted: the log of appwrite-realtime, then `docker compose restart appwrite-realtime`",
            "does the proxy pass the upgrade: `curl -si {endpoint}/realtime` must be answered 400 by Swoole",
            "REST is well: nothing there needs to be restarted",
        ),
        opinion="a socket that opens and answers a ping would rule it out",
    ),
    Rule(
        cause=Cause.REALTIME_MISROUTED,
        means="the proxy sends realtime's path to the HTTP API",
        proofs=(seen("Appwrite's HTTP API answers on realtime's path", misrouted=True),),
        remedy=(
            "route {endpoint}/realtime to the container appwrite-realtime, with the headers Upgrade and Connection",
            "Traefik: the labels of appwrite-realtime; panels such as Coolify drop them on update",
        ),
        opinion="400 of Swoole to a plain GET would rule it out",
    ),
    Rule(
        cause=Cause.REALTIME_SILENT,
        means="sockets open and answer, and no event arrives at all",
        proofs=(
            seen("no event arrives, of the control collection neither", Reason.NO_EVENT, control_heard=False),
            seen("none of several events arrives", Reason.NO_EVENT, delivered=0, lost=AtLeast(3)),
        ),
        hints=(seen("an event stays out", Reason.NO_EVENT),),
        unless=(
            _SOME_HEARD,
            seen("some events of a round arrive", delivered=range(1, 10_000)),
            seen("the therapist's page had other events", therapist_saw=GIVEN),
            seen("the customer's page had other events", customer_saw=GIVEN),
        ),
        asks=(Topic.EVENTS,),
        remedy=(
            "self-hosted: `docker compose restart appwrite-realtime`: its link to Redis is dead and does not heal",
            "then see why Redis was away: `docker compose logs --since 2h redis`",
            "cloud: open a ticket with the evidence bundle; health and pings prove nothing here",
        ),
        opinion="an event of any collection would make it a part of the pipeline only",
    ),
    Rule(
        cause=Cause.REALTIME_PIPELINE,
        means="some events get lost or out of order, others arrive",
        proofs=(
            seen("some events of a round stay out", Reason.NO_EVENT, delivered=range(1, 10_000)),
            seen("events of another collection arrive", Reason.NO_EVENT, control_heard=True),
            seen("events overtake each other", Reason.LATE_EVENT, late=0),
            seen("the therapist's page had other events", Reason.NO_EVENT, therapist_saw=GIVEN),
            seen("the customer's page had other events", Reason.NO_EVENT, customer_saw=GIVEN),
        ),
        hints=(seen("an event stays out", Reason.NO_EVENT),),
        follows=(
            Clue(says="right, but slow", statuses=(Status.DEGRADED,), reasons=(Reason.SLOW,)),
            Clue(says="events overtook each other", statuses=(Status.DEGRADED,), reasons=(Reason.LATE_EVENT,)),
        ),
        asks=(Topic.EVENTS,),
        remedy=(
            "which collection, which action? see `lost` and the frames in the evidence",
            "self-hosted: the log of appwrite-realtime and of the API's publisher; memory and evictions of Redis",
            "`docker compose restart appwrite-realtime` when it does not heal within minutes",
        ),
        opinion="no event of anything would make it silent; all of them would rule it out",
    ),
    Rule(
        cause=Cause.REALTIME_LATE,
        means="events arrive late",
        proofs=(
            seen("events took longer than they may", Reason.LATE_EVENT, late=range(1, 10_000)),
            seen("events came after the wait for them", Reason.NO_EVENT, belated=True),
            Clue(says="events are slow", statuses=(Status.DEGRADED,), reasons=(Reason.SLOW,), facts={"events": GIVEN}),
        ),
        follows=(
            Clue(says="right, but slow", statuses=(Status.DEGRADED,), reasons=(Reason.SLOW,)),
            seen("an event stays out", Reason.NO_EVENT),
        ),
        asks=(Topic.API, Topic.EVENTS),
        remedy=(
            "self-hosted: the load of appwrite-realtime and Redis (`docker stats`); more realtime workers",
            "compare the delivery heatmap with the traffic: a rush, or a worker that stands still?",
        ),
        opinion="answers of REST that are late as well would make it the service",
        most=Severity.TICKET,
    ),
    Rule(
        cause=Cause.REALTIME_DUPLICATE,
        means="events arrive more than once",
        proofs=(seen("an event came more than once", Reason.DUPLICATE_EVENT),),
        remedy=(
            "do two stacks publish on one Redis? `docker ps | grep appwrite-realtime`, and _APP_REDIS_HOST of both",
            "the page must drop an event that it has had: by $id and $updatedAt",
        ),
        opinion="every event once would rule it out",
        most=Severity.TICKET,
    ),
)

"""
Views for tests of the page: a platform that is well, and one whose chat is broken at 3 a.m.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from monitor.core.cause import Cause
from monitor.core.outcome import Phase, Reason, Status
from monitor.core.severity import Severity
from monitor.diagnosis.diagnosis import Confidence
from monitor.incidents.incident import Fault
from monitor.web.model import (
    Bar,
    CheckDetail,
    CheckView,
    DiagnosisView,
    FindingView,
    Health,
    IncidentView,
    RunDetail,
    RunStep,
    RunView,
    SilenceView,
    StatusView,
)

NOW = datetime(2026, 1, 23, 3, 16, 10, tzinfo=UTC)
EVERY_SECONDS = 60.0
_KINDS = ("realtime_delivery", "websocket_connect", "collection_exists", "permission_matrix", "http_endpoint", "login")
_STEPS = ("sign_in", "create_booking", "find_booking", "subscribe", "write", "receive")
_COMMAND = "appwrite databases update-collection --database-id 68f76ee1000e64ca8d05 --collection-id chat_messages \
--permissions 'read(\"team:support\")'"


def bar(number: int, status: Status = Status.PASSED, reason: Reason | None = None, *, of: str = "check") -> Bar:
    """
    Return the run that began *number* intervals before now.
    """
    started_at = NOW - timedelta(seconds=12 + number * EVERY_SECONDS)
    took = 0.2 + (number * 37 % 19) / 40
    return Bar(run_id=f"{of}-{number}", started_at=started_at, duration_seconds=took, status=status, reason=reason)


def run(of: Bar, *, message: str = "") -> RunView:
    """
    Return the whole run of a bar: six steps, of which the last has failed when it has.
    """
    share = of.duration_seconds / len(_STEPS)
    is_well = of.status in {Status.PASSED, Status.DEGRADED}
    steps = tuple(
        RunStep(
            name=name,
            started_seconds=number * share,
            duration_seconds=share * 0.9,
            passed=is_well or number < len(_STEPS) - 1,
        )
        for number, name in enumerate(_STEPS)
    )
    return RunView(
        **of.model_dump(),
        message=message,
        steps=steps,
        phases={Phase.DNS: 0.0012, Phase.CONNECT: 0.031, Phase.TLS: 0.044, Phase.FIRST_BYTE: 0.12},
        evidence={
            "collection": "chat_messages",
            "reader": "therapist",
            "can_read": True,
            "channels": ("databases.68f76ee1000e64ca8d05.collections.chat_messages.documents", "account"),
        },
    )


def check(name: str, *, number: int = 0, bars: Sequence[Bar] | None = None) -> CheckView:
    """
    Return a check that is right, and has been for a day.
    """
    bars = [bar(each, of=name) for each in reversed(range(60))] if bars is None else bars
    return CheckView(
        name=name,
        kind=_KINDS[number % len(_KINDS)],
        severity=Severity.PAGE,
        every_seconds=EVERY_SECONDS,
        status=bars[-1].status if bars else None,
        reason=bars[-1].reason if bars else None,
        since=NOW - timedelta(days=1),
        bars=tuple(bars),
        last_run=run(bars[-1]) if bars else None,
    )


def broken(name: str, reason: Reason, message: str, *, failures: int = 4, incident: str = "i-1") -> CheckView:
    """
    Return a check that has failed in its last runs.
    """
    ended = [
        bar(each, *((Status.FAILED, reason) if each < failures else (Status.PASSED,)), of=name)
        for each in reversed(range(60))
    ]
    right = check(name, bars=ended)
    since = ended[-failures].started_at
    return right.model_copy(
        update={
            "is_failing": True,
            "incident": incident,
            "message": message,
            "since": since,
            "last_run": run(ended[-1], message=message),
        }
    )


def mixed(name: str) -> CheckView:
    """
    Return a check whose runs have ended in every way there is; the last one was slow.
    """
    ways = {0: Status.DEGRADED, 3: Status.ERRORED, 4: Status.MISSED, 9: Status.FAILED, 11: Status.DEGRADED}
    bars = [bar(each, ways.get(each, Status.PASSED), of=name) for each in reversed(range(60))]
    return check(name, number=1, bars=bars).model_copy(
        update={"reason": Reason.SLOW, "message": "connected after 812ms, objective 500ms: look at the proxy's load"}
    )


def incident(**changes: object) -> IncidentView:
    """
    Return the incident of 3 a.m.: guests cannot read chat messages.
    """
    message = "collection 'chat_messages' answered 401 to 'customer', expected 200: give the role the read permission"
    since = NOW - timedelta(seconds=251)
    finding = FindingView(
        check="chat-delivery",
        kind="realtime_delivery",
        fault=Fault.TARGET,
        severity=Severity.PAGE,
        reason=Reason.PERMISSION_MISSING,
        message=message,
        step="receive",
        run_id="chat-delivery-0",
        since=since,
    )
    diagnosis = DiagnosisView(
        confidence=Confidence.LIKELY,
        evidence_for=(
            "`chat-delivery` cannot read what it has written: 401 since 03:11:58",
            "the server key reads the same collection",
        ),
        evidence_against=("`realtime-connect` passes: sockets connect and belong to their identity",),
        rivals=(Cause.SESSION_INVALID, Cause.COLLECTION_DISABLED),
        remedy=(
            "open the collection in the console: Databases → main → chat_messages → Settings → Permissions",
            f"or give the permission back: `{_COMMAND}`",
            "never give `Any` the permission to read: it would publish every private message",
        ),
        opinion=("when `login` fails as well, the sessions are to blame",),
        runbook="https://example.com/runbooks/permission_missing.md",
    )
    told = IncidentView(
        id="i-1",
        severity=Severity.PAGE,
        cause=Cause.PERMISSION_MISSING,
        summary="guests cannot read `chat_messages`: no chat window opens, and no therapist hears of a booking",
        failing_since=since,
        opened_at=since + timedelta(seconds=9),
        told={"pagerduty": NOW - timedelta(seconds=240), "sentry": NOW - timedelta(seconds=238)},
        diagnosis=diagnosis,
        findings=(
            finding,
            finding.model_copy(update={"check": "booking-to-chat", "kind": "booking_to_chat", "is_flapping": True}),
        ),
    )
    return told.model_copy(update=changes)


def well(checks: int = 24) -> StatusView:
    """
    Return a platform that is well in every way.
    """
    return StatusView(
        target="production",
        location="sydney-1",
        version="1.4.0",
        at=NOW,
        started_at=NOW - timedelta(days=3),
        health=Health.RIGHT,
        checks=tuple(check(f"check-{number}", number=number) for number in range(checks)),
    )


def night(checks: int = 30) -> StatusView:
    """
    Return the platform at 3 a.m.: an incident that pages, one that waits, a silence, and trouble of the monitor's own.
    """
    message = "no event of 'chat_messages' at 'therapist' within 1s, though it can read the document: restart realtime"
    silenced = broken("old-site", Reason.HTTP_STATUS, "answered 503, expected 200", failures=30, incident="i-2")
    errored = [bar(each, Status.ERRORED if each < 2 else Status.PASSED, of="login") for each in reversed(range(60))]
    blind = check("login", number=5, bars=[*errored[:-1], errored[-1].model_copy(update={"reason": Reason.INTERNAL})])
    shown = (
        check("realtime-connect", number=1),
        broken("chat-delivery", Reason.PERMISSION_MISSING, message),
        broken("booking-to-chat", Reason.PERMISSION_MISSING, "step 'receive': the customer hears nothing", failures=2),
        mixed("websocket-therapist"),
        silenced.model_copy(
            update={"severity": Severity.TICKET, "silenced_until": NOW + timedelta(hours=2), "incident": "i-2"}
        ),
        blind.model_copy(
            update={
                "status": Status.PASSED,
                "last_run": run(blind.bars[-1], message="the password of 'login' was refused: set a new one"),
            }
        ),
        check("never-ran", number=2, bars=()),
    )
    others = tuple(check(f"collection-{number}-exists", number=number) for number in range(checks - len(shown)))
    second = incident(
        id="i-2",
        severity=Severity.TICKET,
        cause=Cause.SERVICE_DOWN,
        summary="`old-site` answers 503",
        silenced_until=NOW + timedelta(hours=2),
        told={},
    )
    over = incident(id="i-0", resolved_at=NOW - timedelta(hours=7), failing_since=NOW - timedelta(hours=8))
    silence = SilenceView(
        id="s-1",
        checks=("old-site", "legacy-*"),
        since=NOW - timedelta(hours=1),
        until=NOW + timedelta(hours=2),
        reason="the old site is being moved",
        by="ayu",
    )
    return well(0).model_copy(
        update={
            "health": Health.WRONG,
            "trouble": "the store cannot be written (No space left on device): history is lost until there is room",
            "checks": shown + others,
            "incidents": (incident(), second),
            "resolved": (over,),
            "silences": (silence,),
        }
    )


def one_run(of: CheckView) -> RunDetail:
    """
    Return the last run of *of* by itself.
    """
    return RunDetail(**dict(detail(of).runs[0]), check=of.name, kind=of.kind)


def detail(of: CheckView) -> CheckDetail:
    """
    Return *of* with its last twenty runs.
    """
    runs = [run(each, message=of.message if each.status is Status.FAILED else "") for each in reversed(of.bars)]
    return CheckDetail(**dict(of), runs=tuple(runs[:20]))

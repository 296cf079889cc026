"""
What the API refused to a page: then the page is red because the API is.
"""

from collections.abc import Iterable, Mapping

from monitor.appwrite.errors import AppwriteError, raise_if_refused
from monitor.appwrite.failures import failed
from monitor.appwrite.realtime import meaning_of
from monitor.browser.observed import Observed, seen
from monitor.browser.traffic import Call, Socket, Traffic
from monitor.browser.wiring import Wiring, about
from monitor.core.errors import CheckFailed
from monitor.core.outcome import EvidenceValue, Reason
from monitor.core.redaction import excerpt
from monitor.core.transport import Response

_ANSWER_CHARACTERS = 120
# What a page that has just gone elsewhere asks there is not answered at once.
_HANGING_SECONDS = 2.0


def refused(
    side: str, identity: str, traffic: Traffic, wiring: Wiring, *, is_guest: bool, now_seconds: float
) -> CheckFailed | None:
    """
    Return the refusal by which the page failed; None when it was refused nothing that the story needs.

    At *now_seconds* of the run, what was asked long before and has no answer is refused too.

    Writes count before reads, the first of each: what is refused later is often so because of that.
    """
    for call in _in_order(traffic.calls, wiring, is_guest=is_guest):
        is_hanging = now_seconds - call.begun_seconds >= _HANGING_SECONDS
        if error := _meaning(call, side, identity, traffic, hanging=is_hanging):
            return error
    return _socket_refused(side, identity, traffic.sockets)


def as_refused(error: CheckFailed, side: str, identity: str, **facts: EvidenceValue) -> CheckFailed:
    """
    Return *error*, which the API answered to the monitor who asked as the page does, as what was seen of the run.
    """
    evidence = {**error.evidence, **facts, "identity": identity, "side": side, "observed": Observed.REFUSED.value}
    return failed(error.reason, error.message, **evidence)


def refused_write(side: str, identity: str, traffic: Traffic, wiring: Wiring) -> CheckFailed | None:
    """
    Return the first refusal of something that the story writes, though its page may go on as if nothing were.
    """
    # What the page tried again, and was then given, it was not refused.
    given = {(call.method, call.path) for call in traffic.calls if call.status and call.status < 300}
    writes = [call for call in traffic.calls if call.is_write and about(call, wiring)]
    writes = [call for call in writes if (call.method, call.path) not in given or call.function]
    return next((error for call in writes if (error := _meaning(call, side, identity, traffic, hanging=False))), None)


def _in_order(calls: Iterable[Call], wiring: Wiring, *, is_guest: bool) -> list[Call]:
    ours = [call for call in calls if about(call, wiring) or (call.path == "account" and not is_guest)]
    return sorted(ours, key=lambda call: not call.is_write)


def _meaning(call: Call, side: str, identity: str, traffic: Traffic, *, hanging: bool) -> CheckFailed | None:
    facts: dict[str, EvidenceValue] = {"method": call.method}
    facts |= {"collection": call.collection} if call.collection else {}
    facts |= {"function": call.function} if call.function else {}
    place = f"in {call.collection!r}" if call.collection else f"of /{call.path[:60]}"
    thing = f"the {side}'s {call.method} {place if not call.function else f'to function {call.function!r}'}"
    if call.status is None:
        facts["identity"] = identity
        return _unanswered(call, side, thing, facts, traffic) if hanging or call.failure else None
    if answer := _function_refused(call):
        status, said = answer
        reason = Reason.HTTP_STATUS if status >= 500 else Reason.WRONG_ANSWER
        text = f"{thing} answered {status} inside: {said}: see the function's logs"
        return seen(Observed.REFUSED, side, text, reason, identity=identity, **facts, status=status, type="")
    if call.status < 300 or call.status == 304:
        return None
    response = Response(status=call.status, headers=call.headers, body=call.answer, phases={})
    try:
        raise_if_refused(response, thing=thing, identity=identity)
    except AppwriteError as error:
        if error.reason is Reason.SCHEMA and error.server_message:
            # The server names the attribute, and what it may be.
            said = excerpt(error.server_message, characters=_ANSWER_CHARACTERS)
            error.message = f"{thing} was refused: {said}"
        return as_refused(error, side, identity, **facts)
    return None


def _unanswered(
    call: Call, side: str, thing: str, facts: Mapping[str, EvidenceValue], traffic: Traffic
) -> CheckFailed | None:
    if "BLOCKED_BY_CLIENT" in call.failure or "ERR_ABORTED" in call.failure:
        # By the monitor, or since the page went on.
        return None
    if traffic.is_kept_out and call.failure:
        text = f"{thing}: the browser keeps the answer from the page (CORS): register the site's host as a platform"
        return seen(Observed.REFUSED, side, text, Reason.UNAUTHORIZED, **facts, detail=call.failure)
    if call.failure:
        text = f"{thing} failed on its way: check the server and what stands before it"
        return seen(Observed.REFUSED, side, text, Reason.CONNECTION, **facts, detail=call.failure)
    text = f"{thing} was not answered: check the load of the server"
    return seen(Observed.REFUSED, side, text, Reason.TIMEOUT, **facts)


def _function_refused(call: Call) -> tuple[int, str] | None:
    execution = call.execution
    status = execution.get("responseStatusCode")
    if not isinstance(status, int) or (status < 400 and execution.get("status") != "failed"):
        return None
    said = execution.get("responseBody") or execution.get("errors") or "nothing"
    return status if status >= 400 else 500, excerpt(str(said), characters=_ANSWER_CHARACTERS)


def _socket_refused(side: str, identity: str, sockets: Iterable[Socket]) -> CheckFailed | None:
    # A socket that lived after all shows that a refusal before it was none for good.
    frames = [] if any(each.is_connected for each in sockets) else [frame for each in sockets for frame in each.frames]
    refusal = next((frame for frame in frames if frame.kind == "error" and frame.code is not None), None)
    if refusal is None or refusal.code is None:
        return None
    reason, next_move = meaning_of(refusal.code)
    facts: dict[str, EvidenceValue] = {"identity": identity, "error_code": refusal.code, "error_message": refusal.name}
    text = f"realtime refused the {side}'s socket with error {refusal.code}: {next_move}"
    return seen(Observed.REFUSED, side, text, reason, **facts)

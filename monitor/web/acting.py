"""
What starts work or changes something: runs that somebody asks for, and silences.
"""

from datetime import timedelta

from aiohttp import hdrs, web
from pydantic import ValidationError

from monitor.core.check import Check
from monitor.core.clock import Clock
from monitor.core.errors import unknown
from monitor.core.outcome import Outcome
from monitor.incidents.silence import matches
from monitor.manual import manual_of
from monitor.sinks.probe_page import CONTENT_TYPE, probe_page
from monitor.web.answers import refusal, shown
from monitor.web.asking import Asking, StoppingError, TooOftenError, UnderWayError
from monitor.web.events import Events
from monitor.web.model import RunView, SilenceView
from monitor.web.reading import NAME
from monitor.web.route import Answer, Parameter, Right, Route
from monitor.web.shapes import SilenceOrder
from monitor.web.state import State
from monitor.web.views import run_view, silence_view

_ID = Parameter(name="id", about="id of a silence", schema={"type": "string", "pattern": "^[A-Za-z0-9_-]{1,100}$"})
_CHECK = Parameter(name="check", about=NAME.about, schema=NAME.schema, in_query=True)
_SCRAPE_TIMEOUT = "X-Prometheus-Scrape-Timeout-Seconds"
# Of the time that Prometheus waits, for the answer to reach it.
_ON_THE_WAY_SECONDS = 0.5
# What the library says in the language of patterns.
_SAID = {"string_pattern_mismatch": "must say something"}


class Acting:
    """
    Has *asking* run checks of *state*, and silences them.
    """

    def __init__(self, state: State, asking: Asking, events: Events, clock: Clock) -> None:
        self._state = state
        self._asking = asking
        self._events = events
        self._clock = clock

    def routes(self) -> tuple[Route, ...]:
        """
        Return what can be asked.
        """
        return (
            Route(
                method="POST",
                path="/api/v1/checks/{name}/runs",
                handler=self.run_check,
                right=Right.ACT,
                about="Run a check now: answers when the run has ended. It counts like any other.",
                answer=Answer(about="what it found", shape=RunView),
                parameters=(NAME,),
                refusals=(404, 409, 429),
                within_seconds=None,
            ),
            Route(
                method="POST",
                path="/api/v1/silences",
                handler=self.silence,
                right=Right.ACT,
                about="Silence checks: what is found is measured and shown, and pages nobody",
                answer=Answer(status=201, about="the silence, in force", shape=SilenceView),
                body=SilenceOrder,
                refusals=(404,),
            ),
            Route(
                method="DELETE",
                path="/api/v1/silences/{id}",
                handler=self.lift,
                right=Right.ACT,
                about="Lift a silence: what is still wrong is told within seconds",
                answer=Answer(status=204, about="lifted"),
                parameters=(_ID,),
                refusals=(404,),
            ),
            Route(
                method="GET",
                path="/probe",
                handler=self.probe,
                right=Right.ACT,
                about="Run a check now, and give the metrics of that run only: in the way of blackbox_exporter",
                answer=Answer(about="metrics", type="text/plain"),
                parameters=(_CHECK,),
                refusals=(404, 429),
                within_seconds=None,
            ),
        )

    async def run_check(self, request: web.Request) -> web.Response:
        """
        Run a check and answer with what it found.
        """
        check = self._demand_check(request.match_info["name"])
        outcome = await self._run(check, joins=False)
        return shown(run_view(outcome, self._state.redact))

    async def probe(self, request: web.Request) -> web.Response:
        """
        Run a check, or wait for the run that somebody else has asked for, and answer with its metrics.
        """
        names = request.query.getall("check", [])
        if len(names) != 1:
            raise refusal(400, "name one check: /probe?check=NAME")
        check = self._demand_check(names[0])
        outcome = await self._run(check, joins=True, patience_seconds=_patience_seconds(request))
        manual = manual_of(type(check))
        page = probe_page(check, outcome, reasons=manual.reasons, steps=manual.steps)
        return web.Response(body=page, headers={hdrs.CONTENT_TYPE: CONTENT_TYPE})

    async def silence(self, request: web.Request) -> web.Response:
        """
        Silence checks.
        """
        order = await _order(request)
        names = tuple(dict.fromkeys(order.checks))
        checks = self._state.settings.checks
        for name in names:
            if not any(matches(check, [name]) for check in checks):
                raise refusal(404, unknown("check", name, checks))
        if self._state.alerting is None:
            raise refusal(503, "the daemon is starting: ask again in a second")
        now, silences = self._clock.now(), self._state.alerting.silences
        reason = self._state.redact(" ".join(order.reason.split()))
        until = now + timedelta(seconds=order.for_seconds)
        given = await silences.give(names, since=now, until=until, reason=reason, by="the API")
        await silences.look(now)
        self._events.note("status")
        return shown(silence_view(given, self._state.redact), status=201)

    async def lift(self, request: web.Request) -> web.Response:
        """
        Lift a silence.
        """
        if self._state.alerting is None:
            raise refusal(503, "the daemon is starting: ask again in a second")
        now, silences = self._clock.now(), self._state.alerting.silences
        if not await silences.lift(request.match_info["id"], now=now):
            raise refusal(404, "no silence in force has this id: /api/v1/silences lists them")
        await silences.look(now)
        self._events.note("status")
        return web.Response(status=204)

    def _demand_check(self, name: str) -> Check:
        check = self._state.check(name)
        if check is None:
            raise refusal(404, unknown("check", name, self._state.settings.checks))
        return check

    async def _run(self, check: Check, *, joins: bool, patience_seconds: float | None = None) -> Outcome:
        clean_up_seconds = self._state.settings.engine.clean_up_seconds
        longest = self._asking.longest_seconds(check, clean_up_seconds=clean_up_seconds)
        within = min(longest, patience_seconds or longest)
        try:
            outcome = await self._asking.run(check, within_seconds=within, joins=joins)
        except UnderWayError:
            raise refusal(409, f"a run of {check.name} that was asked for is under way: wait for its end") from None
        except TooOftenError as error:
            headers: dict[str, str] = {hdrs.RETRY_AFTER: str(error.seconds)}
            raise refusal(429, f"runs are asked for too often: again in {error.seconds} s", headers=headers) from None
        except StoppingError as error:
            raise refusal(503, f"nothing is started: {error}") from None
        if outcome is None:
            raise refusal(
                503,
                f"the run of {check.name} has not ended within {within:.3g} s: it goes on, and is shown when it has",
            )
        return outcome


async def _order(request: web.Request) -> SilenceOrder:
    if request.content_type != "application/json":
        raise refusal(415, "the body must be JSON: send it as Content-Type: application/json")
    try:
        return SilenceOrder.model_validate_json(await request.read())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        said = _SAID.get(first["type"], first["msg"])
        raise refusal(400, f"{place or 'body'}: {said[:1].lower()}{said[1:]}") from None


def _patience_seconds(request: web.Request) -> float | None:
    """
    Return how long Prometheus waits, if it says so.
    """
    try:
        seconds = float(request.headers[_SCRAPE_TIMEOUT])
    except (KeyError, ValueError):
        return None
    # Also what is no number is no reason to wait without end.
    return max(_ON_THE_WAY_SECONDS, seconds - _ON_THE_WAY_SECONDS) if 0.0 < seconds < 3600.0 else None

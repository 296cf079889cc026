"""
What is answered to who only wants to know.
"""

import re

from aiohttp import web

from monitor.core.errors import unknown
from monitor.store import StoreError
from monitor.web import shapes
from monitor.web.answers import drawn, encoded, refusal, shown
from monitor.web.events import Events
from monitor.web.model import CheckDetail, IncidentView, RunDetail, Shape, StatusView
from monitor.web.route import NAME_OF_CHECK, Answer, Handler, Parameter, Right, Route
from monitor.web.state import MOST_RESOLVED, State
from monitor.web.streaming import listen

MOST_INCIDENTS = 100
_MOST_RUNS = 20

NAME = Parameter(name="name", about=NAME_OF_CHECK, schema={"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]{0,62}$"})
_ID = Parameter(name="id", about="id of an incident", schema={"type": "string", "pattern": "^[A-Za-z0-9_-]{1,100}$"})
RUN = Parameter(name="id", about="id of a run", schema={"type": "string", "pattern": "^[A-Za-z0-9_-]{1,100}$"})
_LIMIT = Parameter(
    name="limit",
    about="how many of the resolved ones, the newest first",
    schema={"type": "integer", "minimum": 0, "maximum": MOST_INCIDENTS, "default": MOST_RESOLVED},
    in_query=True,
    required=False,
)


class Reading:
    """
    Answers from *state*, and lets *events* be heard.
    """

    def __init__(self, state: State, events: Events) -> None:
        self._state = state
        self._events = events

    def routes(self) -> tuple[Route, ...]:
        """
        Return what can be asked.
        """
        return (
            _route("status", self.status, "Everything", StatusView),
            _route("checks", self.checks, "All checks", shapes.Checks),
            _route("checks/{name}", self.check, "One check: with its last 20 runs", CheckDetail, NAME),
            _route("runs/{id}", self.run, "One run", RunDetail, RUN),
            _route("incidents", self.incidents, "What is and was wrong", shapes.Incidents, _LIMIT),
            _route("incidents/{id}", self.incident, "One incident", IncidentView, _ID),
            _route("silences", self.silences, "The silences in force", shapes.Silences),
            Route(
                method="GET",
                path="/api/v1/events",
                handler=self.events,
                right=Right.READ,
                about="What changes, as it changes: server-sent events. `check` has a check without its bars, of which"
                " last_run is the next, `incident` an incident, `status` all but the checks and what is over.",
                answer=Answer(about="a stream without end", type="text/event-stream"),
                within_seconds=None,
            ),
        )

    async def status(self, _request: web.Request) -> web.Response:
        """
        Answer with everything.
        """
        return drawn(await self._state.draw(lambda moment: encoded(moment.status())))

    async def checks(self, _request: web.Request) -> web.Response:
        """
        Answer with all checks.
        """
        return drawn(
            await self._state.draw(lambda moment: encoded(shapes.Checks.model_construct(checks=moment.checks())))
        )

    async def check(self, request: web.Request) -> web.Response:
        """
        Answer with one check.
        """
        return shown(await self.detail(request.match_info["name"]))

    async def run(self, request: web.Request) -> web.Response:
        """
        Answer with one run.
        """
        return shown(await self.run_detail(request.match_info["id"]))

    async def incidents(self, request: web.Request) -> web.Response:
        """
        Answer with the incidents.
        """
        limit = _whole_number(request, "limit", default=MOST_RESOLVED, most=MOST_INCIDENTS)
        open_, resolved = await self._state.incidents(most_resolved=limit)
        return shown(shapes.Incidents(open=open_, resolved=resolved))

    async def incident(self, request: web.Request) -> web.Response:
        """
        Answer with one incident.
        """
        found = await self._state.incident(request.match_info["id"])
        if found is None:
            raise refusal(404, "no incident has this id: /api/v1/incidents lists those that are kept")
        return shown(found)

    async def silences(self, _request: web.Request) -> web.Response:
        """
        Answer with the silences.
        """
        return shown(shapes.Silences(silences=self._state.silences()))

    async def events(self, request: web.Request) -> web.StreamResponse:
        """
        Tell what changes.
        """

        async def first() -> bytes:
            return encoded(await self._state.brief())

        return await listen(request, self._events, first)

    async def detail(self, name: str) -> CheckDetail:
        """
        Return the check called *name* with its last runs; refuse a name that no check has.
        """
        view = await self._state.check_view(name)
        if view is None:
            raise refusal(404, unknown("check", name, self._state.settings.checks))
        try:
            runs = await self._state.runs(name, most=_MOST_RUNS)
        except StoreError:
            # What is in memory is better than nothing; the status says what is wrong with the store.
            runs = (view.last_run,) if view.last_run else ()
        return CheckDetail.model_construct(**dict(view), runs=runs)

    async def run_detail(self, id_: str) -> RunDetail:
        """
        Return the run *id_*; refuse an id of which no run is kept.
        """
        found = await self._state.run(id_)
        if found is None:
            raise refusal(404, "no run has this id: it is older than store.keep_days, or of another monitor")
        return found


def _route(path: str, handler: Handler, about: str, shape: type[Shape], *parameters: Parameter) -> Route:
    return Route(
        method="GET",
        path=f"/api/v1/{path}",
        handler=handler,
        right=Right.READ,
        about=about,
        answer=Answer(about="as it is now", shape=shape),
        parameters=parameters,
        refusals=(404,) if "{" in path else (),
    )


def _whole_number(request: web.Request, name: str, *, default: int, most: int) -> int:
    given = request.query.getall(name, [])
    if not given:
        return default
    if len(given) > 1 or not re.fullmatch(r"[0-9]{1,6}", given[0]) or int(given[0]) > most:
        raise refusal(400, f"{name}: must be one whole number from 0 to {most}")
    return int(given[0])

"""
Health, version and ping.

The version is open to guests and users, and refused to every key; the rest of health is the other way round, whatever
the scopes of the key.
"""

from monitor.sandbox.errors import AppwriteError
from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.caller import CONSOLE
from monitor.sandbox.protocol.routing import Call, Handler, Route

_STATUSES = {
    "db": ("Console.DB (console)", "Projects.DB (database_db_main)"),
    "cache": ("Cache",),
    "pubsub": ("PubSub (pubsub)",),
}


def project_not_found() -> AppwriteError:
    """
    Refuse an unknown project.
    """
    return AppwriteError(
        404,
        "project_not_found",
        "Project with the requested ID could not be found. Please check the value of the X-Appwrite-Project header to"
        " ensure the correct project ID is being used.",
    )


def _version(call: Call) -> Answer:
    return Answer(body={"version": call.world.profile.version})


def _http(_: Call) -> Answer:
    return Answer(body={"name": "http", "ping": 0, "status": "pass"})


def _statuses(part: str) -> Handler:
    statuses = [{"name": name, "ping": 0, "status": "pass"} for name in _STATUSES[part]]
    return lambda _: Answer(body={"total": len(statuses), "statuses": statuses})


def _ping(call: Call) -> Answer:
    if call.caller.project == CONSOLE:
        raise project_not_found()
    return Answer(text="Pong!")


ROUTES = (
    Route(method="GET", path="/health/version", handler=_version, scopes=("public",)),
    Route(method="GET", path="/health", handler=_http, scopes=("health.read",)),
    *(
        Route(method="GET", path=f"/health/{part}", handler=_statuses(part), scopes=("health.read",))
        for part in _STATUSES
    ),
    Route(method="GET", path="/ping", handler=_ping, scopes=("global",)),
)

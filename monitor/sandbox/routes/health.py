"""
Health, version and ping.

The version is open to guests and users, and refused to every key; the rest of health is the other way round, whatever
the scopes of the key. The parts of an installation that the sandbox stands for are always well.
"""

from collections.abc import Callable, Mapping

from monitor.sandbox.errors import AppwriteError, argument_invalid, argument_missing, project_not_found, server_error
from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.caller import CONSOLE
from monitor.sandbox.protocol.routing import Call, Handler, Route

_STATUSES = {
    "db": ("Console.DB (console)", "Projects.DB (database_db_main)"),
    "cache": ("Cache",),
    "pubsub": ("PubSub (pubsub)",),
}
_QUEUES = (
    "audits",
    "builds",
    "certificates",
    "databases",
    "deletes",
    "functions",
    "logs",
    "mails",
    "messaging",
    "migrations",
    "stats-resources",
    "stats-usage",
    "webhooks",
)
# The names that queues have in Redis, by which failed jobs are asked for.
_FAILED_QUEUES = (
    "v1-database",
    "v1-deletes",
    "v1-audits",
    "v1-mails",
    "v1-functions",
    "v1-stats-resources",
    "v1-stats-usage",
    "v1-webhooks",
    "v1-certificates",
    "v1-builds",
    "v1-messaging",
    "v1-migrations",
)
_THRESHOLD = 5_000
_MAX_THRESHOLD = (1 << 63) - 1


def _version(call: Call) -> Answer:
    return Answer(body={"version": call.world.profile.version})


def _http(_: Call) -> Answer:
    return Answer(body={"name": "http", "ping": 0, "status": "pass"})


def _statuses(part: str) -> Handler:
    statuses = [{"name": name, "ping": 0, "status": "pass"} for name in _STATUSES[part]]
    return lambda _: Answer(body={"total": len(statuses), "statuses": statuses})


def _storage(_: Call) -> Answer:
    return Answer(body={"name": "", "ping": 0, "status": "pass"})


def _time(_: Call) -> Answer:
    # The time of the network is not asked for: like an installation that cannot reach it.
    raise server_error("general_server_error")


def _anti_virus(_: Call) -> Answer:
    return Answer(body={"version": "", "status": "disabled"})


def _certificate(call: Call) -> Answer:
    domain = call.fields.get("domain")
    if domain is None:
        raise argument_missing("domain")
    if not isinstance(domain, str) or "." not in domain.strip("."):
        raise argument_invalid("domain", "Value must be a valid domain")
    message = (
        f"Failed to connect to host: (0) php_network_getaddresses: getaddrinfo for {domain} failed:"
        " Name or service not known"
    )
    raise AppwriteError(404, "health_invalid_host", message)


def _queue(size: Callable[[Call], int]) -> Handler:
    def handle(call: Call) -> Answer:
        threshold = _threshold(call)
        waiting = size(call)
        if waiting >= threshold:
            message = f"Queue size threshold hit. Current size is {waiting} and threshold is {threshold}."
            raise AppwriteError(503, "health_queue_size_exceeded", message)
        return Answer(body={"size": waiting})

    return handle


def _failed_queue(call: Call) -> Answer:
    if call.path["queue"] not in _FAILED_QUEUES:
        raise argument_invalid("name", f"Value must be one of ({', '.join(_FAILED_QUEUES)})")
    return _queue(_none)(call)


def _threshold(call: Call) -> int:
    value = call.fields.get("threshold", _THRESHOLD)
    try:
        threshold = int(value) if isinstance(value, str | int) else -1
    except ValueError:
        threshold = -1
    if not 0 <= threshold <= _MAX_THRESHOLD:
        raise argument_invalid("threshold", "Value must be a valid integer")
    return threshold


def _none(_: Call) -> int:
    return 0


_WAITING: Mapping[str, Callable[[Call], int]] = {
    "databases": lambda call: call.world.worker.waiting,
    "functions": lambda call: call.world.functions.worker.waiting,
    "messaging": lambda call: call.world.messaging.worker.waiting,
}


def _stats(_: Call) -> Answer:
    # Nobody has the scope that it takes.
    return Answer(body={})


def _ping(call: Call) -> Answer:
    if call.caller.project == CONSOLE:
        raise project_not_found()
    return Answer(text="Pong!")


_READ = ("health.read",)

ROUTES = (
    Route(method="GET", path="/health/version", handler=_version, scopes=("public",)),
    Route(method="GET", path="/health", handler=_http, scopes=_READ),
    *(Route(method="GET", path=f"/health/{part}", handler=_statuses(part), scopes=_READ) for part in _STATUSES),
    Route(method="GET", path="/health/storage", handler=_storage, scopes=_READ),
    Route(method="GET", path="/health/storage/local", handler=_storage, scopes=_READ),
    Route(method="GET", path="/health/time", handler=_time, scopes=_READ),
    Route(method="GET", path="/health/certificate", handler=_certificate, scopes=_READ),
    Route(method="GET", path="/health/anti-virus", handler=_anti_virus, scopes=_READ),
    Route(method="GET", path="/health/stats", handler=_stats, scopes=("root",)),
    *(
        Route(
            method="GET",
            path=f"/health/queue/{name}",
            handler=_queue(_WAITING.get(name, _none)),
            scopes=_READ,
        )
        for name in _QUEUES
    ),
    Route(method="GET", path="/health/queue/failed/{queue}", handler=_failed_queue, scopes=_READ),
    Route(method="GET", path="/ping", handler=_ping, scopes=("global",)),
)

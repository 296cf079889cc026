"""
Appwrite itself, up to who may ask: appwrite-protocol.md 1.4, 1.5, 2.3, 6, 10 and 10.1.
"""

from monitor.core.cause import Cause
from monitor.core.identity import KEY
from monitor.core.outcome import Reason, Status
from monitor.core.severity import Severity
from monitor.core.topic import Topic
from monitor.diagnosis.clue import GIVEN, NOT_GIVEN, AtLeast, Clue, seen
from monitor.diagnosis.rule import Rule

_OWN_ERRORS = frozenset({"general_unknown", "general_server_error", "database_timeout"})
# With less than that left of its deadline, a run was late for other reasons.
_A_WHILE = AtLeast(1.0)
_SILENT_PHASES = frozenset({"first_byte", "request", "body"})
_UNSERVED = (
    seen("no time was left for a connection", Reason.TIMEOUT, phase=frozenset({"dns", "connect", "tls"})),
    seen("a run came to no end", Reason.TIMEOUT, phase=NOT_GIVEN, status=NOT_GIVEN, function=NOT_GIVEN),
    seen("the time was spent before", Reason.TIMEOUT, phase="not_begun"),
    seen("little time was left for an answer", Reason.TIMEOUT, phase=_SILENT_PHASES),
)
_SOCKETS_TOO = (
    seen("a new socket is refused with 5xx", Reason.HTTP_STATUS, status=range(500, 600), misrouted=False),
    seen("a new socket says nothing", Reason.TIMEOUT, phase=frozenset({"upgrade", "connected_frame"})),
    seen("an open socket died", Reason.TIMEOUT, phase="pong"),
    seen("an open socket ended", Reason.CONNECTION, close_code=GIVEN),
)
_ANSWERED_LATE = Clue(says="an answer came, late", statuses=tuple(Status), facts={"slowest_answer_seconds": GIVEN})
_ANSWERS = (
    Clue(says="the API answers", statuses=(Status.PASSED,), topics=(Topic.API,)),
    Clue(says="the API answers", statuses=(Status.PASSED,), facts={"of": "api"}),
)

_WITHOUT_SERVICE = (
    seen("requests are not answered", Reason.TIMEOUT, phase=_SILENT_PHASES),
    seen("the API answers 5xx", Reason.HTTP_STATUS, status=range(500, 600), of="api"),
    *_UNSERVED,
    *_SOCKETS_TOO,
)
# What names the project, and is answered: there is one, and it may be used.
_PROJECT_ANSWERS = (Clue(says="the project answers", statuses=(Status.PASSED,), topics=(Topic.API,)),)
_SLOW = Clue(says="right, but slow", statuses=(Status.DEGRADED,), reasons=(Reason.SLOW,))
_EASE = (
    "compare `X-Debug-Speed` of an answer with its time on the wire: a low one means network or proxy",
    "self-hosted: `docker stats`, slow queries of the database, and its indexes (the kind collection_schema)",
)
_RAISE = (
    "cloud: see the status page of Appwrite, and open a ticket with the evidence bundle",
    "self-hosted: `docker compose ps`, then `docker compose logs --since 15m appwrite mariadb redis traefik`",
    "restart what is down, in this order: database, redis, appwrite, realtime",
)

SERVICE_RULES = (
    Rule(
        cause=Cause.SERVICE_DOWN,
        means="Appwrite does not serve requests",
        proofs=(
            seen("Appwrite answers with an error of its own", status=range(500, 504), type=_OWN_ERRORS),
            seen("Appwrite's database is too slow", status=408, type="database_timeout"),
            Clue(
                says="a proxy says that nobody is behind it",
                facts={"status": range(500, 600), "type": "", "server_is_appwrite": False},
                but_not={"plain_status": GIVEN},
            ),
            seen("connections end without an answer", Reason.CONNECTION, phase=_SILENT_PHASES),
        ),
        follows=_WITHOUT_SERVICE,
        asks=(Topic.API,),
        remedy=_RAISE,
        opinion="an answer of the API that is right would rule it out",
    ),
    Rule(
        cause=Cause.SERVICE_DOWN,
        means="Appwrite takes requests and does not answer them",
        proofs=(
            seen("requests are taken and not answered", Reason.TIMEOUT, phase=_SILENT_PHASES, waited_seconds=_A_WHILE),
        ),
        follows=_WITHOUT_SERVICE,
        unless=(_ANSWERED_LATE,),
        asks=(Topic.API,),
        remedy=_RAISE,
        opinion="an answer to one of these requests, even a late one, would make it service_degraded",
    ),
    Rule(
        cause=Cause.SERVICE_DEGRADED,
        means="Appwrite answers, but slowly",
        proofs=(
            Clue(says="the API answers late", statuses=(Status.DEGRADED,), reasons=(Reason.SLOW,), facts={"of": "api"}),
            seen(
                "the time was over after answers that came late",
                Reason.TIMEOUT,
                phase=_SILENT_PHASES,
                slowest_answer_seconds=GIVEN,
            ),
            seen(
                "the time was over after answers that came late",
                Reason.TIMEOUT,
                phase=NOT_GIVEN,
                slowest_answer_seconds=GIVEN,
            ),
        ),
        hints=(
            seen("a request was not answered in time", Reason.TIMEOUT, phase=_SILENT_PHASES, waited_seconds=_A_WHILE),
        ),
        follows=(_SLOW, *_UNSERVED),
        asks=(Topic.API,),
        remedy=_EASE,
        opinion="no answer at all would make it service_down",
        most=Severity.TICKET,
    ),
    Rule(
        cause=Cause.SERVICE_DEGRADED,
        means="Appwrite answers, but slowly",
        proofs=(),
        hints=(_SLOW,),
        unless=_ANSWERS,
        asks=(Topic.API,),
        remedy=_EASE,
        opinion="answers of the API that are fast would make it that step's own",
        most=Severity.TICKET,
    ),
    Rule(
        cause=Cause.PROJECT_MISSING,
        means="project {project} does not exist at {endpoint}",
        proofs=(seen("the project is not known", type="project_not_found"),),
        hints=(seen("realtime refuses the project, or the channels", error_code=1008),),
        follows=(
            seen(
                "what is near: another project or endpoint",
                near_miss_kind=frozenset({"project", "endpoint_without_region"}),
            ),
            *_UNSERVED,
        ),
        unless=_PROJECT_ANSWERS,
        asks=(Topic.API,),
        remedy=(
            "compare target.project with the console under Settings > Overview > Project ID",
            "was it deleted? `appwrite projects list`",
            "a cloud project lives in one region: target.endpoint must be the one that its console shows",
        ),
        opinion="an answer of /ping to a guest would rule it out",
    ),
    Rule(
        cause=Cause.WRONG_REGION,
        means="project {project} lives in another region than {endpoint}",
        proofs=(
            seen("the project may not be used from here", type="general_access_forbidden"),
            seen("the region is refused", type="general_region_access_denied"),
            seen("the region is another one", near_miss_kind="region"),
        ),
        # To a guest, who has no token that could be wrong.
        hints=(seen("realtime refuses with 401", error_code=401),),
        follows=(
            seen("the key is unknown here, and guests are refused too", Reason.UNAUTHORIZED, type="user_unauthorized"),
            *_UNSERVED,
        ),
        remedy=(
            "set target.endpoint to the one that the console shows for the project: https://REGION.cloud.appwrite.io/v1",
            "correct the same address in the site's build",
        ),
        opinion="an answer of /ping to a guest would rule it out",
    ),
    Rule(
        cause=Cause.PROJECT_PAUSED,
        means="the cloud has paused project {project}",
        proofs=(
            seen("the project is paused", type="project_paused"),
            seen("every call on the project is forbidden", call="ping", status=403),
        ),
        hints=(seen("realtime forbids the project", error_code=403),),
        follows=_UNSERVED,
        unless=_PROJECT_ANSWERS,
        asks=(Topic.API,),
        remedy=("restore it in the console: open the project, press Restore; only people can do that",),
        opinion="an answer of /ping would rule it out",
    ),
    Rule(
        cause=Cause.QUOTA,
        means="the plan's quota is used up",
        proofs=(seen("402: the plan is used up", Reason.QUOTA), seen("402: the plan is used up", status=402)),
        follows=_UNSERVED,
        remedy=(
            "console: Organization > Usage, then Billing: raise the plan or wait for the next cycle",
            "see how much of it is the monitor's: `monitor config validate` tells what its checks read and write",
        ),
        opinion="an answer other than 402 to the same call would rule it out",
    ),
    Rule(
        cause=Cause.RATE_LIMITED,
        means="Appwrite's rate limit is spent, by this monitor or by others at its address",
        proofs=(
            seen("429: too many requests", Reason.RATE_LIMITED),
            seen("realtime says: too many", error_code=1013),
        ),
        follows=_UNSERVED,
        remedy=(
            "wait for the end of the window: one minute for writes, an hour for sign-ins (X-RateLimit-Reset)",
            "who else uses this address? users behind one proxy share it when _APP_TRUSTED_HEADERS is not set",
            "run checks that write less often (every)",
        ),
        opinion="429 to callers from another address would make it the platform's limit for everybody",
        most=Severity.TICKET,
    ),
    Rule(
        cause=Cause.KEY_INVALID,
        means="the monitor's server key is revoked, expired or of another project",
        proofs=(
            seen("the key is not known", identity=KEY, credentials="refused", type="user_unauthorized"),
            seen("the key has expired", identity=KEY, type="project_key_expired"),
        ),
        remedy=(
            "make a new key in the console > Overview > Integrations > API keys, with the scopes of the one before",
            "put it into the file that target.api_key_file names; the daemon reads it again by itself",
        ),
        opinion="a guest who is refused too would make it the project or its region",
        most=Severity.TICKET,
    ),
    Rule(
        cause=Cause.KEY_SCOPE,
        means="the monitor's server key lacks a scope: {scopes}",
        proofs=(seen("the key lacks a scope", identity=KEY, type="general_unauthorized_scope"),),
        remedy=(
            "console > Overview > Integrations > API keys > the monitor's > Scopes: add {scopes}",
            "all that are needed: README, under What it needs, and what it leaves",
        ),
        opinion="",
        most=Severity.TICKET,
    ),
    Rule(
        cause=Cause.SESSION_INVALID,
        means="sessions and tokens that were just made are not accepted: nobody stays signed in",
        proofs=(
            seen("a token that was just made is refused", type="user_jwt_invalid"),
            Clue(
                says="a session is not accepted right after signing in",
                reasons=(Reason.UNAUTHORIZED,),
                facts={"identity": GIVEN},
                but_not={"status": GIVEN, "refused_by": GIVEN, "phase": GIVEN},
            ),
        ),
        hints=(
            Clue(
                says="a user is not taken for himself",
                facts={"credentials": "refused"},
                but_not={"identity": KEY},
            ),
            seen("a user is taken for a guest", Reason.UNAUTHORIZED, identity=GIVEN),
        ),
        asks=(Topic.SESSION,),
        remedy=(
            "do the clocks of all containers agree, and is _APP_OPENSSL_KEY_V1 the same in all of them?",
            "console > Auth > Security: session length and limit",
            "self-hosted: `docker compose restart appwrite`, and see redis for evictions",
        ),
        opinion="a user who can sign in and read his account would rule it out",
    ),
    Rule(
        cause=Cause.ORIGIN_BLOCKED,
        means="the site's origin is not registered, so browsers are refused and everybody else is not",
        proofs=(seen("the origin is not known", type="general_unknown_origin"),),
        unless=(
            Clue(
                says="sockets without any origin are refused alike", facts={"error_code": 1008}, topics=(Topic.SOCKET,)
            ),
        ),
        asks=(Topic.SOCKET,),
        remedy=(
            "console > Overview > Platforms > Add platform > Web: the host name of {site}",
            "`appwrite projects create-platform --project-id {project} --type web --name site --hostname {site_host}`",
        ),
        opinion="a browser's request that is answered would rule it out",
    ),
    Rule(
        cause=Cause.API_DISABLED,
        means="a service or protocol of the project is switched off in the console",
        proofs=(
            seen("a service is switched off", type=frozenset({"general_service_disabled", "general_api_disabled"})),
        ),
        hints=(seen("realtime is switched off", Reason.DISABLED, error_code=403),),
        follows=_UNSERVED,
        remedy=(
            "console > Settings > Services, and > Protocols: switch it on; server keys do not notice that it is off",
            "`appwrite projects update-service-status --project-id {project} --service databases --status true`",
        ),
        opinion="an answer to a guest or user would rule it out",
    ),
)

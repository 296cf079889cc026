"""
What each cause means for the people on the platform, and where else than in an incident it can be seen.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.core.cause import Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """
    Where a layer of the platform is seen: the *dashboard* (a file of ``dashboards/``, by its name), a *query* for
    Prometheus, and the *kinds* of checks to run by hand, the one that tells most first.
    """

    dashboard: str
    query: str
    kinds: tuple[str, ...]

    @property
    def title(self) -> str:
        """
        What the dashboard calls itself.
        """
        return _TITLES[self.dashboard]


_TITLES = {
    "overview": "Monitor: overview",
    "journey": "Monitor: journeys",
    "realtime": "Monitor: realtime",
    "access": "Monitor: access and schema",
    "monitor": "Monitor: the monitor itself",
}
_NETWORK = View(
    dashboard="overview",
    query="synthetic_check_phase_duration_seconds",
    kinds=("own_network", "http_endpoint", "websocket_connect"),
)
_SERVICE = View(
    dashboard="overview",
    query="sum by (check, reason) (increase(synthetic_check_failures_total[15m])) > 0",
    kinds=("appwrite_health", "http_endpoint", "login"),
)
_BROWSERS = View(
    dashboard="overview",
    query='synthetic_check_up{kind=~"origin_allowed|booking_in_browser|bundle_contract"}',
    kinds=("origin_allowed", "bundle_contract", "booking_in_browser"),
)
_KEY = View(
    dashboard="monitor",
    query='sum by (check) (increase(synthetic_check_runs_total{status="errored"}[15m])) > 0',
    kinds=("collection_exists", "collection_schema"),
)
_DATA = View(
    dashboard="access",
    query='synthetic_schema_differences{severity="breaking"} > 0',
    kinds=("collection_exists", "collection_schema"),
)
_ACCESS = View(
    dashboard="access",
    query='synthetic_permission_cells{state!="right"} > 0',
    kinds=("permission_matrix",),
)
_REALTIME = View(
    dashboard="realtime",
    query='sum by (check, result) (increase(synthetic_realtime_events_total{result!="delivered"}[15m])) > 0',
    kinds=("realtime_delivery", "websocket_connect", "realtime_watch"),
)
_JOURNEY = View(
    dashboard="journey",
    query='sum by (check, reason) (increase(synthetic_check_failures_total{kind=~"booking_.*|function_.*"}[1h])) > 0',
    kinds=("booking_to_chat", "function_execution", "booking_in_browser"),
)


@dataclass(frozen=True, slots=True)
class Consequence:
    """
    What people on the platform notice, in a sentence, and where to look.
    """

    noticed: str
    view: View


CONSEQUENCES: Mapping[Cause, Consequence] = {
    Cause.MONITOR_NETWORK: Consequence("Nobody on the platform notices anything; only nobody watches it.", _NETWORK),
    Cause.DNS: Consequence("The app cannot find its backend: nothing loads, nobody can sign in or book.", _NETWORK),
    Cause.TCP: Consequence("The app reaches no backend: nothing loads, nobody can sign in or book.", _NETWORK),
    Cause.TLS: Consequence("Every browser refuses the platform with a warning, or loads nothing at all.", _NETWORK),
    Cause.PROXY: Consequence("Pages load and do nothing: what should be data is somebody else's page.", _NETWORK),
    Cause.SERVICE_DOWN: Consequence("Nobody can sign in, book or chat.", _SERVICE),
    Cause.SERVICE_DEGRADED: Consequence("Everything works and is slow; some give up before the chat opens.", _SERVICE),
    Cause.PROJECT_MISSING: Consequence("The app is refused as a stranger: nobody can sign in or book.", _SERVICE),
    Cause.WRONG_REGION: Consequence("The app asks where the project is not: nobody can sign in or book.", _SERVICE),
    Cause.PROJECT_PAUSED: Consequence("The whole platform is off until somebody resumes the project.", _SERVICE),
    Cause.QUOTA: Consequence("Bookings and messages are refused until the plan has room again.", _SERVICE),
    Cause.RATE_LIMITED: Consequence("Some are refused for a minute when they are many; most notice nothing.", _SERVICE),
    Cause.KEY_INVALID: Consequence("Nobody on the platform notices anything; the monitor cannot judge it.", _KEY),
    Cause.KEY_SCOPE: Consequence(
        "Nobody on the platform notices anything; the monitor judges only a part of it.", _KEY
    ),
    Cause.SESSION_INVALID: Consequence(
        "People sign in and are signed out at once, in the middle of a booking.", _SERVICE
    ),
    Cause.ORIGIN_BLOCKED: Consequence("Everything fails in browsers, and works from a command line.", _BROWSERS),
    Cause.API_DISABLED: Consequence("Whatever needs the switched-off service fails for everybody.", _SERVICE),
    Cause.DATABASE_MISSING: Consequence("No bookings, no chats, no notifications: every page is empty.", _DATA),
    Cause.COLLECTION_MISSING: Consequence("What is kept there is gone: bookings without a chat, or not at all.", _DATA),
    Cause.COLLECTION_DISABLED: Consequence("What is kept there cannot be reached by anybody but the key.", _DATA),
    Cause.COLLECTION_ID_MISMATCH: Consequence("The app asks for what has another name, and shows nothing.", _DATA),
    Cause.SCHEMA_DRIFT: Consequence("What the app writes is refused: bookings or messages are lost on sending.", _DATA),
    Cause.SCHEMA_STUCK: Consequence("What was just deployed waits for an attribute or index that never comes.", _DATA),
    Cause.PERMISSION_MISSING: Consequence("People are refused what is theirs: the chat stays empty or shut.", _ACCESS),
    Cause.PERMISSION_EXCESS: Consequence(
        "Strangers can read or change private bookings and messages. Nobody notices, which is the worst of it.", _ACCESS
    ),
    Cause.REALTIME_REFUSED: Consequence("Messages and bookings show only after the page is loaded again.", _REALTIME),
    Cause.REALTIME_MISROUTED: Consequence("Messages and bookings show only after the page is loaded again.", _REALTIME),
    Cause.REALTIME_SILENT: Consequence(
        "The chat window never opens and therapists hear of no booking, though everything looks connected.", _REALTIME
    ),
    Cause.REALTIME_PIPELINE: Consequence("Some messages and bookings are seen, and some by nobody.", _REALTIME),
    Cause.REALTIME_LATE: Consequence("Messages and bookings are seen, seconds too late.", _REALTIME),
    Cause.REALTIME_DUPLICATE: Consequence("Messages show twice, and notifications ring twice.", _REALTIME),
    Cause.FUNCTION_FAILED: Consequence(
        "Messages are not sent, or what a function does after a booking is not.", _JOURNEY
    ),
    Cause.JOURNEY_BROKEN: Consequence("Customers book, and it does not come to a chat with the therapist.", _JOURNEY),
    Cause.CLIENT_REGRESSION: Consequence(
        "The page fails people though the backend is right: booking or chat.", _BROWSERS
    ),
    Cause.CLIENT_MISCONFIGURED: Consequence(
        "The deployed site talks to ids or addresses that are not there.", _BROWSERS
    ),
    Cause.FEATURE_DISABLED: Consequence("The feature is off, as somebody has decided.", _JOURNEY),
    Cause.UNKNOWN: Consequence("Unknown; the checks that found it say what people cannot do.", _JOURNEY),
}

"""
What comes last: functions, the platform's own flow, and the pages in the browser: booking-platform.md 6.
"""

from monitor.core.cause import Cause
from monitor.core.outcome import Reason, Status
from monitor.core.severity import Severity
from monitor.core.topic import Topic
from monitor.diagnosis.clue import GIVEN, NOT_GIVEN, Clue, seen
from monitor.diagnosis.rule import Rule

_PAGE_DOES_WRONG = frozenset(
    {
        "no_subscription",
        "event_not_shown",
        "not_written",
        "navigated_away",
        "stuck",
        "not_listed",
        "no_request",
        "page_missing",
    }
)
_PAGE_IS_SET_UP_WRONG = frozenset({"socket_storm", "undefined_channel", "empty_id", "other_project"})
_BUILT_WRONG = frozenset(
    {
        "other_region",
        "other_endpoint",
        "other_project",
        "no_database",
        "other_database",
        "empty_id",
        "undefined_id",
        "no_function",
    }
)

JOURNEY_RULES = (
    Rule(
        cause=Cause.FUNCTION_FAILED,
        means="function {function} does not run, fails, or refuses what it must take",
        proofs=(
            seen("an execution failed", Reason.WRONG_ANSWER, function=GIVEN, execution_status=GIVEN),
            seen("an identity may not execute it", Reason.PERMISSION_MISSING, function=GIVEN),
            seen(
                "there is no such function",
                type=frozenset({"function_not_found", "deployment_not_found", "build_not_ready"}),
            ),
            seen("it takes longer than a caller may wait", type="function_synchronous_timeout"),
            seen(
                "nothing runs what nobody waits for",
                Reason.TIMEOUT,
                execution_status=frozenset({"waiting", "processing"}),
            ),
            seen("jobs wait for the functions worker", queue=frozenset({"functions", "failed/v1-functions"})),
        ),
        hints=(seen("a function refused what the journey sent", Reason.WRONG_ANSWER, function=GIVEN),),
        asks=(Topic.FUNCTION, Topic.SCHEMA),
        scope="function",
        remedy=(
            "console > Functions > {function} > Executions: the errors of the last ones, and the active deployment",
            "`appwrite functions list-executions --function-id {function}`",
            "who may execute it: Settings > Execute access must hold *Any* where guests book",
            "self-hosted: `docker compose ps appwrite-worker-functions openruntimes-executor`",
        ),
        opinion="an execution that completes as expected would rule it out",
    ),
    Rule(
        cause=Cause.JOURNEY_BROKEN,
        means="the flow from booking to chat is broken though every part of the platform answers",
        proofs=(
            seen(
                "what one side wrote the other does not find",
                Reason.WRONG_ANSWER,
                profile=GIVEN,
                observed=NOT_GIVEN,
                function=NOT_GIVEN,
                error_code=NOT_GIVEN,
            ),
            seen(
                "what the backend must make is not there",
                Reason.NOT_FOUND,
                profile=GIVEN,
                status=NOT_GIVEN,
                observed=NOT_GIVEN,
            ),
            seen("jobs wait for the messaging worker", queue=frozenset({"messaging", "failed/v1-messaging"})),
            seen(
                "the page writes what the other side cannot find",
                observed=frozenset({"therapist_missing", "conversation_differs"}),
            ),
        ),
        hints=(
            Clue(
                says="a step of the flow is slow",
                statuses=(Status.DEGRADED,),
                reasons=(Reason.SLOW,),
                facts={"took_seconds": GIVEN},
            ),
            seen("a function refused what the journey sent", Reason.WRONG_ANSWER, profile=GIVEN, function=GIVEN),
        ),
        asks=(Topic.SCHEMA, Topic.FUNCTION, Topic.EVENTS),
        remedy=(
            "step {step}: run it alone with `monitor once {check}` and read what each side saw",
            "what changed in the backend's functions and jobs since {since}? (expiry job, notification, chat record)",
            "compare the fields that the writer sets with those that the reader asks for: `monitor manifest diff`",
        ),
        opinion="a lower layer that fails too would be the cause instead",
    ),
    Rule(
        cause=Cause.CLIENT_REGRESSION,
        means="the deployed page does wrong; the backend does right",
        proofs=(
            seen("the page does not do its part, and the API shows that the backend did", observed=_PAGE_DOES_WRONG),
            seen("the deployed page is stale", mismatches=frozenset({"stale_file"})),
        ),
        hints=(seen("the site does not answer as it must", of="site"),),
        asks=(Topic.SITE,),
        remedy=(
            "roll the site back to the deployment before {since} (Netlify > Deploys > Publish deploy)",
            "reproduce it: `monitor once {check}`; screenshot, console and frames are in the evidence bundle",
        ),
        opinion="the same step failing through the API would make it the backend",
    ),
    Rule(
        cause=Cause.CLIENT_MISCONFIGURED,
        means="the deployed site is built with ids or addresses that do not fit the backend",
        proofs=(
            seen("the site names what is not there", mismatches=_BUILT_WRONG),
            seen("the page asks with wrong ids", observed=_PAGE_IS_SET_UP_WRONG),
        ),
        asks=(Topic.SITE,),
        remedy=(
            "correct the build's environment (VITE_APPWRITE_…) and deploy again",
            "what does not fit: {flaw}",
        ),
        opinion="a bundle whose ids all exist would rule it out",
    ),
    Rule(
        cause=Cause.FEATURE_DISABLED,
        means="the site, or the console, has switched this feature off",
        proofs=(
            seen("a way to sign in is switched off", type="user_auth_method_unsupported"),
            seen("the flow is switched off", Reason.DISABLED, type=NOT_GIVEN, error_code=NOT_GIVEN),
            seen("booking hands off to WhatsApp", observed="handed_off"),
        ),
        remedy=(
            "nothing is broken; when it was not meant: the site's flag, or console > Auth > Settings",
            "when it stays off, take the check out of the configuration",
        ),
        opinion="the feature answering again would end it",
        most=Severity.INFO,
    ),
)

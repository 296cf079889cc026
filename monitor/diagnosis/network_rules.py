"""
What is between this machine and the platform: appwrite-protocol.md 10.1, first row; booking-platform.md 9.1.
"""

from monitor.core.cause import Cause
from monitor.core.outcome import Phase, Reason, Status
from monitor.core.severity import Severity
from monitor.core.topic import Topic
from monitor.diagnosis.clue import GIVEN, NOT_GIVEN, AtLeast, Clue, seen, seen_anywhere
from monitor.diagnosis.rule import Rule

# With less than that left of its deadline, a run was late for other reasons.
_A_WHILE = AtLeast(1.0)
_OWN = seen("this machine has no way out of its own", own=frozenset({"network", "clock"}))
# Of what is reached over a network, before any server has said a word.
_WORDLESS = (
    seen_anywhere("names are not resolved", Reason.DNS),
    seen_anywhere(
        "no connection comes to be", Reason.TIMEOUT, Reason.CONNECTION, phase=frozenset({Phase.DNS, Phase.CONNECT})
    ),
    seen_anywhere("no TLS handshake comes to be", Reason.TLS, Reason.TIMEOUT, phase=Phase.TLS),
    seen("a run came to no end", Reason.TIMEOUT, phase=NOT_GIVEN, status=NOT_GIVEN, function=NOT_GIVEN),
    seen("a wait for an answer came to no end", Reason.TIMEOUT, phase=frozenset({"not_begun", "first_byte"})),
    seen("an open socket died", Reason.TIMEOUT, Reason.CONNECTION, phase="pong"),
    seen("an open socket ended", Reason.CONNECTION, close_code=GIVEN),
)

NETWORK_RULES = (
    Rule(
        cause=Cause.MONITOR_NETWORK,
        means="the monitor's own machine has no network that works, so nothing is known of the platform",
        proofs=(_OWN,),
        follows=_WORDLESS,
        unless=(Clue(says="a place outside answers", statuses=(Status.PASSED,), topics=(Topic.NETWORK,)),),
        asks=(Topic.NETWORK,),
        remedy=(
            "on the machine of the monitor: `ip route`, `resolvectl status`, `curl -sv {endpoint}/health/version`",
            "is its clock right? `timedatectl`: certificates are refused when it is not",
            "when the platform must be judged meanwhile, look from another location",
        ),
        opinion="a check of kind own_network that passes would make it the platform's network",
        most=Severity.TICKET,
    ),
    Rule(
        cause=Cause.DNS,
        means="the name of {host} is not resolved",
        proofs=(
            seen_anywhere("the name is not resolved", Reason.DNS),
            seen_anywhere("no name server answers in time", Reason.TIMEOUT, phase=Phase.DNS, waited_seconds=_A_WHILE),
        ),
        follows=(seen("a run came to no end", Reason.TIMEOUT, phase=NOT_GIVEN, status=NOT_GIVEN, function=NOT_GIVEN),),
        unless=(_OWN,),
        asks=(Topic.NETWORK,),
        remedy=(
            "look at the records: `dig +trace {host}`; compare with what the console shows under Domains",
            "check target.endpoint for a misspelt host",
        ),
        opinion="a check of kind own_network that cannot resolve a name either would make it this machine's resolver",
    ),
    Rule(
        cause=Cause.TCP,
        means="no connection to {host} comes to be",
        proofs=(
            seen_anywhere("the connection is refused or not taken", Reason.CONNECTION, phase=Phase.CONNECT),
            seen_anywhere("no TCP connection in time", Reason.TIMEOUT, phase=Phase.CONNECT, waited_seconds=_A_WHILE),
        ),
        follows=(
            seen("a run came to no end", Reason.TIMEOUT, phase=NOT_GIVEN, status=NOT_GIVEN, function=NOT_GIVEN),
            seen("an open socket ended", Reason.CONNECTION, close_code=GIVEN),
            seen("an open socket died", Reason.TIMEOUT, phase="pong"),
        ),
        unless=(_OWN,),
        asks=(Topic.NETWORK,),
        remedy=(
            "is the server up, and does something listen: `curl -sv {endpoint}/health/version`",
            "on a self-hosted server: `docker compose ps traefik appwrite` and the firewall's rules for 80 and 443",
        ),
        opinion="a check of kind own_network that fails too would make it this machine's network",
    ),
    Rule(
        cause=Cause.TLS,
        means="the TLS of {host} is not accepted: certificate or handshake",
        proofs=(
            seen_anywhere("the certificate or the handshake is refused", Reason.TLS),
            seen_anywhere("no TLS handshake in time", Reason.TIMEOUT, phase=Phase.TLS, waited_seconds=_A_WHILE),
        ),
        follows=(
            seen("an open socket ended", Reason.CONNECTION, close_code=GIVEN),
            seen("a run came to no end", Reason.TIMEOUT, phase=NOT_GIVEN, status=NOT_GIVEN, function=NOT_GIVEN),
        ),
        unless=(_OWN,),
        asks=(Topic.NETWORK,),
        remedy=(
            "look at the certificate: `openssl s_client -connect {host}:443 -servername {host} </dev/null`",
            "renew it: the console under Domains, or `docker compose exec appwrite ssl --domain={host}`",
        ),
        opinion="a certificate that is valid here at another time would make it the clock of this machine",
    ),
    Rule(
        cause=Cause.PROXY,
        means="something before Appwrite answers in its place",
        proofs=(
            seen("an answer is no JSON and not Appwrite's", Reason.PROTOCOL, type="", server_is_appwrite=False),
            seen("a page of 4xx is not Appwrite's", status=range(300, 500), type="", server_is_appwrite=False),
        ),
        hints=(seen("an answer of 5xx is not Appwrite's", status=range(500, 600), type="", server_is_appwrite=False),),
        follows=(
            seen("a fallback page has another content type", Reason.WRONG_ANSWER, thing="content type", of="api"),
            seen("the API's answer is no JSON", Reason.PROTOCOL, of="api"),
            seen("a page answers on realtime's path too", plain_status=GIVEN, server_is_appwrite=False),
            seen("a run came to no end", Reason.TIMEOUT, phase=NOT_GIVEN, status=NOT_GIVEN, function=NOT_GIVEN),
        ),
        remedy=(
            "see who answers: `curl -si {endpoint}/health/version` must say `Server: Appwrite`",
            "check the routes of the proxy or CDN before it (rewrites, a single-page fallback, a firewall's challenge)",
            "check that target.endpoint ends in /v1 and names the API's host, not the site's",
        ),
        opinion="an answer with `Server: Appwrite` would rule it out",
    ),
)

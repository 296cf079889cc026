"""
Appwrite is up as its callers see it: it tells its version, knows the project, and reaches its databases, Redis, queues.

A part of health that this server does not offer to keys, such as the cloud's, is no failure: ``not_offered`` in the
evidence names it, of a run that passed too. A queue was asked for by name: where it is not offered, as by Appwrite 2,
the run is degraded, since nobody watches that worker. Before 1.6.1 there is no ping to ask for. Health is that of the
installation and proves nothing about one project, its permissions or its realtime: a server whose events are lost for
good passes all of it.

Talks to:  Appwrite REST: version and ping without any credentials, health and queues with the server key; without a key
           in the target only the first two
Steps:     version, ping (from Appwrite 1.6.1 on), health, queues
Fails as:  wrong_answer  another version than expected, or more jobs in a queue than allowed: its worker stands still
           http_status   an answer of 5xx: to everything when the console's database is gone, to one service of health
                         when that one is; or 403 to ping: the project is paused
           not_found     the project does not exist at this endpoint; or (degraded) a queue is not offered here
           unauthorized  the project lives in another region than this endpoint
Leaves:    nothing; two reads per run, and one more for each service and queue. All are asked even when one fails: the
           message tells of the lowest, and ``findings`` in the evidence of all

Example::

    appwrite-health:
      kind: appwrite_health
      every: 60s
      version: 1[.]9[.][0-9]+
      services: [db, cache, pubsub]
      queues:
        databases: 100
        functions: 100
        messaging: 100
      objective: 1s
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Literal

from pydantic import Field

from monitor.appwrite.errors import AppwriteError
from monitor.appwrite.failures import failed
from monitor.appwrite.identities import sign_in
from monitor.appwrite.rest import Client
from monitor.appwrite.version import has_ping
from monitor.core.check import Check
from monitor.core.duration import Duration
from monitor.core.errors import CheckFailed, OwnFault
from monitor.core.identity import KEY
from monitor.core.outcome import EvidenceValue, Reason
from monitor.core.pattern import Pattern
from monitor.core.run import Run
from monitor.core.topic import Topic

Service = Literal["db", "cache", "pubsub", "storage", "anti-virus", "time", "geo"]
# A closed set, since a server answers 404 to a queue of another name as to one that it does not offer.
Queue = Literal[
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
]
# Failed jobs are asked for by the names that queues have in Redis.
FailedQueue = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z]+)+$")]
MostJobs = Annotated[int, Field(ge=0, le=1_000_000)]

_FAILED = "failed/"

# The virus scanner has words of its own; one that is switched off is no trouble.
_WELL = frozenset({"pass", "disabled", "online"})
_BEHIND = {
    "db": "its database server (console's or projects')",
    "cache": "Redis, its cache",
    "pubsub": "Redis, by which events reach realtime",
    "time": "a time server, or the clock is wrong",
}


class AppwriteHealth(Check):
    """
    Asks from the outside in; what is behind the answers comes last.
    """

    topics = frozenset({Topic.API})

    version: Pattern | None = Field(default=None, description="regular expression that the whole version must match")
    services: tuple[Service, ...] = Field(
        default=("db", "cache", "pubsub"), description="parts of health to ask for, where the target has a server key"
    )
    queues: Mapping[Queue, MostJobs] = Field(
        default_factory=dict, description="queue → most jobs that may wait in it (up to Appwrite 1.9)"
    )
    failed_queues: Mapping[FailedQueue, MostJobs] = Field(
        default_factory=dict, description="queue, such as v1-messaging → most failed jobs that may lie in it"
    )
    objective_seconds: Duration | None = Field(
        default=None, description="slower than this to answer ping, or to reach a service, is degraded"
    )

    async def run(self, run: Run) -> None:
        findings: list[CheckFailed] = []
        guest = Client(run, identity="guest", session=run.transport.session("guest"), headers={})
        version = ""
        with _kept(findings):
            async with run.step("version"):
                version = await guest.get_version()
                self._judge_version(run, version)
        if has_ping(version):
            with _kept(findings):
                async with run.step("ping"):
                    await self._ping(run, guest)
        try:
            await self._ask_with_key(run, findings, is_appwrite=bool(version))
        except OwnFault:
            # What was found without the key is true all the same.
            if not findings:
                raise
        if findings:
            raise _verdict(findings)

    async def _ask_with_key(self, run: Run, findings: list[CheckFailed], *, is_appwrite: bool) -> None:
        waiting = {str(queue): most for queue, most in self.queues.items()}
        sizes = waiting | {f"{_FAILED}{queue}": most for queue, most in self.failed_queues.items()}
        if run.target.api_key is None:
            if sizes:
                raise OwnFault("queues are asked for with the server key: set target.api_key, or leave them out")
            return
        key = await sign_in(run, KEY)
        not_offered: list[str] = []
        with _kept(findings):
            async with run.step("health"):
                await self._judge_services(key, not_offered)
        if sizes:
            with _kept(findings):
                async with run.step("queues"):
                    await _judge_queues(key, sizes, not_offered, is_appwrite=is_appwrite)
        if not_offered:
            run.note(not_offered=tuple(not_offered))

    def _judge_version(self, run: Run, version: str) -> None:
        run.note(version=version)
        if self.version is not None and not re.fullmatch(self.version, version):
            text = f"the server's version is {version!r}, expected {self.version}: see who updated it, or correct this"
            raise failed(Reason.WRONG_ANSWER, text, version=version)

    async def _ping(self, run: Run, guest: Client) -> None:
        asked = run.elapsed_seconds()
        try:
            await guest.ping()
        except AppwriteError as error:
            raise _refused_ping(error) from None
        run.hold_to(self.objective_seconds, took_seconds=run.elapsed_seconds() - asked, what="ping")

    async def _judge_services(self, key: Client, not_offered: list[str]) -> None:
        found: list[CheckFailed] = []
        for service in self.services:
            with _kept(found):
                await self._judge_service(key, service, not_offered)
        _raise_together(found)

    async def _judge_service(self, key: Client, service: Service, not_offered: list[str]) -> None:
        try:
            pools = await key.list_pools(service)
        except AppwriteError as error:
            raise _unreachable(error, service) from None
        if pools is None:
            not_offered.append(service)
        for pool in pools or ():
            name = pool.name or service
            if pool.status not in _WELL:
                text = f"{name!r} of health/{service} is {pool.status!r}, expected pass: check {_behind(service)}"
                key.run.degrade(Reason.WRONG_ANSWER, text, service=service, pool=name)
            key.run.hold_to(self.objective_seconds, took_seconds=pool.ping / 1000, what=f"reaching {name!r}")


async def _judge_queues(key: Client, sizes: Mapping[str, int], not_offered: list[str], *, is_appwrite: bool) -> None:
    found: list[CheckFailed] = []
    for queue, most in sizes.items():
        with _kept(found):
            size = await key.get_queue_size(queue, most=most, is_appwrite=is_appwrite)
            if size is None:
                not_offered.append(f"queue/{queue}")
                text = f"queue {queue!r} is not offered by this server: its worker is not watched, take it out here"
                key.run.degrade(Reason.NOT_FOUND, text, queue=queue)
            elif size > most:
                raise _too_long(queue, size, most)
    _raise_together(found)


def _too_long(queue: str, size: int, most: int) -> CheckFailed:
    facts: dict[str, EvidenceValue] = {"queue": queue, "size": size}
    if queue.startswith(_FAILED):
        worker = queue.removeprefix(_FAILED).removeprefix("v1-")
        text = f"{size} jobs of the {worker!r} worker have failed, expected at most {most}: see the logs of that worker"
    else:
        text = f"{size} jobs wait for the {queue!r} worker, expected at most {most}: check that this worker runs"
    return failed(Reason.WRONG_ANSWER, text, **facts)


def _refused_ping(error: AppwriteError) -> CheckFailed:
    if error.status != 403 or error.reason is not Reason.HTTP_STATUS:
        return error
    text = "ping answered 403, expected Pong!: the cloud pauses projects that seem unused, restore it in the console"
    return failed(error.reason, text, **{**error.evidence, "call": "ping"})


def _unreachable(error: AppwriteError, service: Service) -> CheckFailed:
    if error.status < 500 or not error.type:
        return error
    text = f"health of {service!r} answered {error.status}, expected 200: Appwrite does not reach {_behind(service)}"
    return failed(error.reason, text, **error.evidence, service=service)


def _behind(service: Service) -> str:
    return _BEHIND.get(service, f"what is behind {service!r}")


@contextmanager
def _kept(findings: list[CheckFailed]) -> Iterator[None]:
    """
    Put what fails within into *findings*; what could not be asked any more, since time was up, is none.
    """
    try:
        yield
    except* CheckFailed as group:
        found = [error for error in group.exceptions if isinstance(error, CheckFailed)]
        findings += [error for error in found if not findings or error.evidence.get("phase") != "not_begun"]


def _raise_together(found: list[CheckFailed]) -> None:
    # So that the step has failed, whatever the number.
    if found:
        raise ExceptionGroup("several parts of health", found)


def _verdict(findings: list[CheckFailed]) -> CheckFailed:
    first = findings[0]
    beginning = f"{len(findings)} findings, the lowest: " if len(findings) > 1 else ""
    messages = tuple(finding.message for finding in findings)
    return failed(first.reason, f"{beginning}{first.message}", **{**first.evidence, "findings": messages})

"""
The network of this machine is well: an outage of its own must not be blamed on the platform.

Asks places that have nothing to do with the platform, all at once; any answer of a server will do. Where none can be
reached, or no name be resolved, what the other checks see says nothing of the platform. Diagnosis runs it at once when
something cannot be reached. Name at least one by its name, or a name server that is gone is not seen, and better two:
one that is down proves nothing.

Talks to:  the references, over HTTP, HTTPS or TCP: a name server, a mirror, another site of yours
Steps:     references
Fails as:  nothing: it cannot fail, only say that the monitor cannot judge (errored)
Leaves:    nothing; one request or connection per reference and run

Example::

    uplink:
      kind: own_network
      every: 30s
      timeout: 5s
      references: [https://example.com/, https://example.org/]
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from monitor.core.check import Check
from monitor.core.errors import CheckFailed, MonitorError, OwnFault, fit
from monitor.core.outcome import Phase, Reason
from monitor.core.run import Run
from monitor.core.topic import Topic
from monitor.core.transport import Request

# Of the deadline, so that a reference which hangs is still told of.
_PATIENCE = 0.9


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _reference(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(f"must be http://…, https://… or tcp://ADDRESS:PORT, got {url!r}") from None
    is_web = parts.scheme in {"http", "https"} and bool(host)
    # A name would be asked of the system's resolver, in a thread that nobody can stop.
    if not is_web and not (parts.scheme == "tcp" and port is not None and _is_address(host)):
        raise ValueError(f"must be http://…, https://… or tcp://ADDRESS:PORT with an IP address, got {url!r}")
    return url


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """
    What came of one reference; *flaw* is empty when it answered.
    """

    is_named: bool
    flaw: str = ""
    is_unresolved: bool = False
    is_distrusted: bool = False


class OwnNetwork(Check):
    """
    Looks for several places outside.
    """

    topics = frozenset({Topic.NETWORK})

    references: tuple[Annotated[str, AfterValidator(_reference)], ...] = Field(
        min_length=1,
        max_length=10,
        description="what answers while the network of this machine is well: https://… or tcp://ADDRESS:PORT",
    )

    async def run(self, run: Run) -> None:
        async with run.step("references"):
            looks = await self._ask_all(run)
        flaws = tuple(look.flaw for look in looks if look.flaw)
        named = [look for look in looks if look.is_named]
        if named and all(look.is_unresolved for look in named):
            text = f"no name can be resolved here ({flaws[0]}): check the name servers of this machine"
            raise OwnFault(fit(text), own="network", phase=Phase.DNS, references=flaws)
        if len(flaws) < len(self.references):
            return
        if all(look.is_distrusted for look in looks):
            text = f"no certificate is accepted here ({flaws[0]}): check the clock and the trust store of this machine"
            raise OwnFault(fit(text), own="clock", references=flaws)
        text = f"no reference can be reached ({flaws[0]}): check the network of this machine"
        raise OwnFault(fit(text), own="network", references=flaws)

    async def _ask_all(self, run: Run) -> Sequence[_Look]:
        """
        Return what came of each; as soon as one that has a name has answered, of those until then.
        """
        within_seconds = _PATIENCE * run.remaining_seconds()
        asking = {asyncio.create_task(_ask(run, each, within_seconds)) for each in self.references}
        waiting, looks = set(asking), list[_Look]()
        try:
            while waiting and not any(look.is_named and not look.flaw for look in looks):
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                looks += [each.result() for each in done]
        finally:
            for each in asking:
                each.cancel()
            await asyncio.wait(asking)
        return looks


async def _ask(run: Run, url: str, within_seconds: float) -> _Look:
    parts = urlsplit(url)
    host, is_named = str(parts.hostname), not _is_address(str(parts.hostname))
    try:
        if parts.scheme == "tcp":
            await _connect(host, int(parts.port or 0), within_seconds)
        else:
            request = Request(method="GET", url=url, timeout_seconds=within_seconds)
            await run.transport.session("guest").request(request)
    except CheckFailed as error:
        # What answers, though it is no web page, has been reached.
        if error.reason in {Reason.PROTOCOL, Reason.HTTP_STATUS}:
            return _Look(is_named=is_named)
        return _Look(
            is_named=is_named,
            flaw=error.message,
            is_unresolved=error.evidence.get("phase") == Phase.DNS,
            is_distrusted=error.reason is Reason.TLS,
        )
    except OwnFault as error:
        return _Look(is_named=is_named, flaw=error.message, is_unresolved=error.evidence.get("phase") == Phase.DNS)
    except (MonitorError, OSError) as error:
        return _Look(is_named=is_named, flaw=fit(f"{url}: {type(error).__name__}: {error}"))
    return _Look(is_named=is_named)


async def _connect(host: str, port: int, within_seconds: float) -> None:
    async with asyncio.timeout(within_seconds):
        _, writer = await asyncio.open_connection(host, port)
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()

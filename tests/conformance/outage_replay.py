"""
The recorded outages: a part of the server is stopped, and comes back.

While it is away the recorded questions are asked; what they were not answered, ours must not answer. Of the sockets the
kinds of frames are compared, and how they ended: the recorder's own writes are not all among the records.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import aiohttp

from tests.conformance.actors import Caller
from tests.conformance.compare import Bindings, Comparison, Difference
from tests.conformance.http_replay import HttpReplay
from tests.conformance.realtime_replay import RealtimeReplay
from tests.conformance.recording import Renaming, load

# Whoever is not answered within it is not answered: without an outage the answer takes a few milliseconds.
_SILENCE_SECONDS = 0.3
_RECOVERY_TIMEOUT_SECONDS = 5.0
# The recorded recoveries take up to two seconds; here nothing but their order matters.
_RECOVERY = {"recovery_seconds": 0.05}

Record = dict[str, Any]
Found = tuple[str, list[Difference]]
Socket = aiohttp.ClientWebSocketResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """
    The records of one outage begin with *name*; *fault* shows it. Those of *afterwards* were made when it was over.
    """

    name: str
    fault: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    afterwards: str = ""


OUTAGES = (
    Outage(name="mariadb_stopped", fault="database_gone", parameters=_RECOVERY),
    Outage(name="realtime_killed", fault="realtime_gone", parameters=_RECOVERY),
    Outage(name="realtime_terminated", fault="realtime_gone", parameters=_RECOVERY | {"how": "terminated"}),
    Outage(name="http_killed", fault="api_gone", parameters=_RECOVERY),
    Outage(name="databases_worker_stopped", fault="worker_stopped", parameters=_RECOVERY),
    Outage(name="redis_stopped", fault="redis_gone", parameters=_RECOVERY, afterwards="redis_back_nothing_restarted"),
    Outage(name="redis_short_restart", fault="redis_back_silent", parameters={"seconds": 0.05}),
)
# What leaves realtime silent until it is restarted, which switching it off is.
_SILENT = "redis_back_silent"


@dataclass(slots=True, kw_only=True)
class Held:
    """
    What is open while a part is away: sockets by record, what they heard so far, and requests that wait for its return.
    """

    patient: list[Record]
    answers: list[asyncio.Task[list[Difference]]] = field(default_factory=list)
    sockets: dict[str, Socket] = field(default_factory=dict)
    heard: dict[str, list[Any]] = field(default_factory=dict)
    pinged: dict[str, int] = field(default_factory=dict)


class OutageReplay:
    """
    Replays faults.json against a sandbox that is set up.
    """

    def __init__(self, caller: Caller, renaming: Renaming, bindings: Bindings) -> None:
        self._caller = caller
        self._bindings = bindings
        self._http = HttpReplay(caller, renaming, bindings)
        self._realtime = RealtimeReplay(caller, renaming, bindings)
        self._records = load("faults", renaming)

    async def run(self) -> AsyncIterator[Found]:
        """
        Yield the id of each record with the differences found.
        """
        for outage in OUTAGES:
            async for found in self._play(outage):
                yield found
            self._caller.sandbox.faults.switch_off(_SILENT)
        for record in self._records:
            if record["id"].startswith("early_subscribe") or record["id"] == "limits/messages_paced":
                yield record["id"], await self._realtime.alone(record)

    async def _play(self, outage: Outage) -> AsyncIterator[Found]:
        records = [each for each in self._records if each["id"].startswith(f"{outage.name}/")]
        held = Held(patient=[each for each in records if each["id"].endswith("/one_request_with_a_long_timeout")])
        for record in (each for each in records if "/ws_" in each["id"]):
            held.sockets[record["id"]] = socket = await self._realtime.open(record)
            held.heard[record["id"]] = [await self._realtime.next(socket)]
        self._caller.sandbox.faults.switch_on(outage.fault, **outage.parameters)
        async for found in self._while_away(records, held):
            yield found
        if outage.fault != _SILENT:
            self._caller.sandbox.faults.switch_off(outage.fault)
        await self._until_back()
        async for found in self._when_back(held):
            yield found
        if outage.afterwards:
            async for found in self._ask([each for each in self._records if each["id"].startswith(outage.afterwards)]):
                yield found

    async def _while_away(self, records: list[Record], held: Held) -> AsyncIterator[Found]:
        asked = [each for each in records if "method" in (each.get("request") or {}) and each not in held.patient]
        async for found in self._ask(asked):
            yield found
        for record in (each for each in records if "/new_ws_" in each["id"]):
            differences = await self._open_new(record, held)
            if record["id"] not in held.sockets:
                yield record["id"], differences
        for id_, socket in held.sockets.items():
            held.pinged[id_] = await self._ping(self._find(id_), socket)
            await self._drain(self._find(id_), socket)
        held.answers = [asyncio.create_task(self._http.exchange(each)) for each in held.patient]
        # They are on their way before anything comes back.
        await asyncio.sleep(0)

    async def _when_back(self, held: Held) -> AsyncIterator[Found]:
        for record, answer in zip(held.patient, held.answers, strict=True):
            yield record["id"], await answer
        await self._realtime.write("st_any_rc")
        await self._realtime.write("st_any_all")
        for id_, socket in held.sockets.items():
            yield id_, await self._finish(self._find(id_), socket, held.heard[id_], pings=held.pinged[id_])

    def _find(self, id_: str) -> Record:
        return next(each for each in self._records if each["id"] == id_)

    async def _ask(self, records: list[Record]) -> AsyncIterator[Found]:
        for answered, group in groupby(records, key=lambda each: each["response"]["status"] is not None):
            together = list(group)
            if answered:
                for record in together:
                    yield record["id"], await self._http.exchange(record)
            else:
                results = await asyncio.gather(*(self._unanswered(each) for each in together))
                for record, differences in zip(together, results, strict=True):
                    yield record["id"], differences

    async def _unanswered(self, record: Record) -> list[Difference]:
        try:
            async with asyncio.timeout(_SILENCE_SECONDS):
                reply = await self._http.ask(record)
        except TimeoutError:
            return []
        return [Difference(aspect="status", place="", recorded=None, got=reply.status)]

    async def _open_new(self, record: Record, held: Held) -> list[Difference]:
        recorded = record.get("handshake", {}).get("status")
        try:
            held.sockets[record["id"]] = await self._realtime.open(record)
        except aiohttp.WSServerHandshakeError as error:
            if error.status == recorded:
                return []
            return [Difference(aspect="status", place="handshake", recorded=recorded, got=error.status)]
        held.heard[record["id"]] = []
        return []

    async def _ping(self, record: Record, socket: Socket) -> int:
        pings = [each for each in record["frames"] if each["dir"] == "out"]
        for _ in pings:
            if not socket.closed:
                await socket.send_str('{"type":"ping"}')
        return len(pings)

    async def _drain(self, record: Record, socket: Socket) -> None:
        """
        Wait for the end of a socket that the outage ended; what it still heard before was not recorded.
        """
        if record["close"]["by"] == "server":
            async with asyncio.timeout(_RECOVERY_TIMEOUT_SECONDS):
                while (await socket.receive()).type not in {aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}:
                    pass

    async def _finish(self, record: Record, socket: Socket, heard: list[Any], *, pings: int) -> list[Difference]:
        comparison = Comparison(self._bindings)
        if record["close"]["by"] == "server":
            comparison.expect("close", "ended", True, socket.closed)
            comparison.expect("close", "code", record["close"]["code"], socket.close_code)
            return comparison.differences
        frames = heard + await self._realtime.until_pong(socket, pinged=pings)
        await socket.close()
        wanted = [each["data"] for each in record["frames"] if each["dir"] == "in"]
        comparison.expect("frame", "kinds", _kinds(wanted), _kinds(frames))
        comparison.expect("close", "code", record["close"]["code"], socket.close_code)
        return comparison.differences

    async def _until_back(self) -> None:
        sandbox = self._caller.sandbox
        async with asyncio.timeout(_RECOVERY_TIMEOUT_SECONDS):
            while True:
                try:
                    await self._realtime.write("st_none")
                    async with self._caller.session("recovery").ws_connect(
                        f"{sandbox.endpoint}/realtime?project={sandbox.project}"
                    ):
                        return
                except (AssertionError, aiohttp.WSServerHandshakeError):
                    await asyncio.sleep(0.02)


def _kinds(frames: list[Any]) -> list[str]:
    kinds = [each["type"] if isinstance(each, dict) else str(each) for each in frames]
    return sorted({kind for kind in kinds if kind != "pong"}) + ["pong"] * kinds.count("pong")

"""
The recorded sockets, opened again: every frame in its order, and how the connection ended.

That nothing more comes is proved by a ping whose pong comes first, not by waiting.
"""

import json
from collections.abc import AsyncIterator
from itertools import groupby
from typing import Any

import aiohttp
from yarl import URL

from tests.conformance.actors import Caller
from tests.conformance.compare import Bindings, Comparison, Difference
from tests.conformance.recording import Renaming, load
from tests.conformance.set_up import add_user

_FRAME_TIMEOUT_SECONDS = 2.0
_ABBREVIATED = "as in the collections_channel recording"
# The recorder wrote documents on the side, which it did not note.
_WRITTEN_MEANWHILE = ("events/query_filter/", "early_subscribe_")
# The recorder kept only the beginning of long messages.
_LONG_MESSAGES = {"connect/message_63k": 63_000, "connect/message_70k": 70_000, "connect/message_2mb": 2_000_000}
# As many records share an address as stay below the limit on connections.
_RECORDS_PER_ADDRESS = 60

_PONG = {"type": "pong"}

Record = dict[str, Any]
Found = tuple[str, list[Difference]]


class RealtimeReplay:
    """
    Replays realtime.json, and the sockets of journey.json, against a sandbox that is set up.
    """

    def __init__(self, caller: Caller, renaming: Renaming, bindings: Bindings) -> None:
        self._caller = caller
        self._renaming = renaming
        self._bindings = bindings
        self._opened = 0

    async def run(self) -> AsyncIterator[Found]:
        """
        Yield the id of each record with the differences found.
        """
        self._caller.sandbox.hub.tests_interval_seconds = 0.05
        await add_user(self._caller, self._renaming, "user_c", name="User C")
        token = await self._caller.manage("POST", f"/users/{self._renaming.apply('user_a')}/jwts", {})
        self._caller.secrets.texts["<JWT>"] = token["jwt"]
        for _, group in groupby(load("realtime", self._renaming), key=_scenario):
            records = list(group)
            if "actions" in records[-1]:
                async for found in self._scenario(records):
                    yield found
            else:
                for record in records:
                    yield record["id"], await self.alone(record)

    async def _scenario(self, records: list[Record]) -> AsyncIterator[Found]:
        *listeners, acted = records
        complete(listeners)
        sockets = [await self.open(record) for record in listeners]
        yield acted["id"], await self._act(acted)
        for record, socket in zip(listeners, sockets, strict=True):
            frames = await self.until_pong(socket)
            await socket.close()
            yield record["id"], self.compare(record, frames, ending=1000)

    async def _act(self, record: Record) -> list[Difference]:
        comparison = Comparison(self._bindings)
        for action in record["actions"]:
            request, recorded = action["request"], action["response"]
            headers = {
                name: self._caller.secrets.fill(text, action["actor"]) for name, text in request["headers"].items()
            }
            reply = await self._caller.send(
                request["method"], request["path"], headers=headers, body=request.get("body"), group=action["actor"]
            )
            comparison.expect("status", action["op"], recorded["status"], reply.status)
            if isinstance(recorded.get("body"), dict):
                comparison.body(recorded["body"], reply.body)
        return comparison.differences

    async def alone(self, record: Record) -> list[Difference]:
        """
        Open the socket of a record that no other one belongs to, and hold its conversation.
        """
        if "series" in record:
            return await self._connections(record)
        if record["handshake"]["status"] != 101:
            return await self._refused(record)
        world = self._caller.sandbox.world
        world.services_off = {"databases"} if "databases_service_off" in record["id"] else set()
        world.protocols_off = {"websocket"} if "websocket_protocol_off" in record["id"] else set()
        try:
            socket = await self.open(record)
        except aiohttp.WSServerHandshakeError as error:
            return [Difference(aspect="status", place="handshake", recorded=101, got=error.status)]
        frames = await self._converse(record, socket)
        world.services_off, world.protocols_off = set(), set()
        # Two of these were recorded while the same documents were written; here each has its own.
        return self.compare(record, frames, ending=socket.close_code, bindings=Bindings())

    async def _converse(self, record: Record, socket: aiohttp.ClientWebSocketResponse) -> list[Any]:
        frames, written = [], False
        for each in record["frames"]:
            if each["dir"] == "out":
                await self._say(record, socket, each)
            elif each["dir"] == "note":
                await self._do(record, each["data"])
            else:
                if record["id"].startswith(_WRITTEN_MEANWHILE) and _is_event(each) and not written:
                    written = True
                    await self.write("st_any_rc", title="rt" if "query_filter" in record["id"] else "fault")
                    if "query_filter" in record["id"]:
                        await self.write("st_any_rc", status="closed")
                frames.append(await self.next(socket))
        if record["close"]["by"] == "client":
            # Beyond the limit on messages no ping is answered.
            frames += await self.until_pong(socket) if not record["id"].startswith("limits/") else []
            await socket.close()
        else:
            await socket.receive(timeout=_FRAME_TIMEOUT_SECONDS)
        return frames

    async def _say(self, record: Record, socket: aiohttp.ClientWebSocketResponse, frame: Record) -> None:
        text = frame["data"] if isinstance(frame["data"], str) else json.dumps(frame["data"])
        match frame["op"]:
            case "binary":
                await socket.send_bytes(b"\xff\x00\x01")
            case "ping":
                await socket.ping(text.encode())
            case "text" if record["id"] in _LONG_MESSAGES and "pad" in text:
                await socket.send_str(json.dumps({"type": "ping", "pad": "x" * _LONG_MESSAGES[record["id"]]}))
            case "text" if not socket.closed:
                await socket.send_str(self._caller.secrets.fill(text, self._who(record)))

    def _who(self, record: Record) -> str:
        listener = record.get("listener")
        if listener in self._caller.secrets.sessions:
            return str(listener)
        return "user_c" if "session_deleted" in record["id"] else "user_a"

    async def _do(self, record: Record, note: str) -> None:
        if "DELETE" in note:
            session = self._caller.secrets.sessions[self._who(record)]
            headers = {"X-Appwrite-Project": self._caller.sandbox.project, "X-Appwrite-Session": session}
            await self._caller.send("DELETE", "/v1/account/sessions/current", headers=headers)
        elif "readable by" in note:
            reader = f'read("user:{self._renaming.apply("user_a")}")'
            await self.write("st_docsec", permissions=[reader], title=note.rsplit(" ", 1)[1])
        else:
            await self.write("st_users", title=note)

    async def write(
        self, state: str, *, status: str = "open", title: str = "rt", permissions: list[str] | None = None
    ) -> None:
        """
        Create a document in the collection of a state, with the full key.
        """
        name = self._renaming.apply
        data = {
            "title": title,
            "status": name(status),
            "count": 1,
            "active": True,
            "at": "2026-01-01T10:00:00.000+00:00",
        }
        body = {"documentId": "unique()", "data": {name(key): value for key, value in data.items()}}
        path = f"/databases/{name('68f76ee1000e64ca8d05')}/collections/{name(state)}/documents"
        await self._caller.manage("POST", path, body | ({} if permissions is None else {"permissions": permissions}))

    async def open(self, record: Record) -> aiohttp.ClientWebSocketResponse:
        """
        Open the socket of a record as its listener.
        """
        self._opened += 1
        request, fill = record["request"], self._caller.secrets.fill
        _, _, after = self._bindings.apply(request["url"]).partition("://")
        path = fill("/" + after.partition("/")[2], self._who(record)).replace("+", "%2B")
        url = URL(self._caller.sandbox.endpoint.removesuffix("/v1") + path, encoded=True)
        headers = {name: fill(text, self._who(record)) for name, text in request["headers"].items()}
        session = self._caller.session(f"sockets {self._opened // _RECORDS_PER_ADDRESS}")
        return await session.ws_connect(url, headers=headers, autoping=False)

    def compare(
        self, record: Record, frames: list[Any], *, ending: int | None, bindings: Bindings | None = None
    ) -> list[Difference]:
        """
        Return the differences between the recorded frames and ours, and between the endings.
        """
        comparison = Comparison(self._bindings if bindings is None else bindings)
        recorded = [each["data"] for each in record["frames"] if each["dir"] == "in"]
        comparison.expect("frame", "types", [_kind(each) for each in recorded], [_kind(each) for each in frames])
        for number, (wanted, got) in enumerate(zip(recorded, frames, strict=False)):
            comparison.body(wanted, got, f"frame {number}")
        comparison.expect("close", "code", record["close"]["code"], ending)
        return comparison.differences

    async def _refused(self, record: Record) -> list[Difference]:
        comparison = Comparison(self._bindings)
        try:
            socket = await self.open(record)
        except aiohttp.WSServerHandshakeError as error:
            comparison.expect("status", "handshake", record["handshake"]["status"], error.status)
        else:
            comparison.expect("status", "handshake", record["handshake"]["status"], 101)
            await socket.close()
        return comparison.differences

    async def _connections(self, record: Record) -> list[Difference]:
        comparison, sockets = Comparison(self._bindings), []
        session, sandbox = self._caller.session("many sockets"), self._caller.sandbox
        for each in record["series"]:
            sockets.append(
                await session.ws_connect(f"{sandbox.endpoint}/realtime?project={sandbox.project}", autoping=False)
            )
            recorded = _kind(each["frames"][0])
            comparison.expect("frame", f"connection {each['n']}", recorded, _kind(await self.next(sockets[-1])))
            if recorded == "error":
                await sockets[-1].receive(timeout=_FRAME_TIMEOUT_SECONDS)
                comparison.expect("close", f"connection {each['n']}", each["close"]["code"], sockets[-1].close_code)
        for socket in sockets:
            await socket.close()
        return comparison.differences

    async def next(self, socket: aiohttp.ClientWebSocketResponse) -> Any:
        """
        Return the next frame, or a text that says why there is none.
        """
        try:
            message = await socket.receive(timeout=_FRAME_TIMEOUT_SECONDS)
        except TimeoutError:
            return "nothing came"
        match message.type:
            case aiohttp.WSMsgType.TEXT:
                return json.loads(message.data)
            case aiohttp.WSMsgType.PONG:
                return message.data.decode()
        return f"ended with {socket.close_code}"

    async def until_pong(self, socket: aiohttp.ClientWebSocketResponse, *, pinged: int = 0) -> list[Any]:
        """
        Return all frames that have come, the pongs to the *pinged* earlier pings among them.

        Frames travel in order: when the pong to one more ping is here, none is still on its way.
        """
        await socket.send_str('{"type":"ping"}')
        frames: list[Any] = []
        while not (frames and isinstance(frames[-1], str)) and frames.count(_PONG) <= pinged:
            frames.append(await self.next(socket))
        return frames[:-1] if frames[-1] == _PONG else frames


def complete(records: list[Record]) -> None:
    """
    Put what the recorder left out of a frame, since another socket got the same, back into it.
    """
    whole = {each["listener"]: each for each in records if each["id"].endswith("/collections_channel")}
    for record in records:
        events = [each["data"]["data"] for each in record["frames"] if _is_event(each)]
        first = [each["data"]["data"] for each in whole[record["listener"]]["frames"] if _is_event(each)]
        for event in events:
            same = [each for each in first if each["events"][0] == event["events"][0]]
            event |= {key: same[0][key] for key, value in event.items() if value == _ABBREVIATED}
            # Each socket has a subscription of its own, so that its id cannot be taken over.
            event.setdefault("subscriptions", ["<SUBSCRIPTION>"])


def _scenario(record: Record) -> str:
    parts = record["id"].split("/")
    return "/".join(parts[:3]) if "scenario" in record else "alone"


def _is_event(frame: Record) -> bool:
    return frame["dir"] == "in" and _kind(frame["data"]) == "event"


def _kind(frame: Any) -> str:
    return str(frame["type"]) if isinstance(frame, dict) else str(frame)

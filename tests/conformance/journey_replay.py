"""
The recorded way from booking to chat: what each side was answered, and what each side's socket got meanwhile.
"""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp

from tests.conformance.actors import Caller
from tests.conformance.compare import Bindings, Difference
from tests.conformance.http_replay import HttpReplay
from tests.conformance.realtime_replay import RealtimeReplay
from tests.conformance.recording import Renaming, load
from tests.conformance.set_up import add_user

# The sockets of a part are opened when its exchange of this name was answered; none: before its first.
_OPENED_AFTER = {"journey/1": "chat_session_by_server", "journey/messages_by_users": None}


class JourneyReplay:
    """
    Replays journey.json against a sandbox that is set up.
    """

    def __init__(self, caller: Caller, renaming: Renaming, bindings: Bindings) -> None:
        self._caller = caller
        self._renaming = renaming
        self._http = HttpReplay(caller, renaming, bindings)
        self._realtime = RealtimeReplay(caller, renaming, bindings)

    async def run(self) -> AsyncIterator[tuple[str, list[Difference]]]:
        """
        Yield the id of each record with the differences found.
        """
        for identity, name in (("client_1", "Client One"), ("therapist_1", "Therapist One")):
            await add_user(self._caller, self._renaming, identity, name=name)
        records = load("journey", self._renaming)
        for part, after in _OPENED_AFTER.items():
            mine = [each for each in records if each["id"].startswith(f"{part}/")]
            asked = [each for each in mine if "method" in (each.get("request") or {})]
            heard = [each for each in mine if "frames" in each]
            sockets = [] if after else await self._open(heard)
            for record in asked:
                async for found in self._http.run("journey", [record]):
                    yield found
                if after and record["id"].endswith(f"/{after}"):
                    sockets = await self._open(heard)
            for record, socket in zip(heard, sockets, strict=True):
                frames = await self._realtime.until_pong(socket)
                await socket.close()
                yield record["id"], self._realtime.compare(record, frames, ending=1000)

    async def _open(self, records: list[dict[str, Any]]) -> list[aiohttp.ClientWebSocketResponse]:
        return [await self._realtime.open(each) for each in records]

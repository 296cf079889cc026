"""
Subscribes to Appwrite's realtime channels.

Channels go into the URL, which every version understands, and credentials into the headers of the handshake. The
server never sends a close frame: it sends an ``error`` frame and drops TCP, so the last error is remembered. A socket
that answers ``connected`` proves nothing about delivery: any channel is accepted, also one that does not exist.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence, Set
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlencode

from monitor.appwrite.credentials import is_nobody, nobody
from monitor.appwrite.failures import failed, hung, place
from monitor.appwrite.frames import Connected, ErrorFrame, Event, Pong, parse_frame
from monitor.appwrite.rest import Client
from monitor.core.duration import show_duration
from monitor.core.errors import CheckFailed
from monitor.core.identity import KEY
from monitor.core.outcome import EvidenceValue, Phase, Reason
from monitor.core.run import Run
from monitor.core.transport import Socket

# The project of the console itself, which any guest may connect to.
CONSOLE = "console"
# Accepted for everybody and quiet: it carries only changes of the account of whoever listens.
QUIET_CHANNEL = "account"

_PING = '{"type":"ping"}'
# How events begin; one that a server writes in another way is read in full.
_EVENT = '{"type":"event"'
_MAX_BUFFERED_EVENTS = 1000
_MAX_BUFFERED_CHARACTERS = 4 << 20
_MAX_ERRORS = 16
# Where an error frame is the last word the end follows at once, in the next packet.
_LAST_WORD_SECONDS = 0.2

_UNAUTHORIZED = 401
_REASONS = {
    _UNAUTHORIZED: Reason.UNAUTHORIZED,
    403: Reason.DISABLED,
    1008: Reason.WRONG_ANSWER,
    1013: Reason.RATE_LIMITED,
}
_NEXT_MOVES = {
    _UNAUTHORIZED: "check the session or JWT, and that the endpoint is the one of the project's region",
    403: "realtime is switched off in the console, or the handshake carries both JWT and session",
    1008: "check the project id and the channels, and that the origin is registered as a platform",
    1013: "the monitor connects too often, or shares its address with others: run less often",
}


@asynccontextmanager
async def subscribe(
    client: Client,
    channels: Sequence[str],
    *,
    run: Run,
    keeps: Callable[[Event], bool] = lambda _: True,
    naming: Set[str] | None = None,
    project: str = "",
) -> AsyncIterator["Subscription"]:
    """
    Hold a socket subscribed to *channels* as *client*, of another *project* than the target's if one is given.

    Events that *keeps* does not want are dropped at once: on a busy channel they would push out those that it does. So
    are, unread, those that hold none of *naming*, plain words that may become more: there is no cheaper way to tell.
    Raises ``CheckFailed`` unless the server says ``connected``, ``OwnFault`` when it does not take the credentials of
    *client*, which REST does not take either.
    """
    headers = {name: value for name, value in client.headers.items() if name != "X-Appwrite-Key"}
    # Both name the project, and which of them wins depends on the version.
    headers["X-Appwrite-Project"] = project or run.target.project
    url = _address(run.target.endpoint, headers["X-Appwrite-Project"], channels)
    socket = await client.session.open_socket(url, headers=headers, timeout_seconds=run.remaining_seconds())
    try:
        run.observe_phases(socket.phases)
        upgraded = run.elapsed_seconds()
        connected = await _connected(socket, place("socket", url), client)
        await _demand_own_credentials(client, connected)
        run.observe_phases({Phase.CONNECTED_FRAME: run.elapsed_seconds() - upgraded})
        if naming is not None:
            socket.heed(lambda text: not text.startswith(_EVENT) or _names_one(text, naming))
        subscription = Subscription(socket, connected, run=run, where=place("socket", url), keeps=keeps)
        try:
            yield subscription
        finally:
            subscription.stop()
    finally:
        await socket.close()


class Subscription:
    """
    A connected socket: its events in the order of their arrival, the oldest dropped (and counted) beyond a bound.

    *user_id* is who the server takes the client for, None for a guest; *channels* are those it confirmed.
    """

    def __init__(
        self, socket: Socket, connected: Connected, *, run: Run, where: str, keeps: Callable[[Event], bool]
    ) -> None:
        self.socket = socket
        self.user_id = connected.user_id
        self.channels = connected.channels
        self.dropped = 0
        self._run = run
        self._where = where
        self._keeps = keeps
        self._events: deque[tuple[Event, int]] = deque()
        self._buffered = 0
        self._ended = False
        self._last_error: ErrorFrame | None = None
        self._errors: deque[ErrorFrame] = deque(maxlen=_MAX_ERRORS)
        self._news = asyncio.Event()
        self._pongs: deque[asyncio.Future[None]] = deque()
        self._reader = asyncio.create_task(self._read(), name="subscription-reader")

    async def next_event(self, timeout_seconds: float) -> Event:
        """
        Return the next event; raise ``TimeoutError`` after the wait, ``CheckFailed`` when the socket has ended.
        """
        async with asyncio.timeout(timeout_seconds):
            while not self._events and not self._ended:
                self._news.clear()
                await self._news.wait()
        if not self._events:
            raise _ended(self._where, self.socket.close_code, self._last_error)
        event, size = self._events.popleft()
        self._buffered -= size
        return event

    async def next_error(self, timeout_seconds: float) -> ErrorFrame:
        """
        Return the next error frame that left the socket open.

        Raises ``TimeoutError`` after the wait, ``CheckFailed`` at once when the socket has ended.
        """
        async with asyncio.timeout(timeout_seconds):
            while not self._errors and not self._ended:
                self._news.clear()
                await self._news.wait()
        if not self._ended:
            await self._end_within(_LAST_WORD_SECONDS)
        if self._ended:
            raise _ended(self._where, self.socket.close_code, self._last_error)
        return self._errors.popleft()

    async def ping(self, timeout_seconds: float) -> float:
        """
        Ask the server process for a sign of life (not only its TCP stack); return the seconds until its pong.
        """
        pong = asyncio.get_running_loop().create_future()
        self._pongs.append(pong)
        started = self._run.elapsed_seconds()
        try:
            await self.socket.send(_PING)
            async with asyncio.timeout(timeout_seconds):
                await pong
        except TimeoutError as error:
            limit = show_duration(round(timeout_seconds, 3))
            text = (
                f"no pong within {limit}: the socket is open but dead: restart realtime, or see the proxy's idle limits"
            )
            evidence = {**_evidence(None, self._last_error), "phase": "pong"}
            raise hung(self._where, text, within_seconds=timeout_seconds, **evidence) from error
        finally:
            if pong in self._pongs:
                self._pongs.remove(pong)
        return self._run.elapsed_seconds() - started

    def stop(self) -> None:
        """
        Read no more.
        """
        self._reader.cancel()

    async def _end_within(self, timeout_seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_seconds):
                while not self._ended:
                    self._news.clear()
                    await self._news.wait()

    async def _read(self) -> None:
        # A reader of its own, so that the time of arrival is not that at which somebody asked.
        try:
            while (text := await self.socket.receive(None)) is not None:
                self._take(text)
        finally:
            self._end()

    def _take(self, text: str) -> None:
        frame = parse_frame(text, received_seconds=self._run.elapsed_seconds())
        if isinstance(frame, Event):
            if self._keeps(frame):
                self._keep(frame, len(text))
        elif isinstance(frame, ErrorFrame):
            self._last_error = frame
            self._errors.append(frame)
            self._news.set()
        elif isinstance(frame, Pong) and self._pongs:
            # What the server objected to before it answered is not why it ends the socket later.
            self._last_error = None
            pong = self._pongs.popleft()
            if not pong.done():
                pong.set_result(None)

    def _keep(self, event: Event, size: int) -> None:
        self._events.append((event, size))
        self._buffered += size
        while len(self._events) > _MAX_BUFFERED_EVENTS or self._buffered > _MAX_BUFFERED_CHARACTERS:
            self._buffered -= self._events.popleft()[1]
            self.dropped += 1
        self._news.set()

    def _end(self) -> None:
        self._ended = True
        self._news.set()
        for pong in self._pongs:
            if not pong.done():
                pong.set_exception(_ended(self._where, self.socket.close_code, self._last_error))


def _names_one(text: str, naming: Set[str]) -> bool:
    # A loop and no generator: every event on a busy channel passes here.
    for name in naming:  # noqa: SIM110
        if name in text:
            return True
    return False


def _address(endpoint: str, project: str, channels: Sequence[str]) -> str:
    query = urlencode([("project", project), *(("channels[]", channel) for channel in channels)])
    return f"ws{endpoint.removeprefix('http')}/realtime?{query}"


async def _demand_own_credentials(client: Client, connected: Connected) -> None:
    # A socket that belongs to nobody is the target's fault only if REST knows who this is.
    if client.credentials and client.identity != KEY and connected.user_id is None and await is_nobody(client):
        raise nobody(client)


async def _connected(socket: Socket, where: str, client: Client) -> Connected:
    run = client.run
    limit = run.remaining_seconds()
    try:
        text = await socket.receive(limit)
    except TimeoutError as error:
        text = f"upgraded, but no connected frame within {show_duration(round(limit, 3))}: check realtime and its Redis"
        raise hung(where, text, within_seconds=limit, phase=Phase.CONNECTED_FRAME) from error
    if text is None:
        raise _ended(where, socket.close_code, None)
    frame = parse_frame(text, received_seconds=run.elapsed_seconds())
    if isinstance(frame, Connected):
        return frame
    if isinstance(frame, ErrorFrame):
        # 401 is for a JWT that is not accepted, and for another region.
        if frame.code == _UNAUTHORIZED and client.credentials and client.identity != KEY and await is_nobody(client):
            raise nobody(client)
        raise _refused(where, frame)
    message = f"{where}: the first frame is not Appwrite's, expected connected: check what serves this path"
    raise failed(Reason.PROTOCOL, message, phase=Phase.CONNECTED_FRAME, frame_characters=len(text))


def meaning_of(code: int) -> tuple[Reason, str]:
    """
    Return what the code of an error frame means, and the next move.
    """
    return _REASONS.get(code, Reason.CONNECTION), _NEXT_MOVES.get(code, "see the logs of the realtime container")


def _refused(where: str, frame: ErrorFrame) -> CheckFailed:
    reason, next_move = meaning_of(frame.code)
    text = f"{where} answered error {frame.code}, expected connected: {next_move}"
    return failed(reason, text, phase=Phase.CONNECTED_FRAME, **_evidence(None, frame))


def _ended(where: str, close_code: int | None, last_error: ErrorFrame | None) -> CheckFailed:
    after = f" after error {last_error.code}" if last_error else ""
    text = f"{where} ended with {close_code}{after}: check the realtime container and the proxy before it"
    return failed(Reason.CONNECTION, text, **_evidence(close_code, last_error))


def _evidence(close_code: int | None, last_error: ErrorFrame | None) -> dict[str, EvidenceValue]:
    evidence: dict[str, EvidenceValue] = {}
    if close_code is not None:
        evidence["close_code"] = close_code
    if last_error is not None:
        evidence |= {"error_code": last_error.code, "error_message": last_error.message}
    return evidence

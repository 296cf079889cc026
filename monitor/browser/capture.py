"""
Listens to one page, and notes what it does in a ``Traffic``.
"""

import asyncio
import re
from collections.abc import Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from monitor.browser.kept_browser import library
from monitor.browser.reading import note_frame, read_call, read_socket
from monitor.browser.traffic import Call, Traffic
from monitor.core.redaction import excerpt
from monitor.core.run import Run

if TYPE_CHECKING:
    from playwright.async_api import ConsoleMessage, Frame, Page, Request, Response, WebSocket

_MOST_ERRORS = 50
_MOST_SOCKETS = 200
_ERROR_CHARACTERS = 160
_ANSWER_BYTES = 65_536
# What hands a visitor over to another program: nothing of the platform follows.
_OPENED = "synthetic-monitor-opened"
_QUERY = re.compile(r"(?<=[\w/])\?[^\s'\"]*[=&][^\s'\"]*")
_SCRIPT_TYPES = ("javascript", "ecmascript", "json", "wasm")
# Instead of another window, which would leave the site. Notifications and sound are the page's own affair.
LISTENING_SCRIPT = f"""
window.open = (address) => {{ console.debug({_OPENED!r}, String(address ?? "")); return null; }};
"""


class Capture:
    """
    *run* gives the time, and the endpoint by which calls of Appwrite are known.
    """

    def __init__(self, run: Run, traffic: Traffic) -> None:
        self._run = run
        self._traffic = traffic
        self._calls: dict[Request, Call] = {}
        self._readings: set[asyncio.Task[None]] = set()

    def listen(self, page: "Page") -> None:
        """
        Begin; before the page is opened.
        """
        page.on("request", self._note_request)
        page.on("response", self._note_response)
        page.on("requestfailed", self._note_failure)
        page.on("websocket", self._note_socket)
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self._note_error(str(error)))
        page.on("framenavigated", self._note_navigation)

    async def settle(self, seconds: float) -> None:
        """
        Wait until the answers that have come are read.
        """
        if self._readings:
            await asyncio.wait(self._readings, timeout=seconds)

    def stop(self) -> None:
        """
        Read nothing more.
        """
        for reading in self._readings:
            reading.cancel()

    def _note_request(self, request: "Request") -> None:
        project = request.headers.get("x-appwrite-project", "")
        body = _text_of(request) if request.method != "GET" else ""
        endpoint = self._run.target.endpoint
        call = read_call(request.method, request.url, endpoint=endpoint, project=project, body=body)
        if call is not None and request.method != "OPTIONS":
            call.begun_seconds = self._run.elapsed_seconds()
            self._calls[request] = call
            self._traffic.note_call(call)

    def _note_response(self, response: "Response") -> None:
        call = self._calls.get(response.request)
        if call is None:
            self._note_file(response)
            return
        call.headers = response.headers
        if response.status < 300 and not call.function:
            call.status = response.status
        else:
            self._begin(self._read(response, call))

    def _note_failure(self, request: "Request") -> None:
        call = self._calls.get(request)
        if call is not None:
            call.failure = (request.failure or "failed")[:60]

    async def _read(self, response: "Response", call: Call) -> None:
        # A page that has gone on has no answers any more.
        with suppress(library().Error, TimeoutError):
            async with asyncio.timeout(self._run.remaining_seconds()):
                call.answer = (await response.body())[:_ANSWER_BYTES]
        call.status = response.status

    def _note_file(self, response: "Response") -> None:
        if response.request.resource_type != "script" or len(self._traffic.misread) >= _MOST_ERRORS:
            return
        kind, path = response.headers.get("content-type", "no type").partition(";")[0], urlsplit(response.url).path
        if response.status >= 400:
            self._traffic.misread.append(f"{path[-80:]} answered {response.status}")
        elif response.status == 200 and not any(each in kind for each in _SCRIPT_TYPES):
            self._traffic.misread.append(f"{path[-80:]} is {kind[:40]}, not a script")

    def _note_socket(self, socket: "WebSocket") -> None:
        opened = read_socket(socket.url, endpoint=self._run.target.endpoint, opened_seconds=self._run.elapsed_seconds())
        if opened is None or len(self._traffic.sockets) >= _MOST_SOCKETS:
            return
        self._traffic.sockets.append(opened)

        def note_end(how: str) -> None:
            opened.ended = opened.ended or how

        socket.on("framesent", lambda frame: note_frame(opened, frame, is_sent=True))
        socket.on("framereceived", lambda frame: note_frame(opened, frame, is_sent=False))
        socket.on("socketerror", lambda error: note_end(excerpt(str(error), characters=80) or "failed"))
        socket.on("close", lambda _: note_end("closed"))

    def _note_console(self, message: "ConsoleMessage") -> None:
        if message.type == "debug" and message.text.startswith(_OPENED):
            self._traffic.gone_to.append(message.text[len(_OPENED) :].strip()[:200])
        elif message.type == "error":
            self._note_error(message.text)

    def _note_error(self, text: str) -> None:
        # The query of an address may hold anything, and fills the line.
        line = _QUERY.sub("", " ".join(text[:4_000].split()))
        self._traffic.is_kept_out |= "CORS policy" in line
        if len(self._traffic.errors) < _MOST_ERRORS:
            self._traffic.errors.append(excerpt(line[:500], characters=_ERROR_CHARACTERS))

    def _note_navigation(self, frame: "Frame") -> None:
        site = urlsplit(self._run.target.site or "").netloc
        if frame.parent_frame is None and frame.url.startswith("http") and urlsplit(frame.url).netloc != site:
            self._traffic.gone_to.append(frame.url[:200])

    def _begin(self, reading: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(reading)
        self._readings.add(task)
        task.add_done_callback(self._readings.discard)


def _text_of(request: "Request") -> str:
    try:
        return request.post_data or ""
    except UnicodeDecodeError:
        return ""

"""
Serves the booking site, as a static host does: an unknown path gets the start page with 200.

What the pages need to know, and what they are to do wrong, is in ``/site/settings.json``; a page reads it
when it loads.
"""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from aiohttp import web

from monitor.sandbox import seed
from monitor.sandbox.booking_platform import THERAPISTS
from monitor.sandbox.faults.page import PageFault
from monitor.sandbox.faults.switches import Faults
from monitor.sandbox.site.settings import Settings
from monitor.sandbox.state.world import World

SETTINGS = ("site", "settings.json")

FOLDER: Final = Path(__file__).parent / "static"
_TYPES: Final = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".md": "text/plain",
    "": "text/plain",
}
_START_PAGE = ("index.html",)
_HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class Site:
    """
    Answers whatever is asked outside of the API; *database* holds the site's collections.
    """

    def __init__(self, world: World, faults: Faults, *, database: str) -> None:
        self._world = world
        self._faults = faults
        self._database = database
        # Read once: nothing that is asked for can name another file.
        self._files = {path.relative_to(FOLDER).parts: path for path in FOLDER.rglob("*") if path.is_file()}
        self._contents: dict[Path, bytes] = {}

    def answer(self, request: web.BaseRequest, segments: Sequence[str]) -> web.Response:
        """
        Answer one request; *segments* are the parts of its path.
        """
        if request.method not in {"GET", "HEAD"}:
            return web.Response(status=405, text="the site is only read\n", headers=_HEADERS | {"Allow": "GET, HEAD"})
        if tuple(segments) == SETTINGS:
            return web.json_response(asdict(self.settings()), headers=_HEADERS)
        path = self._files.get(tuple(segments) or _START_PAGE, self._files[_START_PAGE])
        if path not in self._contents:
            self._contents[path] = path.read_bytes()
        kind = _TYPES.get(path.suffix, "application/octet-stream")
        return web.Response(body=self._contents[path], content_type=kind, charset="utf-8", headers=_HEADERS)

    def settings(self) -> Settings:
        """
        Return what the pages are deployed with, and what they are to do wrong.
        """
        collections = {
            "bookings": "bookings",
            "chat_sessions": "chat_sessions",
            "chat_messages": "chat_messages",
            "notifications": "notifications",
            "therapists": THERAPISTS,
        }
        settings = Settings(
            endpoint="/v1",
            project=self._world.project,
            chat_project=self._world.project,
            database=self._database,
            team=seed.TEAM,
            chat_function=seed.CHAT_FUNCTION,
            collections=collections,
            dashboard_collections=dict(collections),
        )
        for fault in self._faults.in_force():
            if isinstance(fault, PageFault):
                fault.deploy(settings)
        return settings

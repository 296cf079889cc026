"""
The files of a deployed front end, as a visitor's browser gets them: the page, its scripts, and what those import.

A host with a single-page fallback answers HTML, with 200, for a script that is gone: its page is of another deployment
than its files. Only the page's own host and listed ones are asked; the files nearest the page come first.
"""

import asyncio
import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from monitor.appwrite.failures import failed, place
from monitor.core.errors import OwnFault
from monitor.core.outcome import Reason
from monitor.core.run import Run
from monitor.core.transport import Request, Response
from monitor.frontend.bundle import Mention
from monitor.frontend.mismatch import Flaw, Mismatch
from monitor.frontend.sources import TEXT_TYPES, Reading, Role, Search, Source, read_sources

# Together more than the front end of any booking site, and little enough to be read within a run.
_MAX_FILES = 50
_MAX_FILE_BYTES = 5 << 20
_MAX_BYTES = 20 << 20
# Page, script, its imports, theirs, and once more.
_MAX_DEPTH = 4
# Our own patterns need one for the largest bundle; a pattern of the configuration may never end.
_READ_SECONDS = 10.0
# The rest of the run's time is for saying so: it is no fault of the site's.
_READ_SHARE = 0.8
_GONE = frozenset({404, 410})
_SCRIPT_TYPES = frozenset({"javascript", "x-javascript", "ecmascript", "json"})


@dataclass(slots=True, kw_only=True)
class Deployment:
    """
    What was read of the front end at *page*: every mention, and the files that are gone.

    *next_scripts* are those that the files which were read last load, *unread* how many were left out for the bounds.
    """

    page: str
    mentions: list[Mention] = field(default_factory=list)
    stale: list[Flaw] = field(default_factory=list)
    next_scripts: tuple[str, ...] = ()
    files: int = 0
    bytes: int = 0
    unread: int = 0


async def read_page(run: Run, page: str, *, files: Iterable[str], search: Search) -> Deployment:
    """
    Read the page and the named *files*; raise ``CheckFailed`` when the page is not there.
    """
    deployment = Deployment(page=page)
    await _read(run, deployment, [(page, Role.PAGE), *((url, Role.NAMED) for url in files)], search)
    return deployment


async def read_scripts(run: Run, deployment: Deployment, *, hosts: Collection[str], search: Search) -> None:
    """
    Read the scripts that are on the page's host or on one of *hosts*, and what they import, into *deployment*.
    """
    asked, seen = {urlsplit(deployment.page).netloc, *hosts}, {deployment.page}
    for _ in range(_MAX_DEPTH):
        fresh = [url for url in deployment.next_scripts if url not in seen and urlsplit(url).netloc in asked]
        seen.update(fresh)
        await _read(run, deployment, [(url, Role.SCRIPT) for url in fresh], search)


async def _read(run: Run, deployment: Deployment, wanted: Iterable[tuple[str, Role]], search: Search) -> None:
    """
    Fetch and read one generation of files.
    """
    sources = []
    for url, role in wanted:
        if deployment.files >= _MAX_FILES or deployment.bytes >= _MAX_BYTES:
            deployment.unread += 1
            continue
        deployment.files += 1
        source = await _fetch(run, deployment, url, role)
        if source is not None:
            sources.append(source)
    reading = await _read_in_process(run, sources, search) if sources else Reading(mentions=(), scripts=())
    deployment.mentions += reading.mentions
    deployment.next_scripts = reading.scripts


async def _read_in_process(run: Run, sources: Sequence[Source], search: Search) -> Reading:
    # Not in this loop: it would stand still meanwhile, and nothing could end a pattern that goes astray.
    await run.in_process(os.getpid)  # So that its start is not in the time that the patterns are given.
    try:
        async with asyncio.timeout(min(_READ_SECONDS, run.remaining_seconds() * _READ_SHARE)):
            return await run.in_process(read_sources, sources, search)
    except TimeoutError:
        text = "the files could not be read in time: simplify the patterns of this check, or raise its timeout"
        raise OwnFault(text, files=tuple(source.label for source in sources)) from None


async def _fetch(run: Run, deployment: Deployment, url: str, role: Role) -> Source | None:
    response = await run.transport.session("guest").request(
        Request(
            method="GET",
            url=url,
            timeout_seconds=run.remaining_seconds(),
            # A browser loads the scripts over the connection of the page.
            fresh=role is Role.PAGE,
            max_body_bytes=_MAX_FILE_BYTES,
        )
    )
    run.observe_phases(response.phases)
    run.observe_certificate(response.certificate_expires_at)
    label = _label(url, deployment.page)
    problem = _problem(response, role)
    if problem and role is not Role.PAGE and (response.status in _GONE or response.status == 200):
        text = f"{role} {label} {problem}, so that the page is of another deployment than its files"
        deployment.stale.append(Flaw(mismatch=Mismatch.STALE_FILE, text=text))
        return None
    if problem:
        reason = Reason.WRONG_ANSWER if response.status == 200 else Reason.HTTP_STATUS
        next_move = "set page to the address it points at" if "location" in response.headers else "see the site's host"
        raise failed(reason, f"{place('GET', url)} {problem}: {next_move}", status=response.status, file=label)
    deployment.bytes += len(response.body)
    text = response.body.decode("utf-8", "replace")
    return Source(url=url, label=label, role=role, media_type=_media_type(response), text=text)


def _problem(response: Response, role: Role) -> str:
    kind = _media_type(response)
    is_script = kind.rpartition("/")[2].rpartition("+")[2] in _SCRIPT_TYPES
    fits, expected = {
        Role.PAGE: (kind in {"text/html", "application/xhtml+xml"}, "HTML"),
        Role.SCRIPT: (is_script, "JavaScript"),
        Role.NAMED: (is_script or kind in TEXT_TYPES, "JSON, JavaScript or plain text"),
    }[role]
    if response.status != 200:
        return f"answered {response.status}, expected 200"
    return "" if fits else f"answered {kind[:40]}, expected {expected}"


def _media_type(response: Response) -> str:
    return response.headers.get("content-type", "no type").partition(";")[0].strip().lower()


def _label(url: str, page: str) -> str:
    parts = urlsplit(url)
    label = parts.path or "/" if parts.netloc == urlsplit(page).netloc else f"{parts.netloc}{parts.path}"
    return label if len(label) <= 60 else f"…{label[-59:]}"

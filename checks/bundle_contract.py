"""
What the deployed front end names exists in the backend: endpoint, project, databases, collections, functions.

Backend green, site red: the configuration that was built into the site names another collection, an empty id, a display
name, a project of old or another region. The page, its scripts and what those import are read as a browser gets them.

Recognised, minified or not: ``setEndpoint("…")`` and ``setProject("…")``; texts under keys that end in ``endpoint``,
``collectionId``, ``databaseId`` or ``functionId``, however they are spelt (``VITE_BOOKINGS_COLLECTION_ID``), and beside
an endpoint under ``project[Id]``, ``database`` and ``function``; the entries of objects ``collections`` or ``tables``;
calls such as ``listDocuments("DATABASE", "COLLECTION")``; channels. Not recognised: ids under other names, for which
there are ``patterns``; files that the page fetches while it runs, and chunks whose names are put together then, for
which there are ``files``. Of two ids for one concept the wrong one is found if ``collections`` or the manifest says
which is right.

Talks to:  the site over HTTP; Appwrite REST with the server key (databases.read, collections.read or tables.read, and
           functions.read with ``functions``)
Steps:     page, scripts, backend, compare
Fails as:  wrong_answer  something named does not fit (all of it is in the evidence), a script of the page is gone or
                         answered with HTML (a stale page), or the page is no HTML
           http_status   the page or a script answered another status than 200
           not_found     the target's own database does not exist, or a collection that is named as it must be
           unauthorized  the project is in another region than the target's endpoint
           protocol      a file is larger than 5 MiB
Leaves:    nothing; one request per file, at most 50, and two or three reads

Example::

    site-fits-backend:
      kind: bundle_contract
      every: 10m
      timeout: 30s
      files: [/site/settings.json]
      collections:
        bookings: bookings
        chat_messages: chat_messages
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated
from urllib.parse import urljoin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from monitor.appwrite.errors import AppwriteError
from monitor.appwrite.failures import failed
from monitor.appwrite.identities import sign_in
from monitor.appwrite.rest import Client
from monitor.core.check import Check
from monitor.core.duration import Duration
from monitor.core.errors import OwnFault
from monitor.core.identity import KEY
from monitor.core.manifest import Manifest
from monitor.core.outcome import Reason
from monitor.core.pattern import Pattern
from monitor.core.run import Run
from monitor.core.target import AppwriteId, HttpUrl, appwrite_id
from monitor.core.topic import Topic
from monitor.frontend.bundle import Capture, Mention
from monitor.frontend.deployed import read_page, read_scripts
from monitor.frontend.mismatch import Backend, Flaw, Mismatch, find_mismatches
from monitor.frontend.naming import Thing, fold
from monitor.frontend.sources import Search

_MOST_FLAWS = 200
# A site names few; what a hostile bundle names beyond is not looked up.
_MAX_LOOKUPS = 10
_NEXT_MOVES = {
    Mismatch.STALE_FILE: "deploy the site whole, and purge its caches",
    Mismatch.MISSING_COLLECTION: "create it, or see what deleted it",
}


def _with_one_group(pattern: str) -> str:
    if re.compile(pattern).groups != 1:
        raise ValueError(f"{pattern!r} must have exactly one group: what it captures is the id")
    return pattern


class IdPattern(BaseModel):
    """
    Something that is recognised beside what the kind knows by itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    captures: Thing = Field(description="what the group holds: endpoint, project, database, collection or function")
    pattern: Annotated[Pattern, AfterValidator(_with_one_group)] = Field(
        description="regular expression with one group, searched in every file"
    )


class BundleContract(Check):
    """
    Reads the deployed files, and looks up what they name.
    """

    topics = frozenset({Topic.SITE})

    timeout_seconds: Duration = Field(default=30.0, ge=0.1, description="deadline of a run; shorter than `every`")
    page: HttpUrl | None = Field(default=None, description="the page; without one, target.site")
    files: tuple[Annotated[str, Field(pattern=r"^[^\s@]+$")], ...] = Field(
        default=(), max_length=20, description="more files of the site, relative to the page: settings, an env file"
    )
    hosts: tuple[Annotated[str, Field(pattern=r"^[\w.-]+(:\d+)?$")], ...] = Field(
        default=(), max_length=20, description="other hosts whose scripts are read too, such as a CDN"
    )
    collections: Mapping[str, AppwriteId] = Field(
        default_factory=dict,
        description="concept → the id it must have wherever the site names it, such as bookings: bookings",
    )
    patterns: Mapping[str, IdPattern] = Field(
        default_factory=dict, description="name → what else is recognised, and as what"
    )
    functions: bool = Field(default=False, description="look functions up too; the key then needs functions.read")
    ignore: tuple[str, ...] = Field(
        default=(), max_length=100, description="ids and addresses in the bundle that are not judged"
    )

    async def run(self, run: Run) -> None:
        page = self.page or run.target.site
        if page is None:
            raise OwnFault("no page to read: set target.site, or page of this check")
        search = self._search(run.manifest)
        async with run.step("page"):
            files = [urljoin(page, file) for file in self.files]
            deployment = await read_page(run, page, files=files, search=search)
        async with run.step("scripts"):
            await read_scripts(run, deployment, hosts=self.hosts, search=search)
            run.note(files=deployment.files, files_left_unread=deployment.unread)
        mentions = [mention for mention in deployment.mentions if mention.value not in self.ignore]
        async with run.step("backend"):
            backend = await self._look_up(await sign_in(run, KEY), page, mentions)
        async with run.step("compare"):
            _demand_none([*deployment.stale, *find_mismatches(mentions, backend)])

    def _search(self, manifest: Manifest | None) -> Search:
        captures = [
            Capture(name=name, thing=each.captures, pattern=each.pattern) for name, each in self.patterns.items()
        ]
        return Search(concepts=frozenset(self._expected(manifest)), captures=tuple(captures))

    def _expected(self, manifest: Manifest | None) -> dict[str, str]:
        declared = list(manifest.collections) if manifest is not None else []
        concepts = [fold(id_) for id_ in declared]
        # Two collections that read alike leave open which one is meant.
        expected = {fold(id_): id_ for id_ in declared if concepts.count(fold(id_)) == 1}
        return expected | {fold(concept): id_ for concept, id_ in self.collections.items()}

    async def _look_up(self, key: Client, page: str, mentions: Iterable[Mention]) -> Backend:
        target = key.run.target
        collections = {each.id: each.name for each in await key.list_collections()}
        others = _ids_of(Thing.DATABASE, mentions) - {target.database}
        databases = {each.id for each in await key.list_databases()} if others else set()
        for database in sorted(others & databases)[:_MAX_LOOKUPS]:
            collections |= {each.id: each.name for each in await key.list_collections(database)}
        functions = sorted(_ids_of(Thing.FUNCTION, mentions))[:_MAX_LOOKUPS] if self.functions else ()
        return Backend(
            page=page,
            endpoint=target.endpoint,
            project=target.project,
            database=target.database,
            databases=frozenset(databases),
            collections=collections,
            missing_functions=frozenset([each for each in functions if not await _exists(key, each)]),
            expected=self._expected(key.run.manifest),
        )


def _ids_of(thing: Thing, mentions: Iterable[Mention]) -> set[str]:
    return {mention.value for mention in mentions if mention.thing is thing and mention.value}


async def _exists(key: Client, function: str) -> bool:
    try:
        await key.ask("GET", f"/functions/{appwrite_id(function)}", thing=f"function {function!r}")
    except ValueError:
        return False
    except AppwriteError as error:
        if error.type == "function_not_found":
            return False
        raise
    return True


def _demand_none(flaws: Sequence[Flaw]) -> None:
    if not flaws:
        return
    worst = flaws[0]
    more = f" (and {len(flaws) - 1} more)" if len(flaws) > 1 else ""
    # The worst comes first: if that is the backend's fault, all are.
    reason = Reason.NOT_FOUND if worst.mismatch is Mismatch.MISSING_COLLECTION else Reason.WRONG_ANSWER
    raise failed(
        reason,
        f"{worst.text}{more}: {_NEXT_MOVES.get(worst.mismatch, 'correct its settings and deploy it again')}",
        flaws=tuple(flaw.text for flaw in flaws[:_MOST_FLAWS]),
        mismatches=tuple(dict.fromkeys(flaw.mismatch for flaw in flaws)),
    )

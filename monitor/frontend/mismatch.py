"""
What of the things that a front end names does not fit the backend: the client is misconfigured, the backend is well.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from monitor.core.target import appwrite_id
from monitor.frontend.bundle import Mention
from monitor.frontend.naming import Thing, Trust, fold

_DEFAULT_PORTS = {"http": 80, "https": 443}
_CLOUD = ".cloud.appwrite.io"
_SHOWN_CHARACTERS = 48
# Below it, what is named has nothing to do with the name.
_LIKENESS = 0.75
# What becomes of a missing value that is made a text.
_UNDEFINED = frozenset({"undefined", "null", "NaN", "[object Object]"})


class Mismatch(StrEnum):
    """
    How a name does not fit; the worst first.
    """

    STALE_FILE = "stale_file"
    OTHER_REGION = "other_region"
    OTHER_ENDPOINT = "other_endpoint"
    OTHER_PROJECT = "other_project"
    NO_DATABASE = "no_database"
    OTHER_DATABASE = "other_database"
    EMPTY_ID = "empty_id"
    UNDEFINED_ID = "undefined_id"
    NAME_AS_ID = "name_as_id"
    OTHER_COLLECTION = "other_collection"
    NO_COLLECTION = "no_collection"
    NO_FUNCTION = "no_function"
    # The site is right, and the backend is not as it was declared.
    MISSING_COLLECTION = "missing_collection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """
    One name that does not fit; *text* says where it is, and what was expected.
    """

    mismatch: Mismatch
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """
    What there is: *databases* beside the target's, *collections* as id → display name, and what of functions is not.

    *page* is where relative endpoints start from, *expected* folded concept → id of its collection.
    """

    page: str
    endpoint: str
    project: str
    database: str
    databases: frozenset[str]
    collections: Mapping[str, str]
    missing_functions: frozenset[str]
    expected: Mapping[str, str]


def find_mismatches(mentions: Iterable[Mention], backend: Backend) -> tuple[Flaw, ...]:
    """
    Return everything that does not fit, each once, the worst first.
    """
    mentions = tuple(mentions)
    credible = _credible_groups(mentions, backend)
    told = {_what(each) for each in mentions if each.trust > Trust.GUESSED}
    found = [
        flaw
        for mention in mentions
        if mention.trust > Trust.GUESSED or _what(mention) not in told
        if _is_meant(mention, backend, credible) and (flaw := _judge(mention, backend)) is not None
    ]
    found += _other_database(mentions, backend)
    order = list(Mismatch)
    return tuple(dict.fromkeys(sorted(found, key=lambda flaw: order.index(flaw.mismatch))))


def _what(mention: Mention) -> tuple[str, Thing, str, str | None]:
    return mention.file, mention.thing, mention.concept, mention.value


def _credible_groups(mentions: Iterable[Mention], backend: Backend) -> set[tuple[str, int]]:
    # Texts of a page, such as {collections: {title: "Our collections"}}, look alike: nothing in them is an id.
    return {
        (mention.file, mention.group)
        for mention in mentions
        if mention.group >= 0 and (mention.value in backend.collections or mention.concept in backend.expected)
    }


def _is_meant(mention: Mention, backend: Backend, credible: set[tuple[str, int]]) -> bool:
    if mention.thing is not Thing.COLLECTION or mention.trust is Trust.SURE:
        return True
    if mention.group >= 0:
        return (mention.file, mention.group) in credible
    is_live = mention.value in backend.collections
    return is_live or (mention.trust is Trust.LIKELY and mention.concept in backend.expected)


def _other_database(mentions: Iterable[Mention], backend: Backend) -> list[Flaw]:
    """
    A site may use several databases, but not only others.
    """
    named = {mention.value: mention for mention in mentions if mention.thing is Thing.DATABASE}
    others = [mention for value, mention in named.items() if value in backend.databases]
    if backend.database in named or not others:
        return []
    text = f", another one of the project, expected {backend.database!r}"
    return [_flaw(Mismatch.OTHER_DATABASE, others[0], text)]


def _judge(mention: Mention, backend: Backend) -> Flaw | None:
    if mention.value is None or mention.value in _UNDEFINED:
        return _flaw(Mismatch.UNDEFINED_ID, mention, ": a setting was missing when the site was built")
    if not mention.value:
        expected = backend.expected.get(mention.concept)
        return _flaw(Mismatch.EMPTY_ID, mention, f", expected {expected!r}" if expected else ", which is empty")
    return _JUDGES[mention.thing](mention, mention.value, backend)


def _judge_endpoint(mention: Mention, value: str, backend: Backend) -> Flaw | None:
    got, wanted = _parts(value, backend.page), _parts(backend.endpoint, backend.page)
    if got == wanted:
        return None
    text = f", expected {backend.endpoint!r}"
    if got is not None and wanted is not None and got.host != wanted.host and _are_cloud(got, wanted):
        return _flaw(Mismatch.OTHER_REGION, mention, f" of region {got.host.removesuffix(_CLOUD)!r}{text}")
    return _flaw(Mismatch.OTHER_ENDPOINT, mention, text)


def _judge_project(mention: Mention, value: str, backend: Backend) -> Flaw | None:
    if value == backend.project:
        return None
    return _flaw(Mismatch.OTHER_PROJECT, mention, f", expected {backend.project!r}")


def _judge_database(mention: Mention, value: str, backend: Backend) -> Flaw | None:
    if value == backend.database or value in backend.databases:
        return None
    return _flaw(Mismatch.NO_DATABASE, mention, f", which the project lacks, expected {backend.database!r}")


def _judge_collection(mention: Mention, value: str, backend: Backend) -> Flaw | None:
    expected = backend.expected.get(mention.concept)
    if value in backend.collections:
        if expected in {None, value}:
            return None
        return _flaw(Mismatch.OTHER_COLLECTION, mention, f", expected {expected!r}")
    by_name = [id_ for id_, name in backend.collections.items() if name == value]
    if value == expected:
        hint = f", though {by_name[0]!r} has that name" if by_name else ""
        return _flaw(Mismatch.MISSING_COLLECTION, mention, f", which does not exist{hint}")
    guess = expected or next(iter(by_name or _alike(value, backend.collections)), None)
    hint = f", expected {guess!r}" if guess else ""
    if by_name or not _is_id(value):
        return _flaw(Mismatch.NAME_AS_ID, mention, f", a display name and no id{hint}")
    return _flaw(Mismatch.NO_COLLECTION, mention, f", which does not exist{hint}")


def _judge_function(mention: Mention, value: str, backend: Backend) -> Flaw | None:
    if value not in backend.missing_functions:
        return None
    return _flaw(Mismatch.NO_FUNCTION, mention, ", which the project lacks")


_JUDGES: Mapping[Thing, Callable[[Mention, str, Backend], Flaw | None]] = {
    Thing.ENDPOINT: _judge_endpoint,
    Thing.PROJECT: _judge_project,
    Thing.DATABASE: _judge_database,
    Thing.COLLECTION: _judge_collection,
    Thing.FUNCTION: _judge_function,
}


def _flaw(mismatch: Mismatch, mention: Mention, what: str) -> Flaw:
    text = f"{mention.file} names {mention.thing} {_shown(mention.value)} ({mention.place}){what}"
    return Flaw(mismatch=mismatch, text=text)


def _shown(value: str | None) -> str:
    if value is None:
        return "undefined"
    return repr(value if len(value) <= _SHOWN_CHARACTERS else f"{value[: _SHOWN_CHARACTERS - 1]}…")


def _alike(value: str, ids: Iterable[str]) -> list[str]:
    ids = list(ids)
    same = [id_ for id_ in ids if fold(id_) == fold(value)]
    return same or get_close_matches(value, ids, n=1, cutoff=_LIKENESS)


def _is_id(value: str) -> bool:
    try:
        appwrite_id(value)
    except ValueError:
        return False
    return True


class _Parts(NamedTuple):
    scheme: str
    host: str
    port: int | None
    path: str


def _are_cloud(*addresses: _Parts) -> bool:
    return all(address.host.endswith(_CLOUD) for address in addresses)


def _parts(url: str, page: str) -> _Parts | None:
    try:
        parts = urlsplit(urljoin(page, url))
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return None
    return _Parts(parts.scheme, parts.hostname or "", port, parts.path.rstrip("/"))

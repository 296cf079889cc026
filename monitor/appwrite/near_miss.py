"""
What was probably meant by a database or collection that is not there: ids are mistaken for display names, renamed,
looked for in another database, project or region.

Reads only, with the server key, and only after a refusal. What is refused here too says nothing: the first refusal
stands.
"""

import asyncio
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from monitor.appwrite.answers import Database
from monitor.appwrite.errors import AppwriteError, error_type_of
from monitor.appwrite.failures import failed
from monitor.appwrite.rest import Client
from monitor.core.errors import CheckFailed, MonitorError

T = TypeVar("T")

_COLLECTION_MISSING = {"collection_not_found", "table_not_found"}
_OTHER_REGION = {"general_access_forbidden", "general_region_access_denied"}
# Of the cloud, whose projects are each served in one region only.
_HOST_WITHOUT_REGION = "cloud.appwrite.io"
# A project seldom has more than two; each costs a read or more.
_MOST_DATABASES = 5
# `chat_messages` and `chat_sessions` are 0.77 alike, and two things.
_ALIKE = 0.85
# Shorter beginnings say nothing: `chat` is not `chat_messages`.
_LEAST_AFFIX_CHARACTERS = 5


class Confusion(StrEnum):
    """
    How what was meant was missed.
    """

    DISPLAY_NAME = "display_name"
    SIMILAR_ID = "similar_id"
    OTHER_DATABASE = "other_database"
    PROJECT = "project"
    REGION = "region"
    ENDPOINT_WITHOUT_REGION = "endpoint_without_region"


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """
    What was *meant* (empty when nobody here can know), how that was missed, and the sentence that says so.
    """

    kind: Confusion
    meant: str = ""
    sentence: str


class Named(Protocol):
    """
    What has an id, which callers use, and a display name, which they must not.
    """

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


async def explained(key: Client, collection: str, refusal: AppwriteError, *, within_seconds: float) -> CheckFailed:
    """
    Return *refusal* of *collection*, or of its database, with what was probably meant, if that is found in time.
    """
    try:
        async with asyncio.timeout(within_seconds):
            miss = await _near_miss(key, collection, refusal)
    except TimeoutError:
        miss = None
    if miss is None:
        return refusal
    meant = {"near_miss": miss.meant} if miss.meant else {}
    return failed(refusal.reason, miss.sentence, **refusal.evidence, **meant, near_miss_kind=miss.kind.value)


def same_word(wanted: str, candidates: Iterable[Named]) -> tuple[Named, Confusion] | None:
    """
    Return the candidate whose display name or id is *wanted* but for case, spaces and punctuation.
    """
    each = tuple(candidates)
    spelt = next((one for one in each if _folded(one.id) == _folded(wanted)), None)
    if spelt is not None:
        return spelt, Confusion.SIMILAR_ID
    named = next((one for one in each if _folded(one.name) == _folded(wanted)), None)
    return (named, Confusion.DISPLAY_NAME) if named is not None else None


def similar(wanted: str, candidates: Iterable[Named]) -> tuple[Named, Confusion] | None:
    """
    Return the candidate whose id begins or ends as *wanted* does, or differs by a letter or two.
    """
    by_id = {one.id: one for one in candidates}
    longer = sorted((id_ for id_ in by_id if _extends(id_, wanted) or _extends(wanted, id_)), key=len)
    guesses = longer or get_close_matches(wanted, by_id, n=1, cutoff=_ALIKE)
    return (by_id[guesses[0]], Confusion.SIMILAR_ID) if guesses else None


async def _near_miss(key: Client, collection: str, refusal: AppwriteError) -> NearMiss | None:
    if refusal.type in _COLLECTION_MISSING:
        return await _for_collection(key, collection)
    if refusal.type == "database_not_found":
        return await _for_database(key, collection)
    if refusal.type == "project_not_found":
        return _for_project(key)
    if refusal.status in {401, 403}:
        return await _for_region(key)
    return None


async def _for_collection(key: Client, wanted: str) -> NearMiss | None:
    there = await _or_nothing(key.list_collections())
    found = same_word(wanted, there)
    if found is None and (elsewhere := await _database_with(key, wanted)) is not None:
        here = key.run.target.database
        text = f"collection {wanted!r} is not in database {here!r} (404), but in {elsewhere!r}: correct target.database"
        return NearMiss(kind=Confusion.OTHER_DATABASE, meant=elsewhere, sentence=text)
    found = found or similar(wanted, there)
    return _as_miss(f"collection {wanted!r}", found) if found else None


async def _for_database(key: Client, collection: str) -> NearMiss | None:
    wanted = key.run.target.database
    there = await _or_nothing(key.list_databases())
    holder = await _database_with(key, collection, among=there)
    if holder is not None:
        text = (
            f"database {wanted!r} answered 404, but {collection!r} is in database {holder!r}: correct target.database"
        )
        return NearMiss(kind=Confusion.OTHER_DATABASE, meant=holder, sentence=text)
    found = same_word(wanted, there) or similar(wanted, there)
    return _as_miss(f"database {wanted!r}", found) if found else None


def _for_project(key: Client) -> NearMiss:
    target = key.run.target
    text = f"project {target.project!r} is not known at {target.endpoint} (404)"
    if urlsplit(target.endpoint).hostname == _HOST_WITHOUT_REGION:
        return _without_region(text)
    text = f"{text}: correct target.project, or set target.endpoint to the one of the project's region"
    return NearMiss(kind=Confusion.PROJECT, sentence=text)


async def _for_region(key: Client) -> NearMiss | None:
    # A key is told no more than that it is unknown; of guests, only one of another region's project is refused here.
    try:
        answer = await key.as_guest().send("GET", "/account")
    except MonitorError:
        return None
    if error_type_of(answer) not in _OTHER_REGION:
        return None
    target = key.run.target
    text = f"project {target.project!r} lives in another region than {target.endpoint}"
    if urlsplit(target.endpoint).hostname == _HOST_WITHOUT_REGION:
        return _without_region(text)
    text = f"{text}: set target.endpoint to the one that the console shows for the project"
    return NearMiss(kind=Confusion.REGION, sentence=text)


def _without_region(text: str) -> NearMiss:
    meant = f"https://REGION.{_HOST_WITHOUT_REGION}/v1"
    sentence = f"{text}: set target.endpoint to {meant}, with the region that the console shows"
    return NearMiss(kind=Confusion.ENDPOINT_WITHOUT_REGION, meant=meant, sentence=sentence)


async def _database_with(key: Client, collection: str, among: Sequence[Database] | None = None) -> str | None:
    databases = among if among is not None else await _or_nothing(key.list_databases())
    others = [each.id for each in databases if each.id != key.run.target.database]
    for database in others[:_MOST_DATABASES]:
        if any(each.id == collection for each in await _or_nothing(key.list_collections(database))):
            return database
    return None


def _as_miss(missing: str, found: tuple[Named, Confusion]) -> NearMiss:
    named, kind = found
    if kind is Confusion.DISPLAY_NAME:
        text = f"{missing} answered 404: that is the display name ({named.name!r}) of {named.id!r}: configure the id"
    else:
        text = f"{missing} answered 404, but there is {named.id!r}: correct the id, or restore what was renamed"
    return NearMiss(kind=kind, meant=named.id, sentence=text)


async def _or_nothing(asked: Awaitable[tuple[T, ...]]) -> tuple[T, ...]:
    try:
        return await asked
    except MonitorError:
        return ()


def _extends(longer: str, shorter: str) -> bool:
    long, short = _folded(longer), _folded(shorter)
    return len(short) >= _LEAST_AFFIX_CHARACTERS and (long.startswith(short) or long.endswith(short))


def _folded(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())

"""
What the keys of a front end's configuration name: an endpoint, a project, a database, a collection or a function.
"""

import re
from enum import IntEnum, StrEnum
from functools import lru_cache

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# What says nothing about what is meant.
_NOISE = frozenset({"app", "appwrite", "env", "expo", "id", "ids", "next", "nuxt", "public", "react", "vite", "x"})
_COLLECTIONS = frozenset({"collection", "collections", "table", "tables"})
# What a collection has beside its id.
_ITS_OWN = frozenset({"class", "count", "label", "name", "path", "size", "title", "type", "url"})


class Thing(StrEnum):
    """
    What can be named, and looked up.
    """

    ENDPOINT = "endpoint"
    PROJECT = "project"
    DATABASE = "database"
    COLLECTION = "collection"
    FUNCTION = "function"


_NOUNS = {thing.value: thing for thing in Thing}


class Trust(IntEnum):
    """
    How sure it is that the thing is meant: by its key, by its company, or only if nothing better tells.
    """

    GUESSED = 0
    LIKELY = 1
    SURE = 2


def words_of(key: str) -> list[str]:
    """
    Return the words of a key in lower case, however they are joined.
    """
    return [word.lower() for word in _WORD.findall(key)]


@lru_cache(maxsize=4096)
def fold(key: str) -> str:
    """
    Return what *key* is about, whatever its spelling: ``VITE_BOOKINGS_COLLECTION_ID`` and ``booking`` are one.
    """
    return "".join(word.removesuffix("s") for word in words_of(key) if word not in _NOISE | _COLLECTIONS)


def names_collections(key: str) -> bool:
    """
    Return whether *key* is that of an object whose entries are collections: ``…collections``, ``collectionIds``.
    """
    words = words_of(key)
    return bool({"collections", "tables"}.intersection(words)) or words[-2:] in (
        ["collection", "ids"],
        ["table", "ids"],
    )


@lru_cache(maxsize=4096)
def meaning_of(key: str) -> tuple[Thing, Trust] | None:
    """
    Return what a key names, if anything that can be looked up, by its last words.

    ``…endpoint``; ``…project[Id]`` and ``…database[Id]``, sure with the word Appwrite; ``…function[Id]``;
    ``…collection[Id]``; ``…tableId`` of something; in capitals also ``COLLECTION_…``.
    """
    *words, last = words_of(key) or [""]
    has_id = last == "id" and bool(words)
    noun, appwrite, concept = (words[-1] if has_id else last), "appwrite" in words, fold(key)
    if noun == "table":
        return (Thing.COLLECTION, Trust.SURE) if has_id and (concept or appwrite) else None
    if noun == "collection":
        return (Thing.COLLECTION, Trust.SURE if has_id else Trust.LIKELY) if has_id or concept else None
    if noun in _NOUNS:
        is_sure = noun == "endpoint" or (has_id and noun != "project") or appwrite
        return _NOUNS[noun], Trust.SURE if is_sure else Trust.LIKELY
    is_constant = key.isupper() and "collection" in words and last not in _ITS_OWN
    return (Thing.COLLECTION, Trust.LIKELY) if is_constant else None

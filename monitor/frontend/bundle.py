"""
What the deployed files of a front end name: the endpoint, projects, databases, collections and functions in them.

Recognised, in source as in what minifiers leave of it (they keep the keys of objects, the names of methods and text):

- ``KEY: "VALUE"`` and ``KEY = "VALUE"``, also ``KEY: something || "VALUE"``, ``get KEY() { return "VALUE" }``, and
  lines ``KEY=VALUE`` of env files, where the words of KEY say what it is (``naming.py``);
- every entry of an object ``…collections: { bookings: "…" }`` or ``…tables``;
- ``setEndpoint("…")`` and ``setProject("…")``, also of a variable that was set shortly before;
- calls such as ``listDocuments("DATABASE", "COLLECTION", …)``, and channels ``databases.X.collections.Y.documents``;
- any text ``https://…appwrite…/v1``;
- ``KEY: "VALUE"`` where KEY is one of the concepts that the caller asks for;
- what the caller's own patterns capture.

The web SDK's own defaults are left out. Every pattern is linear in what it reads, but the caller's need not be: read in
a process of its own, since nothing here ever waits.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from monitor.frontend.naming import Thing, Trust, fold, meaning_of, names_collections

# Of one file; more is no configuration.
_MAX_MENTIONS = 2000
_MAX_ENTRIES = 200
_MAX_ASSIGNMENTS = 1_000_000
_NEAR_CHARACTERS = 600
_BEFORE_CHARACTERS = 2000

_SPACE = r"\s{0,8}+"
_KEY = r"""(?<![\w$-])(?P<quote>["']?)(?P<key>[A-Za-z_$][\w$-]{0,79}+)(?P=quote)"""
_LITERAL = r"""(?P<mark>["'`])(?P<value>[^"'`\\$\n]{0,200}+)(?P=mark)"""
_VALUE = (
    r"""(?:[^"'`,;:{}()\n|?]{0,120}+(?:\|\||\?\?)\s{0,8}+)?+"""
    rf"(?:{_LITERAL}|(?P<undefined>void 0|undefined)(?={_SPACE}[,;}})\n]))"
)
_ASSIGNMENT = re.compile(rf"{_KEY}{_SPACE}[:=]{_SPACE}{_VALUE}")
_GETTER = re.compile(
    rf"(?<![\w$])get\s(?P<key>[A-Za-z_$][\w$]{{0,79}}+)\(\){_SPACE}\{{{_SPACE}return\b{_SPACE}{_VALUE}"
)
_LINE = re.compile(
    r"^(?:export )?(?P<key>[A-Za-z_]\w{0,79}+)=(?P<value>[^\s\"'`#]{0,200}+)[ \t\r]{0,8}+$", re.MULTILINE
)
_OBJECT = re.compile(rf"{_KEY}{_SPACE}[:=]{_SPACE}\{{")
_ENTRY = re.compile(rf"{_SPACE}{_KEY}{_SPACE}:{_SPACE}{_VALUE}{_SPACE},?")
_SETTER = re.compile(
    rf"\bset(?P<what>Endpoint|Project)\({_SPACE}(?:{_VALUE}|(?P<name>[A-Za-z_$][\w$]{{0,79}}+)){_SPACE}\)"
)
_CALL = re.compile(
    r"\.(?P<method>(?:create|get|list|update|upsert|delete)(?:Document|Row)s?)\("
    rf"""{_SPACE}(?P<one>["'`])(?P<database>[^"'`\\$\n]{{0,200}}+)(?P=one){_SPACE},"""
    rf"""{_SPACE}(?P<two>["'`])(?P<collection>[^"'`\\$\n]{{0,200}}+)(?P=two)"""
)
_CHANNEL = re.compile(
    r"""["'`]databases\.(?P<database>[^"'`.$\s]{0,40}+)\.(?:collections|tables)\.(?P<collection>[^"'`.$\n]{0,40}+)\."""
)
_ADDRESS = re.compile(r"""(?P<mark>["'`])(?P<value>https?://[\w.:-]{0,80}+/v1/?)(?P=mark)""")
_SDK_DEFAULT = "endpointRealtime"
_SDK_CHARACTERS = 160
_TOLD_BY_ENDPOINT = frozenset({Thing.PROJECT, Thing.DATABASE, Thing.FUNCTION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """
    That *file* names a *thing* by *value* (None: by ``undefined``), in *place*, such as ``collections.bookings``.

    *concept* is what the thing is for, as ``fold`` writes it; *group* is the same for all entries of one object.
    """

    thing: Thing
    value: str | None
    place: str
    file: str
    concept: str = ""
    group: int = -1
    trust: Trust = Trust.SURE


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """
    A pattern of the caller's: a regular expression whose one group captures what names the *thing*.
    """

    name: str
    thing: Thing
    pattern: str


def read_mentions(text: str, *, file: str, concepts: frozenset[str], is_env: bool = False) -> tuple[Mention, ...]:
    """
    Return what *text* names, each once; *concepts*, folded, are keys that name collections wherever they stand.
    """
    return _Reader(text, file, concepts).read(is_env=is_env)


def capture(text: str, *, file: str, captures: Iterable[Capture]) -> tuple[Mention, ...]:
    """
    Return what the patterns of *captures* find, each once; they may take for ever.
    """
    return tuple(
        Mention(thing=each.thing, value=found, place=each.name, file=file)
        for each in captures
        for found in dict.fromkeys(match[1] for match in re.finditer(each.pattern, text) if match[1] is not None)
    )[:_MAX_MENTIONS]


class _Reader:
    def __init__(self, text: str, file: str, concepts: frozenset[str]) -> None:
        self._text = text
        self._file = file
        self._concepts = concepts
        self._defaults = [match.start() for match in re.finditer(_SDK_DEFAULT, text)]
        self._endpoints: list[int] = []
        self._mentions: dict[Mention, None] = {}

    def read(self, *, is_env: bool) -> tuple[Mention, ...]:
        for source in (self._addresses, self._setters, self._objects, self._calls):
            self._keep(source())
        self._keep(self._assignments((_ASSIGNMENT, _GETTER, _LINE) if is_env else (_ASSIGNMENT, _GETTER)))
        return tuple(self._mentions)

    def _keep(self, found: Iterable[Mention]) -> None:
        for mention in found:
            if len(self._mentions) >= _MAX_MENTIONS:
                return
            self._mentions[mention] = None

    def _addresses(self) -> Iterator[Mention]:
        for match in _ADDRESS.finditer(self._text):
            if "appwrite" in match["value"].lower() and not self._is_default(match.start()):
                self._endpoints.append(match.start())
                yield self._mention(Thing.ENDPOINT, match["value"], "an address", trust=Trust.GUESSED)

    def _setters(self) -> Iterator[Mention]:
        for match in _SETTER.finditer(self._text):
            value = match["value"] or ("" if match["mark"] else None)
            if match["name"]:
                value = self._variable(match["name"], match.start())
            if value is None and not match["undefined"]:
                continue
            thing = Thing(match["what"].lower())
            if thing is Thing.ENDPOINT:
                self._endpoints.append(match.start())
            yield self._mention(thing, value, f"set{match['what']}()")

    def _variable(self, name: str, before: int) -> str | None:
        # A variable of a minified file is set shortly before, and its name is used again for others elsewhere.
        start = max(0, before - _BEFORE_CHARACTERS)
        found = self._text.rfind(f"{name}=", start, before)
        if found < 0 or (found and (self._text[found - 1].isalnum() or self._text[found - 1] in "_$.")):
            return None
        match = re.compile(_LITERAL).match(self._text, found + len(name) + 1)
        return match["value"] if match else None

    def _objects(self) -> Iterator[Mention]:
        for match in _OBJECT.finditer(self._text):
            if not names_collections(match["key"]):
                continue
            at = match.end()
            for _ in range(_MAX_ENTRIES):
                entry = _ENTRY.match(self._text, at)
                if entry is None:
                    break
                at = entry.end()
                yield self._mention(
                    Thing.COLLECTION,
                    entry["value"],
                    f"{match['key']}.{entry['key']}",
                    concept=fold(entry["key"]),
                    group=match.start(),
                    trust=Trust.LIKELY,
                )

    def _calls(self) -> Iterator[Mention]:
        for match in (*_CALL.finditer(self._text), *_CHANNEL.finditer(self._text)):
            place = f"{match['method']}()" if match.re is _CALL else "a channel"
            for thing in (Thing.DATABASE, Thing.COLLECTION):
                yield self._mention(thing, match[thing], place)

    def _assignments(self, patterns: Iterable[re.Pattern[str]]) -> Iterator[Mention]:
        found = [
            (match, *meant)
            for pattern in patterns
            for match in islice(pattern.finditer(self._text), _MAX_ASSIGNMENTS)
            if (meant := self._meaning(match)) is not None
        ]
        # What stands beside an endpoint is told by it, so that all of them are known first.
        self._endpoints += [match.start() for match, thing, _ in found if thing is Thing.ENDPOINT]
        self._endpoints.sort()
        for match, thing, trust in found:
            concept = fold(match["key"]) if thing is Thing.COLLECTION else ""
            is_sure = trust is Trust.SURE or thing not in _TOLD_BY_ENDPOINT
            if is_sure or _is_near(match.start(), self._endpoints, _NEAR_CHARACTERS):
                yield self._mention(thing, match["value"], match["key"], concept=concept, trust=trust)

    def _meaning(self, match: re.Match[str]) -> tuple[Thing, Trust] | None:
        key, value = match["key"], match["value"]
        meant = meaning_of(key)
        if meant is None:
            is_concept = value and fold(key) in self._concepts
            return (Thing.COLLECTION, Trust.GUESSED) if is_concept else None
        if self._is_default(match.start()) or (meant[0] is Thing.ENDPOINT and not _is_address(value)):
            return None
        # `collectionId: ""` alone is an argument that has no value yet.
        is_blank = meant[0] is Thing.COLLECTION and not value and not fold(key)
        return None if is_blank else meant

    def _is_default(self, at: int) -> bool:
        return _is_near(at, self._defaults, _SDK_CHARACTERS)

    def _mention(
        self,
        thing: Thing,
        value: str | None,
        place: str,
        *,
        concept: str = "",
        group: int = -1,
        trust: Trust = Trust.SURE,
    ) -> Mention:
        return Mention(
            thing=thing, value=value, place=place, file=self._file, concept=concept, group=group, trust=trust
        )


def _is_address(value: str | None) -> bool:
    # Of what keys call an endpoint, that of an API: also a path on the site's own host.
    return value is not None and bool(re.fullmatch(r"(https?://[^/]+)?(/[\w.-]+)*/v1/?", value))


def _is_near(at: int, places: Sequence[int], characters: int) -> bool:
    """
    Return whether *at* is within *characters* of one of the *places*, ascending.
    """
    next_one = bisect_left(places, at)
    return any(abs(at - place) < characters for place in places[max(0, next_one - 1) : next_one + 1])

"""
What differs between the collections that are declared and those that live, all of it at once.

A difference is ``breaking`` when a declared writer would now be refused, or the query of a declared reader fail
(``usage.py``). So is, though it refuses nobody, access that the manifest does not grant: it is an outage of privacy.
A permission for people whom a declared one lets in already, as ``users`` where ``any`` is declared, is no such access.
Everything else is ``additive``. What means the same is the same: an order that is not given is ``ASC``, ``write`` is
create, update and delete.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict, Unpack

from monitor.core.manifest import DeclaredCollection, Manifest
from monitor.core.outcome import Impact, Reason
from monitor.core.permissions import exposure
from monitor.schema.changes import ABSENT, PRESENT, changes_of_attribute, changes_of_index
from monitor.schema.party import Permission, covering, permissions_in
from monitor.schema.usage import Usage

# The gravest first: what strangers may do, what is not there, what refuses data, what refuses people.
_GRAVITY = (Reason.PERMISSION_EXCESS, Reason.NOT_FOUND, Reason.SCHEMA, Reason.PERMISSION_MISSING)
# Whoever uses the collection or not.
_ALWAYS_BREAKING = frozenset({Reason.PERMISSION_EXCESS, Reason.NOT_FOUND})
_OF_REQUIRED = "make it optional, or have the writer write it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """
    One thing that is otherwise than declared.

    *about* names it: ``attribute status size``, ``index idx_x``, ``permission read("any")``. *declared* and *live* are
    its two forms as text. *breaks* names the writers and readers that it breaks; *reason* is that of a run it fails.
    *is_unfinished*: there, but not to be used, since the server never finished it. *remark* says what it comes to,
    *remedy* what to do about it, where there is more to do than to undo it.
    """

    collection: str
    about: str
    declared: str
    live: str
    reason: Reason = Reason.SCHEMA
    breaks: tuple[str, ...] = ()
    is_unfinished: bool = False
    remark: str = ""
    remedy: str = ""

    @property
    def impact(self) -> Impact:
        """
        Whether it breaks anything.
        """
        is_breaking = self.breaks or self.is_unfinished or self.reason in _ALWAYS_BREAKING
        return Impact.BREAKING if is_breaking else Impact.ADDITIVE

    def __str__(self) -> str:
        told = self._what()
        told += f": breaks {', '.join(self.breaks)}" if self.breaks else ""
        return f"{told}: {self.remark}" if self.remark else told

    def _what(self) -> str:
        if self.is_unfinished:
            return f"{self.about} is {self.live}"
        if self.live == ABSENT:
            return f"{self.about} is gone" + (f", declared {self.declared}" if self.declared != PRESENT else "")
        if self.declared == ABSENT:
            return f"{self.about} is not declared" + (f", live {self.live}" if self.live != PRESENT else "")
        return f"{self.about}: declared {self.declared}, live {self.live}"


def compare_all(
    manifest: Manifest, live: Mapping[str, DeclaredCollection], chosen: Sequence[str] = ()
) -> tuple[Difference, ...]:
    """
    Return what differs in the *chosen* collections; without any, in all of them, and those that live undeclared.
    """
    found: list[Difference] = []
    for name in chosen or manifest.collections:
        found += compare(name, manifest.collections[name], live.get(name))
    if not chosen:
        undeclared = (name for name in live if name not in manifest.collections)
        found += [Difference(collection=name, about="collection", declared=ABSENT, live=PRESENT) for name in undeclared]
    return gravest_first(found)


def compare(name: str, declared: DeclaredCollection, live: DeclaredCollection | None) -> tuple[Difference, ...]:
    """
    Return every difference of the collection whose id is *name*, the gravest first; *live* None: it is not there.
    """
    usage = Usage(declared)
    if live is None:
        about, reason = "collection", Reason.NOT_FOUND
        return (
            Difference(
                collection=name, about=about, declared=PRESENT, live=ABSENT, reason=reason, breaks=usage.everybody
            ),
        )
    return gravest_first(_Comparison(name, declared, live, usage).differences())


def gravest_first(differences: Iterable[Difference]) -> tuple[Difference, ...]:
    """
    Return *differences* with the breaking ones first, these by gravity of their reason; else in their order.
    """
    return tuple(sorted(differences, key=_rank))


def _rank(difference: Difference) -> int:
    return _GRAVITY.index(difference.reason) if difference.impact is Impact.BREAKING else len(_GRAVITY)


def counts(differences: Iterable[Difference]) -> dict[Impact, int]:
    """
    Return how many of *differences* have each impact.
    """
    impacts = [each.impact for each in differences]
    return {impact: impacts.count(impact) for impact in Impact}


class _More(TypedDict, total=False):
    reason: Reason
    breaks: tuple[str, ...]
    remark: str
    remedy: str


@dataclass(frozen=True, slots=True)
class _Comparison:
    """
    Two forms of one collection, and who uses it.
    """

    name: str
    declared: DeclaredCollection
    live: DeclaredCollection
    usage: Usage

    def differences(self) -> Iterator[Difference]:
        yield from self._of_enabled()
        yield from self._of_document_security()
        yield from self._of_permissions()
        yield from self._of_attributes()
        yield from self._of_indexes()
        yield from self._of_writers()

    def _of_enabled(self) -> Iterator[Difference]:
        if self.declared.enabled and not self.live.enabled:
            yield self._difference("enabled", "yes", "no", reason=Reason.NOT_FOUND, breaks=self.usage.everybody)
        elif self.live.enabled and not self.declared.enabled:
            yield self._difference("enabled", "no", "yes", reason=Reason.PERMISSION_EXCESS)

    def _of_document_security(self) -> Iterator[Difference]:
        about = "document security"
        if self.live.document_security and not self.declared.document_security:
            remark = "documents' own permissions count"
            yield self._difference(about, "off", "on", reason=Reason.PERMISSION_EXCESS, remark=remark)
        elif self.declared.document_security and not self.live.document_security:
            breaks = self.usage.broken_without_document_security(permissions_in(self.live.permissions))
            yield self._difference(about, "on", "off", reason=Reason.PERMISSION_MISSING, breaks=breaks)

    def _of_permissions(self) -> Iterator[Difference]:
        wanted, given = permissions_in(self.declared.permissions), permissions_in(self.live.permissions)
        for permission in sorted(given - wanted, key=str):
            yield self._gained(permission, wanted)
        for permission in sorted(wanted - given, key=str):
            yield self._lost(permission, given)

    def _gained(self, permission: Permission, wanted: Iterable[Permission]) -> Difference:
        about = f"permission {permission}"
        if covered := covering(permission, wanted):
            return self._difference(about, ABSENT, PRESENT, remark=f"{covered} is declared, and covers it")
        remark = exposure(self.name, permission.action, permission.role)
        return self._difference(about, ABSENT, PRESENT, reason=Reason.PERMISSION_EXCESS, remark=remark)

    def _lost(self, permission: Permission, given: Iterable[Permission]) -> Difference:
        breaks = self.usage.broken_by_permission(permission, given)
        about = f"permission {permission}"
        return self._difference(about, PRESENT, ABSENT, reason=Reason.PERMISSION_MISSING, breaks=breaks)

    def _of_attributes(self) -> Iterator[Difference]:
        for key in {**self.declared.attributes, **self.live.attributes}:
            was, becomes = self.declared.attributes.get(key), self.live.attributes.get(key)
            for change in changes_of_attribute(was, becomes):
                breaks = self.usage.broken_by_attribute(key, was, change.result)
                about = f"attribute {key} {change.part}".rstrip()
                remedy = _OF_REQUIRED if breaks and change.demands_a_value else ""
                yield self._difference(about, change.declared, change.live, breaks=breaks, remedy=remedy)

    def _of_indexes(self) -> Iterator[Difference]:
        for key in {**self.declared.indexes, **self.live.indexes}:
            was, becomes = self.declared.indexes.get(key), self.live.indexes.get(key)
            for change in changes_of_index(was, becomes):
                breaks = self.usage.broken_by_index(was, becomes, self.live.indexes.values())
                about = f"index {key} {change.part}".rstrip()
                yield self._difference(about, change.declared, change.live, breaks=breaks)

    def _of_writers(self) -> Iterator[Difference]:
        for each in self.usage.misfits(self.live.attributes):
            about = f"writer {each.writer} attribute {each.key}"
            yield self._difference(about, each.does, each.because, breaks=(each.writer,))

    def _difference(self, about: str, declared: str, live: str, **more: Unpack[_More]) -> Difference:
        return Difference(collection=self.name, about=about, declared=declared, live=live, **more)

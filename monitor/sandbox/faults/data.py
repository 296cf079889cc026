"""
Databases, collections, their schema and their permissions, as callers see them.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from pydantic import Field

from monitor.core.cause import Cause
from monitor.sandbox.faults.fault import Fault
from monitor.sandbox.faults.scope import COLLECTION_ID
from monitor.sandbox.state.schema import Attribute, Index
from monitor.sandbox.state.world import Collection, Database

Action = Literal["read", "create", "update", "delete"]
_ACTIONS: tuple[Action, ...] = ("read", "create", "update", "delete")
_ATTRIBUTE_SIZE = 255


class OnCollection(Fault):
    """
    Changes how one collection is seen.
    """

    collection: str = COLLECTION_ID

    def see(self, collection: Collection) -> Collection | None:
        return self.as_seen(collection) if collection.id == self.collection else collection

    def as_seen(self, collection: Collection) -> Collection | None:
        """
        Return the collection as it is seen; None for a missing one.
        """
        return collection


class DatabaseMissing(Fault):
    """
    The database is gone, as if deleted, or disabled, which server keys do not notice.
    """

    cause = Cause.DATABASE_MISSING
    how: Literal["missing", "disabled"] = Field(default="missing", description="what happened to it")

    def see_database(self, database: Database) -> Database | None:
        return replace(database, enabled=False) if self.how == "disabled" else None


class CollectionMissing(OnCollection):
    """
    One collection is gone, as if deleted; its id stays taken. Shows F04.
    """

    cause = Cause.COLLECTION_MISSING

    def as_seen(self, collection: Collection) -> Collection | None:  # noqa: ARG002 - a seam
        return None


class CollectionDisabled(OnCollection):
    """
    One collection is disabled: gone for clients, there for server keys; its events go on.
    """

    cause = Cause.COLLECTION_DISABLED

    def as_seen(self, collection: Collection) -> Collection | None:
        return replace(collection, enabled=False)


class CollectionIdMismatch(Fault):
    """
    One collection lives under another id than the one callers use; its data and its events too. Shows F02, F05.
    """

    cause = Cause.COLLECTION_ID_MISMATCH
    collection: str = Field(default="bookings", min_length=1, max_length=36, description="the id that callers use")
    to: str = Field(
        default="bookings_live",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,35}$",
        description="the id under which the collection lives",
    )

    def locate(self, collection_id: str) -> str:
        return self.collection if collection_id == self.to else collection_id

    def see(self, collection: Collection) -> Collection | None:
        return replace(collection, id=self.to) if collection.id == self.collection else collection


class SchemaDrift(OnCollection):
    """
    The schema of one collection is another than the one that writers were made for. Shows F11, F12, F13, F14, F24.

    ``required``: one more attribute is required, or one that was not; ``missing``: an attribute is gone; ``renamed``:
    it is there under another key (spelling twins); ``enum``: it allows other values; ``size``: it holds less;
    ``type``: it is a number; ``index``: its indexes are gone.
    """

    cause = Cause.SCHEMA_DRIFT
    change: Literal["required", "missing", "renamed", "enum", "size", "type", "index"] = Field(
        default="required", description="what differs"
    )
    attribute: str = Field(default="isSystemMessage", min_length=1, max_length=255, description="key of the attribute")
    to: str = Field(default="renamed", min_length=1, max_length=255, description="its key now, for renamed")
    values: tuple[str, ...] = Field(
        default=("Pending", "Confirmed"), strict=False, min_length=1, max_length=100, description="its values, for enum"
    )
    size: int = Field(default=1, ge=1, le=1_000_000, description="its size now, for size")

    def as_seen(self, collection: Collection) -> Collection | None:
        if self.change == "index":
            kept = {key: each for key, each in collection.indexes.items() if self.attribute not in each.attributes}
            return replace(collection, indexes=kept)
        return replace(collection, attributes=self._attributes(collection))

    def _attributes(self, collection: Collection) -> dict[str, Attribute]:
        attributes = dict(collection.attributes)
        known = attributes.pop(self.attribute, None)
        if known is None:
            if self.change == "required":
                attributes[self.attribute] = Attribute(
                    key=self.attribute,
                    type="string",
                    size=_ATTRIBUTE_SIZE,
                    required=True,
                    created_at=collection.updated_at,
                )
            return attributes
        changed = self._changed(known)
        return attributes if changed is None else attributes | {changed.key: changed}

    def _changed(self, attribute: Attribute) -> Attribute | None:
        match self.change:
            case "missing":
                return None
            case "renamed":
                return replace(attribute, key=self.to)
            case "enum":
                return replace(attribute, type="string", format="enum", elements=self.values, default=None)
            case "size":
                return replace(attribute, size=self.size)
            case "type":
                return replace(attribute, type="integer", format="", size=0, elements=(), default=None)
        return replace(attribute, required=True, default=None)


class SchemaStuck(OnCollection):
    """
    An attribute, or the indexes on it, never became available; documents cannot hold a value of it. Shows F11.
    """

    cause = Cause.SCHEMA_STUCK
    attribute: str = Field(default="text", min_length=1, max_length=255, description="key of the attribute")
    what: Literal["attribute", "index"] = Field(default="attribute", description="what is stuck")
    status: Literal["processing", "stuck", "failed"] = Field(default="processing", description="what it stays")

    def as_seen(self, collection: Collection) -> Collection | None:
        if self.what == "index":
            return replace(collection, indexes=_with_status(collection.indexes, self.attribute, self.status))
        attributes = dict(collection.attributes)
        if self.attribute in attributes:
            attributes[self.attribute] = replace(attributes[self.attribute], status=self.status)
        return replace(collection, attributes=attributes)


class PermissionMissing(OnCollection):
    """
    One collection lacks permissions; without any named, as if just created by a tool that forgot them. Shows F09.

    Without one of read, update and delete, documents' own permissions do not count either.
    """

    cause = Cause.PERMISSION_MISSING
    actions: tuple[Action, ...] = Field(
        default=_ACTIONS, strict=False, min_length=1, max_length=4, description="what is not permitted to anybody"
    )

    def as_seen(self, collection: Collection) -> Collection | None:
        kept = tuple(each for each in collection.permissions if each.partition("(")[0] not in self.actions)
        only_create = set(self.actions) == {"create"}
        return replace(collection, permissions=kept, document_security=collection.document_security and only_create)


class PermissionExcess(OnCollection):
    """
    One collection permits too much, such as to read all private messages to anybody.
    """

    cause = Cause.PERMISSION_EXCESS
    actions: tuple[Action, ...] = Field(
        default=("read",), strict=False, min_length=1, max_length=4, description="what is permitted"
    )
    role: Literal["any", "guests", "users"] = Field(default="any", description="to whom")

    def as_seen(self, collection: Collection) -> Collection | None:
        more = tuple(f'{action}("{self.role}")' for action in self.actions)
        return replace(collection, permissions=tuple(dict.fromkeys((*collection.permissions, *more))))


def _with_status(indexes: Mapping[str, Index], attribute: str, status: str) -> dict[str, Index]:
    return {
        key: replace(each, status=status) if attribute in each.attributes else each for key, each in indexes.items()
    }

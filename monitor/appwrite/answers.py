"""
The shapes of Appwrite's answers, as far as they are read; whatever else an answer holds is ignored.
"""

from collections.abc import Mapping
from typing import Annotated, TypeVar

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from monitor.appwrite.cookies import Cookie
from monitor.appwrite.failures import failed
from monitor.core.errors import CheckFailed
from monitor.core.outcome import Reason


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


A = TypeVar("A", bound=_Answer)


class Version(_Answer):
    """
    The version of the server; the only thing it tells everybody.
    """

    version: str


class PoolStatus(_Answer):
    """
    How a pool of connections is, ``pass`` when well; *ping* is what the server measured, in milliseconds.
    """

    name: str = ""
    status: str = "pass"
    ping: float = 0.0


class PoolStatuses(_Answer):
    """
    How the pools of one service are.
    """

    statuses: tuple[PoolStatus, ...]


class QueueSize(_Answer):
    """
    How many jobs wait in a queue.
    """

    size: int


class Execution(_Answer):
    """
    One run of a function; *body* is shown to whoever waited for it, *errors* to keys.

    *status* is ``waiting``, ``processing``, ``completed``, ``failed`` or ``scheduled``; a function that answers 4xx has
    completed.
    """

    id: str = Field(alias="$id")
    status: str
    status_code: int = Field(default=0, alias="responseStatusCode")
    body: str = Field(default="", alias="responseBody", repr=False)
    errors: str = ""

    @property
    def has_ended(self) -> bool:
        """
        Whether nothing more comes of it.
        """
        return self.status in {"completed", "failed"}


class Account(_Answer):
    """
    Who the caller is.
    """

    id: str = Field(alias="$id")
    email: str = ""
    name: str = ""


class Jwt(_Answer):
    """
    A short-lived proof of being a user.
    """

    jwt: str = Field(min_length=1, repr=False)


class Session(_Answer):
    """
    A session; *secret* is encoded as headers and cookies carry it. *cookie* is what the answer set, None when nothing.
    """

    id: str = Field(alias="$id")
    user_id: str = Field(alias="userId")
    provider: str = ""
    secret: str = Field(default="", repr=False)
    cookie: Cookie | None = Field(default=None, validation_alias="$cookie", repr=False)
    client_name: str = Field(default="", alias="clientName")
    client_version: str = Field(default="", alias="clientVersion")


class SessionPage(_Answer):
    """
    The sessions of a user.
    """

    sessions: tuple[Session, ...]


class UserPage(_Answer):
    """
    One page of the project's users.
    """

    users: tuple["User", ...]


class User(_Answer):
    """
    A user as the key sees him; what of him makes roles. An anonymous one has neither e-mail nor phone.
    """

    id: str = Field(alias="$id")
    created_at: str = Field(default="", alias="$createdAt")
    email: str = ""
    phone: str = ""
    enabled: bool = Field(default=True, alias="status")
    labels: tuple[str, ...] = ()
    email_verified: bool = Field(default=False, alias="emailVerification")
    phone_verified: bool = Field(default=False, alias="phoneVerification")


class Membership(_Answer):
    """
    That a user is in a team; one that is not *confirmed* gives no role.
    """

    id: str = Field(alias="$id")
    team_id: str = Field(alias="teamId")
    roles: tuple[str, ...] = ()
    confirmed: bool = Field(default=True, alias="confirm")


class MembershipPage(_Answer):
    """
    The memberships of a user.
    """

    memberships: tuple[Membership, ...]


class Database(_Answer):
    """
    A database; one that is not *enabled* is shown to keys only.
    """

    id: str = Field(alias="$id")
    name: str = ""
    enabled: bool = True


class DatabasePage(_Answer):
    """
    Some of the databases of a project.
    """

    total: int
    databases: tuple[Database, ...]


def _scalar(value: object) -> object:
    # Places have lists for defaults; nobody writes them down.
    return value if isinstance(value, str | int | float | bool) else None


class Attribute(_Answer):
    """
    One attribute (or column); *status* is ``available``, ``processing``, ``deleting``, ``stuck`` or ``failed``.
    """

    key: str
    type: str = ""
    status: str = ""
    error: str = ""
    required: bool = False
    array: bool = False
    size: int | None = None
    format: str | None = None
    elements: tuple[str, ...] | None = None
    min: float | None = None
    max: float | None = None
    default: Annotated[str | int | float | bool | None, BeforeValidator(_scalar)] = None
    encrypt: bool = False
    related_collection: str | None = Field(
        default=None, validation_alias=AliasChoices("relatedCollection", "relatedTable")
    )
    relation_type: str | None = Field(default=None, alias="relationType")
    two_way: bool = Field(default=False, alias="twoWay")
    on_delete: str | None = Field(default=None, alias="onDelete")
    created_at: str = Field(default="", alias="$createdAt")
    updated_at: str = Field(default="", alias="$updatedAt")


class Index(_Answer):
    """
    One index over *attributes*.
    """

    key: str
    type: str = ""
    status: str = ""
    error: str = ""
    attributes: tuple[str, ...] = Field(default=(), validation_alias=AliasChoices("attributes", "columns"))
    orders: tuple[str | None, ...] = ()
    lengths: tuple[int | None, ...] = ()
    created_at: str = Field(default="", alias="$createdAt")
    updated_at: str = Field(default="", alias="$updatedAt")


class Collection(_Answer):
    """
    A collection (or table) with its schema; one that is not *enabled* is shown to keys only.
    """

    id: str = Field(alias="$id")
    name: str = ""
    enabled: bool = True
    document_security: bool = Field(default=False, validation_alias=AliasChoices("documentSecurity", "rowSecurity"))
    permissions: tuple[str, ...] = Field(default=(), alias="$permissions")
    attributes: tuple[Attribute, ...] = Field(default=(), validation_alias=AliasChoices("attributes", "columns"))
    indexes: tuple[Index, ...] = ()


class CollectionPage(_Answer):
    """
    Some of the collections of a database.
    """

    total: int
    collections: tuple[Collection, ...] = Field(validation_alias=AliasChoices("collections", "tables"))


class Document(_Answer):
    """
    A document; *data* holds the attributes, without Appwrite's own ``$`` fields.
    """

    id: str = Field(alias="$id")
    created_at: str = Field(default="", alias="$createdAt")
    updated_at: str = Field(default="", alias="$updatedAt")
    permissions: tuple[str, ...] = Field(default=(), alias="$permissions")
    data: Mapping[str, object]

    @model_validator(mode="before")
    @classmethod
    def _gather_data(cls, answer: object) -> object:
        if not isinstance(answer, Mapping):
            return answer
        own = {key: value for key, value in answer.items() if key.startswith("$")}
        return {**own, "data": {key: value for key, value in answer.items() if not key.startswith("$")}}


class DocumentPage(_Answer):
    """
    The documents that a query found and the identity may read; *total* counts those too that are not on this page.
    """

    total: int
    documents: tuple[Document, ...] = Field(validation_alias=AliasChoices("documents", "rows"))


def shape(model: type[A], answer: Mapping[str, object], *, thing: str) -> A:
    """
    Return *answer* as *model*; raise ``CheckFailed`` (``protocol``) naming the field that does not fit.
    """
    try:
        return model.model_validate(answer)
    except ValidationError as error:
        raise _misshapen(error, thing) from error


def _misshapen(error: ValidationError, thing: str) -> CheckFailed:
    first = error.errors(include_url=False, include_input=False)[0]
    field = ".".join(str(part) for part in first["loc"]) or "answer"
    text = f"{thing} answered JSON with a wrong {field!r} ({first['msg']}): check that this is Appwrite"
    return failed(Reason.PROTOCOL, text, field=field)

"""
Roles and permissions as Appwrite writes them, refused where somebody mistyped one.

A role or permission that Appwrite does not know grants nothing, and whoever declares it would be told that the target
has another one too many.
"""

import re
from typing import Annotated

from pydantic import AfterValidator

_ID = r"[\w.-]+"
_STATUS = r"(/(un)?verified)?"
# any, guests, users[/verified], user:ID[/verified], team:ID[/ROLE], member:ID, label:NAME; `appwrite-protocol.md` 2.2.
_ROLE = rf"any|guests|users{_STATUS}|user:{_ID}{_STATUS}|team:{_ID}(/{_ID})?|(member|label):{_ID}"
_PERMISSION = re.compile(rf'(read|create|update|delete|write)\("({_ROLE})"\)')


def _role(value: str) -> str:
    if not re.fullmatch(_ROLE, value):
        raise ValueError(
            f"{value!r} is no role: expected any, guests, users, user:ID, team:ID, team:ID/ROLE, label:NAME"
        )
    return value


def _permission(value: str) -> str:
    if not _PERMISSION.fullmatch(value):
        raise ValueError(f"""{value!r} is no permission: expected such as read("any") or update("team:ID/ROLE")""")
    return value


Role = Annotated[str, AfterValidator(_role)]
Permission = Annotated[str, AfterValidator(_permission)]

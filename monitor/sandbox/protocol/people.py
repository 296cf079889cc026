"""
What a body tells of a user, checked as Appwrite checks it.
"""

import re
from collections.abc import Mapping

from monitor.sandbox.errors import argument_invalid, argument_missing
from monitor.sandbox.protocol.routing import Call
from monitor.sandbox.state.accounts import User
from monitor.sandbox.state.identifiers import chosen_id

_MAX_NAME = 128
_MAX_LABELS = 1_000
_MAX_PREFS_BYTES = 65_535
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"\+[1-9]\d{1,14}")
_LABEL = re.compile(r"[A-Za-z0-9]{1,36}")


def read_new_user(call: Call, *, password_needed: bool) -> User:
    """
    Create the user that a body describes.
    """
    id_ = call.fields.get("userId")
    if id_ is None:
        raise argument_missing("userId")
    user_id = chosen_id(id_, "userId")
    email = read_email(call) if password_needed or call.fields.get("email") else None
    phone = read_phone(call, "phone") if not password_needed and call.fields.get("phone") else ""
    password = read_password(call) if password_needed or call.fields.get("password") else None
    name = read_name(call, default="")
    user = call.world.accounts.create(id_=user_id, name=name, email=email, password=password)
    user.phone = phone
    return user


def read_name(call: Call, *, default: str | None = None) -> str:
    """
    Return the name of a body.
    """
    name = call.text("name", default=default)
    if len(name) > _MAX_NAME:
        raise argument_invalid("name", f"Value must be a valid string and no longer than {_MAX_NAME} chars")
    return name


def read_email(call: Call) -> str:
    """
    Return the e-mail of a body, in lower case.
    """
    email = call.fields.get("email")
    if email is None:
        raise argument_missing("email")
    if not isinstance(email, str) or not _EMAIL.fullmatch(email) or len(email) > 254:
        raise argument_invalid("email", "Value must be a valid email address")
    return email.lower()


def read_phone(call: Call, name: str) -> str:
    """
    Return the phone number of a body, which stands there under *name*.
    """
    number = call.fields.get(name)
    if number is None:
        raise argument_missing(name)
    if not isinstance(number, str) or not _PHONE.fullmatch(number):
        problem = "Phone number must start with a '+' can have a maximum of fifteen digits."
        raise argument_invalid(name, problem)
    return number


def read_password(call: Call, name: str = "password", *, may_be_empty: bool = False) -> str:
    """
    Return a password of a body.
    """
    password = call.fields.get(name)
    if password is None:
        raise argument_missing(name)
    fits = isinstance(password, str) and 8 <= len(password) <= 256
    if not isinstance(password, str) or not (fits or (may_be_empty and not password)):
        raise argument_invalid(name, "Password must be between 8 and 256 characters long.")
    return password


def read_labels(call: Call) -> tuple[str, ...]:
    """
    Return the labels of a body, each once.
    """
    if call.fields.get("labels") is None:
        raise argument_missing("labels")
    labels = call.texts("labels")
    if len(labels) > _MAX_LABELS or not all(_LABEL.fullmatch(each) for each in labels):
        raise argument_invalid(
            "labels",
            f"Value must a valid array no longer than {_MAX_LABELS} items and Value must be a valid string and at"
            " least 1 chars and no longer than 36 chars and only consist of"
            " 'a-z', 'A-Z' and '0-9' chars",
        )
    return tuple(dict.fromkeys(labels))


def read_prefs(call: Call) -> dict[str, object]:
    """
    Return the preferences of a body: any object that is not too large.
    """
    prefs = call.fields.get("prefs")
    if prefs is None:
        raise argument_missing("prefs")
    # An empty list is what PHP makes of an empty object.
    if prefs == []:
        return {}
    if not isinstance(prefs, Mapping) or len(repr(prefs)) > _MAX_PREFS_BYTES:
        raise argument_invalid("prefs", "Value must be a valid object")
    return dict(prefs)

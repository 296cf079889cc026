"""
What pydantic refuses, in our words and at its place in the file.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from monitor.config.draft import Draft
from monitor.config.route import NOTHING, UNUSABLE, Route, value_at
from monitor.config.shape import FILE_SUFFIX
from monitor.config.wording import MUST_BE_MAPPING, MUST_BE_NUMBER, choice, did_you_mean, show
from monitor.core.duration import show_duration
from monitor.core.target import SecretRefused

# The error types whose context lists what is allowed.
_CHOICES = {"literal_error", "enum", "union_tag_invalid"}

_LIST = "must be a list"
_WHOLE = "must be a whole number"
_TRUTH = "must be true or false"
# pydantic's error types in our words, with the bounds of its context.
_WORDING = {
    "missing": "is missing",
    "string_type": "must be text",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": MUST_BE_NUMBER,
    "float_parsing": MUST_BE_NUMBER,
    "finite_number": "must be a finite number",
    "bool_type": _TRUTH,
    "bool_parsing": _TRUTH,
    "dict_type": MUST_BE_MAPPING,
    "mapping_type": MUST_BE_MAPPING,
    "model_type": MUST_BE_MAPPING,
    "model_attributes_type": MUST_BE_MAPPING,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "set_type": _LIST,
    "frozen_set_type": _LIST,
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "multiple_of": "must be a multiple of {multiple_of}",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "too_short": "must have at least {min_length} entries",
    "too_long": "must have at most {max_length} entries",
    "string_pattern_mismatch": "must match {pattern}",
}


def explain(draft: Draft, error: ValidationError, beginning: Route = ()) -> None:
    """
    Note what pydantic found wrong in the model at *beginning*.
    """
    found = [(_route(draft, beginning, detail), detail) for detail in error.errors(include_url=False)]
    for route, group in groupby(found, key=lambda item: item[0]):
        # Of a union, pydantic finds one thing for every member.
        details = [detail for _, detail in group]
        if details[0]["input"] is not UNUSABLE:
            _refuse(draft, route, details)


def _route(draft: Draft, beginning: Route, detail: ErrorDetails) -> Route:
    # pydantic's location also names the member of a union and the injected name of a check; the data does not.
    route = beginning
    tagged: Route | None = None
    for index, part in enumerate(detail["loc"]):
        here = draft.at(route)
        is_missing = detail["type"] == "missing" and index == len(detail["loc"]) - 1
        if route != tagged and _is_tag(draft, route, here, part):
            tagged = route
        elif is_missing or value_at(here, (part,)) is not NOTHING:
            route = (*route, part)
    return (*route, "kind") if detail["type"].startswith("union_tag") else route


def _is_tag(draft: Draft, route: Route, value: object, part: str | int) -> bool:
    members = draft.shape(route[:-1]).at(route[-1]).kinds() if route and isinstance(value, dict) else []
    return len(members) > 1 and value_at(value, ("kind",)) == part


def _refuse(draft: Draft, route: Route, details: Sequence[ErrorDetails]) -> None:
    detail, kind = details[0], details[0]["type"]
    if kind == "extra_forbidden":
        draft.refuse(route, _unknown_key(draft, route), of_key=True)
    elif kind in {"missing", "union_tag_not_found"}:
        draft.refuse(route, _missing_key(draft, route, kind))
    elif kind in {"value_error", "assertion_error"}:
        draft.refuse(route, _told(draft, route, detail), of_key=isinstance(draft.at(route), Mapping))
    elif len(route) == 2 and route[0] == "checks" and detail["loc"][-1] == "name":
        draft.refuse(route, f"{_wording(draft, route, detail)}, got {show(route[-1])}: rename it", of_key=True)
    else:
        draft.refuse(route, _wrong_value(draft, route, details), of_key="[key]" in detail["loc"])


def _unknown_key(draft: Draft, route: Route) -> str:
    if ":" in str(route[-1]):
        return "unknown key: put a space after the colon"
    known = draft.keys(route[:-1])
    return "unknown key" + (did_you_mean(route[-1], known) or f": expected {choice(known)}")


def _missing_key(draft: Draft, route: Route, kind: str) -> str:
    if kind == "union_tag_not_found":
        return f"is missing: expected {choice(draft.shape(route[:-1]).kinds())}"
    if draft.shape(route).is_secret:
        return f"is missing: add it, or {route[-1]}{FILE_SUFFIX}"
    return "is missing: add it"


def _told(draft: Draft, route: Route, detail: ErrorDetails) -> str:
    """
    Return the message of a validator, whose author has seen to its wording.
    """
    error = detail["ctx"]["error"]
    if draft.is_sensitive(route) and not isinstance(error, SecretRefused):
        return "is not valid"
    message = str(error)
    return f"{message}, got {show(draft.at(route))}" if draft.shape(route).is_duration else message


def _wrong_value(draft: Draft, route: Route, details: Sequence[ErrorDetails]) -> str:
    value = route[-1] if "[key]" in details[0]["loc"] else draft.at(route)
    wordings = dict.fromkeys(_wording(draft, route, detail) for detail in details)
    # Not the value: `password:hunter2` without a space after the colon is no mapping either.
    is_hidden = MUST_BE_MAPPING in wordings and not isinstance(value, list)
    got = "a single value" if is_hidden else draft.show(route, value)
    return " or ".join(wordings) + (f", got {got}" if got else "") + _remedy(details[0], value)


def _wording(draft: Draft, route: Route, detail: ErrorDetails) -> str:
    context: dict[str, Any] = dict(detail.get("ctx", {}))
    if draft.shape(route).is_duration:
        context |= {bound: show_duration(context[bound]) for bound in ("gt", "ge", "lt", "le") if bound in context}
    if detail["type"] in _CHOICES:
        return f"must be {choice(_allowed(detail))}"
    if template := _WORDING.get(detail["type"]):
        return template.format_map(context)
    if draft.is_sensitive(route):
        return "is not valid"
    return detail["msg"].replace("Input should", "must")


def _remedy(detail: ErrorDetails, value: object) -> str:
    if value is None:
        return ": give a value, or remove the key"
    if detail["type"] == "string_type" and isinstance(value, int | float):
        return ": put it in quotes"
    if detail["type"] in _CHOICES:
        return did_you_mean(value, _allowed(detail))
    return ""


def _allowed(detail: ErrorDetails) -> list[str]:
    context = detail["ctx"]
    return re.findall(r"'([^']*)'", context.get("expected") or context["expected_tags"])

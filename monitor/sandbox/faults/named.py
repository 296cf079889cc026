"""
Faults by name and parameters, and the sentences for those that cannot be.
"""

import re
from collections.abc import Mapping

from pydantic import ValidationError

from monitor.core.errors import ConfigError, unknown
from monitor.sandbox.faults.catalogue import FAULTS, Description
from monitor.sandbox.faults.fault import Fault

_LABEL = re.compile(r"[A-Za-z0-9_.-]{1,36}")


class UnknownFault(ConfigError):
    """
    There is no fault of this name.
    """


def describe(name: str) -> Description:
    """
    Return the fault that *name*, perhaps with a label, stands for; raise ``UnknownFault``.
    """
    kind, at, label = name.partition("@")
    if kind not in FAULTS:
        raise UnknownFault(f"{unknown('fault', kind, FAULTS)} (`monitor sandbox --faults` lists all)")
    if at and not _LABEL.fullmatch(label):
        raise ConfigError(f"fault '{kind}': a label after @ is 1 to 36 letters, digits, '_', '.' or '-', got {label!r}")
    return FAULTS[kind]


def build(name: str, parameters: Mapping[str, object]) -> Fault:
    """
    Return the fault with its parameters; raise ``ConfigError`` in one sentence for the first that is bad.
    """
    description = describe(name)
    try:
        return description.fault.model_validate(dict(parameters))
    except ValidationError as error:
        raise ConfigError(_sentence(description, error)) from error


def _sentence(description: Description, error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    key = str(first["loc"][0]) if first["loc"] else ""
    if first["type"] == "extra_forbidden":
        taken = ", ".join(description.parameters) or "none"
        guess = unknown("parameter", key, description.parameters).partition(": ")[2]
        hint = f"; {guess}" if guess.startswith("did you mean") else ""
        return f"fault '{description.name}' has no parameter '{key}': it takes {taken}{hint}"
    message = first["msg"].removeprefix("Value error, ")
    problem = message[:1].lower() + message[1:]
    return f"fault '{description.name}', parameter '{key}': {problem}, got {first['input']!r:.100}"

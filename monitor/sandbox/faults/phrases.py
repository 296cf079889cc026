"""
Faults as they are written on a command line: ``NAME[@LABEL][:param=value,param=value]``, lists as ``a+b``.
"""

import json
from collections.abc import Mapping

from monitor.core.errors import ConfigError
from monitor.sandbox.faults.named import build, describe


def parse_fault(phrase: str) -> tuple[str, Mapping[str, object]]:
    """
    Return name and parameters; raise ``ConfigError`` for a fault that could not be switched on so.
    """
    name, _, rest = phrase.partition(":")
    defaults = describe(name).parameters
    parameters: dict[str, object] = {}
    for part in filter(None, rest.split(",")):
        key, equals, text = part.partition("=")
        if not equals:
            raise ConfigError(f"--fault {phrase}: {part!r} is no parameter: write param=value,param=value after ':'")
        parameters[key] = _value(text, like=defaults[key].default if key in defaults else text)
    build(name, parameters)
    return name, parameters


def _value(text: str, *, like: object) -> object:
    """
    Return what *text* means where the default is *like*; what it cannot mean is left for the fault to refuse.
    """
    if isinstance(like, str):
        return text
    if isinstance(like, tuple):
        return tuple(filter(None, text.split("+")))
    try:
        return json.loads(text)
    except ValueError:
        return text

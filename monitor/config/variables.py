"""
``${NAME}`` and ``${NAME:-default}`` in a value of the file; ``$${`` is a literal ``${``.
"""

import re
from collections.abc import Mapping

_VARIABLE = re.compile(r"\$\$\{|\$\{(?:(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>(?:(?!\$\{)[^}])*))?\})?")


def variables_in(text: str) -> set[str]:
    """
    Return the names of the variables that *text* uses.
    """
    return {found["name"] for found in _VARIABLE.finditer(text) if found["name"]}


def expanded(text: str, environ: Mapping[str, str]) -> str:
    """
    Return *text* with the values of its variables; raise ``ValueError`` when one has none.
    """
    return _VARIABLE.sub(lambda found: _value(found, environ), text)


def _value(found: re.Match[str], environ: Mapping[str, str]) -> str:
    name, default = found["name"], found["default"]
    if found[0] == "$${":
        return "${"
    if name is None:
        raise ValueError(
            "${ must be followed by NAME} or NAME:-default}: complete it, or write $${ for the text itself"
        )
    value = environ.get(name)
    if default is not None:
        return value or default
    if value is None:
        raise ValueError(f"environment variable {name} is not set: set it, or write ${{{name}:-default}}")
    return value

"""
The faults as ``monitor sandbox --faults`` lists them.
"""

import json
import textwrap

from monitor.sandbox.faults.catalogue import FAULTS, Description, Parameter

_WIDTH = 100
_INDENT = " " * 4


def list_faults() -> str:
    """
    Return all faults with cause, rows of the failure history, and parameters, ready to print.
    """
    return "\n\n".join((_HEAD, *(_entry(each) for each in FAULTS.values())))


def _entry(fault: Description) -> str:
    facts = (f"cause {fault.cause}", "pages" if fault.pages else "does not page", ", ".join(fault.rows))
    lines = [f"{fault.name}  [{' · '.join(filter(None, facts))}]", *_wrapped(f"{fault.summary} {fault.details}")]
    width = max((len(key) for key in fault.parameters), default=0)
    for key, parameter in fault.parameters.items():
        lines += _wrapped(f"{key:<{width}}  {_explain(parameter)}", hang=width + 2)
    return "\n".join(lines)


def _explain(parameter: Parameter) -> str:
    takes = f"{parameter.takes}, " if parameter.takes else ""
    return f"{parameter.description} ({takes}default {_written(parameter.default)})"


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return "+".join(map(str, value)) or "none"
    return str(value) or "empty" if isinstance(value, str) else json.dumps(value)


def _wrapped(text: str, *, hang: int = 0) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT + " " * hang)


_HEAD = """\
Faults, by what is broken. Switch them on with --fault, or in a running sandbox with `monitor sandbox --at`:
    --fault NAME                      with the defaults
    --fault NAME:param=value,param=value   lists as a+b
    --fault NAME@LABEL:…              once more, with other parameters"""

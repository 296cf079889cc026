"""
Query strings as PHP reads them: ``queries[0]=…&queries[]=…`` make a list.
"""

import re
from collections.abc import Iterable

_ELEMENT = re.compile(r"(.+?)\[(\d*)\]")


def read_query(pairs: Iterable[tuple[str, str]]) -> dict[str, object]:
    """
    Return the parameters of a query string; those written with brackets are lists, in the order they were sent.
    """
    parameters: dict[str, object] = {}
    for name, value in pairs:
        element = _ELEMENT.fullmatch(name)
        if element is None:
            parameters[name] = value
            continue
        elements = parameters.setdefault(element[1], [])
        if isinstance(elements, list):
            elements.append(value)
    return parameters

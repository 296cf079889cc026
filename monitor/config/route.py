"""
The way from the root of the data to a value in it, and what stands at its end.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

# Keys and list indexes from the root to a value.
Route: TypeAlias = tuple[str | int, ...]


class _Mark:
    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


# Stands where a value was refused already, so that nobody complains of it a second time.
UNUSABLE: Final = _Mark("UNUSABLE")
NOTHING: Final = _Mark("NOTHING")


def value_at(data: Any, route: Route) -> Any:
    """
    Return what stands at *route*; ``NOTHING`` when nothing does.
    """
    for key in route:
        if isinstance(data, dict):
            data = data.get(key, NOTHING)
        elif isinstance(data, list) and isinstance(key, int) and key < len(data):
            data = data[key]
        else:
            return NOTHING
    return data


def leaves(data: object, route: Route = ()) -> Iterator[tuple[Route, object]]:
    """
    Yield every value that is no mapping and no list, with its route.
    """
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from leaves(value, (*route, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from leaves(value, (*route, index))
    else:
        yield route, data

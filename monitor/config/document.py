"""
The data of one YAML file, with the place of everything in it.

A value with a ``${NAME}`` is text, whatever the variable holds, and the field it reaches gives it its type, as with
``MONITOR_…`` variables: a password of digits stays a password. Only an unquoted value that becomes empty is nothing
(``null``). Tags are refused. Whatever is wrong is a ``Problem`` and leaves ``UNUSABLE`` behind.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from monitor.config.problem import Position, Problem
from monitor.config.route import UNUSABLE, Route
from monitor.config.variables import expanded, variables_in
from monitor.config.yaml_nodes import MAX_DEPTH, WRITTEN, child, is_text, position_of, scalar_of
from monitor.core.errors import ConfigError

# A thousand checks take 10,000 nodes; what is far beyond is an accident or an attack by aliases.
MAX_NODES = 100_000


class Document:
    """
    The data of a file, what is wrong in it, the variables it uses, and where everything stands.
    """

    def __init__(self, path: Path, root: yaml.MappingNode, environ: Mapping[str, str]) -> None:
        builder = _Builder(path, environ)
        self.path = path
        self.data: dict[str, Any] = builder.mapping(root, ())
        self.problems = builder.problems
        self.variables = builder.variables
        self._root = root

    def position(self, route: Route, *, of_key: bool = False) -> Position:
        """
        Return where the value at *route* begins (or its key); of what is not in the file, the key of what lacks it.
        """
        key: yaml.Node = self._root
        node: yaml.Node = self._root
        for step in route:
            found = child(node, step)
            if found is None:
                return position_of(key)
            key, node = found
        return position_of(key if of_key else node)


class _Builder:
    """
    Turns nodes into data and collects what is wrong on the way.
    """

    def __init__(self, path: Path, environ: Mapping[str, str]) -> None:
        self.problems: list[Problem] = []
        self.variables: set[str] = set()
        self._path = path
        self._environ = environ
        self._nodes = 0

    def value(self, node: yaml.Node, route: Route) -> Any:
        """
        Return the data of *node*.
        """
        self._count(node, route)
        if node.tag not in WRITTEN:
            tag = node.tag.replace("tag:yaml.org,2002:", "!!")
            return self._unusable(node, route, f"tag {tag} is not allowed: write the plain value")
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, route)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*route, index)) for index, item in enumerate(node.value)]
        return self._scalar(node, route)

    def mapping(self, node: yaml.MappingNode, route: Route) -> dict[str, Any]:
        """
        Return the data of a mapping; of a key given twice the first value.
        """
        data: dict[str, Any] = {}
        first: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if not is_text(key):
                self._unusable(key, route, "a key must be text: put it in quotes")
            elif key.value in data:
                line = position_of(first[key.value]).line
                self._unusable(key, (*route, key.value), f"given twice, first on line {line}: remove one of them")
            else:
                first[key.value] = key
                data[key.value] = self.value(value, (*route, key.value))
        return data

    def _scalar(self, node: yaml.Node, route: Route) -> object:
        if "${" not in node.value:
            return scalar_of(node)
        self.variables |= variables_in(node.value)
        try:
            text = expanded(node.value, self._environ)
        except ValueError as error:
            return self._unusable(node, route, str(error))
        return None if text == "" and node.tag == "plain" else text

    def _unusable(self, node: yaml.Node, route: Route, message: str) -> object:
        self.problems.append(Problem(message=message, route=route, position=position_of(node)))
        return UNUSABLE

    def _count(self, node: yaml.Node, route: Route) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES or len(route) > MAX_DEPTH:
            raise ConfigError(
                f"{self._path}:{position_of(node)}: more than {MAX_NODES:,} values or {MAX_DEPTH} levels"
                " with aliases (*name) expanded: use fewer aliases"
            )

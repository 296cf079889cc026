"""
The nodes that PyYAML composes of a text: how each was written, what it means, and where it stands.

Plain scalars follow YAML 1.2: ``no``, ``0123`` and ``2026-01-01`` are text, only ``true``, ``12``, ``1.5`` and ``null``
are not.
"""

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

import yaml

from monitor.config.problem import Position

try:
    # In C, seven times as fast; PyYAML has it wherever libyaml was present when it was built.
    from yaml import CSafeLoader as _BaseLoader
except ImportError:
    from yaml import SafeLoader as _BaseLoader  # type: ignore[assignment]

Scalar: TypeAlias = str | int | float | bool | None

# The C parser recurses without a limit of its own and would crash the process.
MAX_DEPTH = 50
# The tags of nodes that have none in the file.
WRITTEN = frozenset({"plain", "quoted", "collection"})

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?[0-9]+\.[0-9]+(?:[eE][-+]?[0-9]+)?")
_WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


class NodeLoader(_BaseLoader):
    """
    Composes nodes whose tag says how they were written, and refuses what is nested too deep.
    """

    _depth = 0

    def resolve(self, kind: type[yaml.Node], value: object, implicit: Any) -> str:  # noqa: ARG002 - PyYAML's own
        """
        Return the tag of a node that has none in the file.
        """
        if kind is yaml.ScalarNode:
            return "plain" if implicit[0] else "quoted"
        return "collection"

    def descend_resolver(self, current_node: yaml.Node | None, current_index: object) -> None:  # noqa: ARG002
        """
        Count a level; PyYAML calls this before every node.
        """
        self._depth += 1
        if self._depth > MAX_DEPTH and current_node is not None:
            message = f"nested deeper than {MAX_DEPTH} levels"
            raise yaml.composer.ComposerError(None, None, message, current_node.start_mark)

    def ascend_resolver(self) -> None:
        """
        Leave a level.
        """
        self._depth -= 1


def scalar_of(node: yaml.Node) -> Scalar:
    """
    Return what a scalar means by itself; a quoted one is text.
    """
    text: str = node.value
    if node.tag != "plain":
        return text
    if text in _WORDS:
        return _WORDS[text]
    # 18 digits: what a 64 bit number holds; longer ones are ids, and Python refuses to parse them from 4,300 on.
    if len(text) <= 18 and _INTEGER.fullmatch(text):
        return int(text)
    if len(text) <= 18 and _DECIMAL.fullmatch(text):
        return float(text)
    return text


def is_text(node: yaml.Node) -> bool:
    """
    Whether *node* is a text without a tag: what a key must be.
    """
    return isinstance(node, yaml.ScalarNode) and node.tag in WRITTEN and isinstance(scalar_of(node), str)


def child(node: yaml.Node, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    """
    Return key and value under *step* (of a list the item, twice); None when there is nothing.
    """
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if is_text(key) and key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None


def position_of(node: yaml.Node) -> Position:
    """
    Return where *node* begins.
    """
    return Position(line=node.start_mark.line + 1, column=node.start_mark.column + 1)

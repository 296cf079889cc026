"""
One YAML file as data, with the place of everything in it.

- Plain scalars follow YAML 1.2: ``no``, ``0123`` and ``2026-01-01`` are text, only ``true``, ``12``, ``1.5`` and
  ``null`` are not. Tags are refused.
- ``${NAME}`` and ``${NAME:-default}`` stand in values, also inside a longer text; ``$${`` is a literal ``${``.
  A value with a variable is text, whatever the variable holds, and the field it reaches gives it its type, as with
  ``MONITOR_…`` variables: a password of digits stays a password. Only an unquoted value that becomes empty is nothing
  (``null``).
- Whatever is wrong is a ``Problem`` and leaves ``UNUSABLE`` behind, so that nobody complains of it a second time.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn, TypeAlias

import yaml
from yaml.reader import Reader

try:
    # In C, seven times as fast; PyYAML has it wherever libyaml was present when it was built.
    from yaml import CSafeLoader as _BaseLoader
except ImportError:
    from yaml import SafeLoader as _BaseLoader  # type: ignore[assignment]

from monitor.core.errors import ConfigError

# Keys and list indexes from the root to a value.
Route: TypeAlias = tuple[str | int, ...]

# A thousand checks take 100 KiB and 10,000 nodes; what is far beyond is an accident or an attack by aliases.
MAX_FILE_BYTES = 4 << 20
MAX_NODES = 100_000
# The C parser recurses without a limit of its own and would crash the process.
MAX_DEPTH = 50

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?[0-9]+\.[0-9]+(?:[eE][-+]?[0-9]+)?")
_WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_VARIABLE = re.compile(r"\$\$\{|\$\{(?:(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>(?:(?!\$\{)[^}])*))?\})?")


class _Unusable:
    def __repr__(self) -> str:
        return "UNUSABLE"


UNUSABLE: Final = _Unusable()


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Position:
    """
    A place in the file, both counted from 1.
    """

    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """
    One thing that is wrong: at *position* of the file or, without one, in the *source* that is named instead.
    """

    message: str
    route: Route = ()
    position: Position | None = None
    source: str = ""


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
            found = _child(node, step)
            if found is None:
                return _position(key)
            key, node = found
        return _position(key if of_key else node)


def read_document(path: Path, environ: Mapping[str, str]) -> Document:
    """
    Read the file at *path*; raise ``ConfigError`` when there is no mapping to be read from it.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file: name it with -c, or write one with `monitor config init`") from None
    except IsADirectoryError:
        raise ConfigError(f"{path}: is a directory, expected a YAML file: name the file in it") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}: check owner and mode of the file") from None
    if len(content) > MAX_FILE_BYTES:
        raise ConfigError(f"{path}: larger than {MAX_FILE_BYTES >> 20} MiB: is this the right file?")
    return Document(path, _root(path, _text(path, content)), environ)


def _text(path: Path, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}:{line}: not UTF-8 text: save the file as UTF-8") from None
    if found := Reader.NON_PRINTABLE.search(text):
        line, column = text.count("\n", 0, found.start()) + 1, found.start() - text.rfind("\n", 0, found.start())
        raise ConfigError(f"{path}:{line}:{column}: control character {found[0]!r}: remove it")
    return text


def _root(path: Path, text: str) -> yaml.MappingNode:
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        raise ConfigError(f"{place}: not valid YAML: {_syntax_problem(error, text)}") from None
    if root is None:
        raise ConfigError(f"{path}: is empty: write a configuration with `monitor config init`")
    if not isinstance(root, yaml.MappingNode):
        position = _position(root)
        raise ConfigError(
            f"{path}:{position.line}:{position.column}: must be a mapping with the keys target and checks, got"
            f" {'a list' if isinstance(root, yaml.SequenceNode) else 'a single value'}"
        )
    return root


def _syntax_problem(error: yaml.MarkedYAMLError, text: str) -> str:
    problem = " ".join(part for part in (error.context, error.problem) if part)
    lines = text.splitlines()
    line = error.problem_mark.line if error.problem_mark else 0
    if line < len(lines) and "${" in lines[line] and "{" in lines[line].replace("${", ""):
        return f"{problem}: inside {{ }} and [ ] put a value with ${{…}} in quotes"
    return f"{problem}: check indentation, colons and quotes here and on the line before"


class _Loader(_BaseLoader):
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
        self._nodes += 1
        if self._nodes > MAX_NODES or len(route) > MAX_DEPTH:
            self._refuse_size(node)
        if node.tag not in {"plain", "quoted", "collection"}:
            return self._unusable(node, route, f"tag {_short(node.tag)} is not allowed: write the plain value")
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
            if not _is_text(key):
                self._unusable(key, route, "a key must be text: put it in quotes")
            elif key.value in data:
                line = _position(first[key.value]).line
                self._unusable(key, (*route, key.value), f"given twice, first on line {line}: remove one of them")
            else:
                first[key.value] = key
                data[key.value] = self.value(value, (*route, key.value))
        return data

    def _scalar(self, node: yaml.Node, route: Route) -> Any:
        text: str = node.value
        if "${" not in text:
            return _plain(text) if node.tag == "plain" else text
        expanded = self._expand(node, route)
        return None if expanded == "" and node.tag == "plain" else expanded

    def _expand(self, node: yaml.Node, route: Route) -> str | _Unusable:
        parts: list[str] = []
        end = 0
        for found in _VARIABLE.finditer(node.value):
            value = self._variable(node, route, found)
            if isinstance(value, _Unusable):
                return value
            parts += node.value[end : found.start()], value
            end = found.end()
        return "".join((*parts, node.value[end:]))

    def _variable(self, node: yaml.Node, route: Route, found: re.Match[str]) -> str | _Unusable:
        name, default = found["name"], found["default"]
        if found[0] == "$${":
            return "${"
        if name is None:
            message = "${ must be followed by NAME} or NAME:-default}: complete it, or write $${ for the text itself"
            return self._unusable(node, route, message)
        self.variables.add(name)
        value = self._environ.get(name)
        if default is not None:
            return value or default
        if value is None:
            message = f"environment variable {name} is not set: set it, or write ${{{name}:-default}}"
            return self._unusable(node, route, message)
        return value

    def _unusable(self, node: yaml.Node, route: Route, message: str) -> _Unusable:
        self.problems.append(Problem(message=message, route=route, position=_position(node)))
        return UNUSABLE

    def _refuse_size(self, node: yaml.Node) -> NoReturn:
        position = _position(node)
        raise ConfigError(
            f"{self._path}:{position.line}:{position.column}: more than {MAX_NODES:,} values or {MAX_DEPTH} levels"
            " with aliases (*name) expanded: use fewer aliases"
        )


def _plain(text: str) -> str | int | float | bool | None:
    if text in _WORDS:
        return _WORDS[text]
    # 18 digits: what a 64 bit number holds; longer ones are ids, and Python refuses to parse them from 4,300 on.
    if len(text) <= 18 and _INTEGER.fullmatch(text):
        return int(text)
    if len(text) <= 18 and _DECIMAL.fullmatch(text):
        return float(text)
    return text


def _is_text(key: yaml.Node) -> bool:
    return isinstance(key, yaml.ScalarNode) and (
        key.tag == "quoted" or (key.tag == "plain" and isinstance(_plain(key.value), str))
    )


def _child(node: yaml.Node, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if _is_text(key) and key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None


def _position(node: yaml.Node) -> Position:
    return Position(line=node.start_mark.line + 1, column=node.start_mark.column + 1)


def _short(text: str) -> str:
    return text.replace("tag:yaml.org,2002:", "!!")

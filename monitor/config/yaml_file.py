"""
Reads the YAML file.
"""

from collections.abc import Mapping
from pathlib import Path

import yaml
from yaml.reader import Reader

from monitor.config.document import Document
from monitor.config.yaml_nodes import NodeLoader, position_of
from monitor.core.errors import ConfigError

# A thousand checks take 100 KiB.
MAX_FILE_BYTES = 4 << 20


def read_document(
    path: Path,
    environ: Mapping[str, str],
    *,
    keys: str = "target and checks",
    start: str = "name another with -c, or start from the smallest one in the README",
) -> Document:
    """
    Read the file at *path*; raise ``ConfigError`` when there is no mapping to be read from it.

    *keys* are those that it must have, *start* says how to come by such a file.
    """
    return Document(path, _root(path, _text(path, _content(path, start)), keys=keys, start=start), environ)


def _content(path: Path, start: str) -> bytes:
    try:
        # Nobody may ever write to a pipe.
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise ConfigError(f"{path}: is no regular file: name one")
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file: {start}") from None
    except IsADirectoryError:
        raise ConfigError(f"{path}: is a directory, expected a YAML file: name the file in it") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}: check owner and mode of the file") from None
    if len(content) > MAX_FILE_BYTES:
        raise ConfigError(f"{path}: larger than {MAX_FILE_BYTES >> 20} MiB: is this the right file?")
    return content


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


def _root(path: Path, text: str, *, keys: str, start: str) -> yaml.MappingNode:
    try:
        root = yaml.compose(text, Loader=NodeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        raise ConfigError(f"{place}: not valid YAML: {_syntax_problem(error, text)}") from None
    if root is None:
        raise ConfigError(f"{path}: is empty: {start}")
    if not isinstance(root, yaml.MappingNode):
        got = "a list" if isinstance(root, yaml.SequenceNode) else "a single value"
        place = f"{path}:{position_of(root)}"
        raise ConfigError(f"{place}: must be a mapping with the keys {keys}, got {got}")
    return root


def _syntax_problem(error: yaml.MarkedYAMLError, text: str) -> str:
    problem = " ".join(part for part in (error.context, error.problem) if part)
    lines = text.splitlines()
    line = error.problem_mark.line if error.problem_mark else 0
    if line < len(lines) and "${" in lines[line] and "{" in lines[line].replace("${", ""):
        return f"{problem}: inside {{ }} and [ ] put a value with ${{…}} in quotes"
    return f"{problem}: check indentation, colons and quotes here and on the line before"

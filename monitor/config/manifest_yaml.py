"""
Writes a manifest as YAML that a person reads and edits, and that ``load_manifest`` reads as the same manifest.
"""

import contextlib
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from monitor.core.errors import ConfigError
from monitor.core.manifest import DeclaredCollection, Manifest

_HEADER = """\
# What the collections of the platform are declared to be. `monitor manifest pull` writes it from the live project and
# keeps writers, readers and access, which are declared by hand; comments it does not keep.
# `monitor manifest diff` and checks of the kind collection_schema compare the live project with it.

"""
_WIDTH = 120
# Beyond it a float does not hold every whole number.
_EXACT = 1 << 53
# Texts that no reader of YAML takes for anything else; those that it does, the library quotes by itself.
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")


def manifest_yaml(manifest: Manifest) -> str:
    """
    Return *manifest* as YAML, without what is as by default.
    """
    collections = {name: _collection(each) for name, each in manifest.collections.items()}
    whole: dict[str, object] = {"database": manifest.database} if manifest.database else {}
    text: str = yaml.dump(
        whole | {"collections": collections}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH
    )
    return _HEADER + text


def write_file(path: Path, text: str) -> None:
    """
    Put *text* into the file at *path*, wholly or not at all; raise ``ConfigError`` when that cannot be done.
    """
    # Of a link, what it points at.
    path = path.resolve()
    temporary = None
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
            temporary = Path(file.name)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()
        raise ConfigError(f"{path}: cannot be written: {error.strerror}: check the folder and its mode") from None


class _OneLine(dict[str, Any]):
    """
    A mapping that is written in one line, or as few as it needs.
    """


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - PyYAML's own
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, indentless=False)


def _write_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # Between double quotes, what cannot be printed is escaped.
    style = None if _PLAIN.fullmatch(text) else "'" if text.isprintable() else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _write_one_line(dumper: yaml.SafeDumper, data: _OneLine) -> yaml.MappingNode:
    return dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=True)


_Dumper.add_representer(str, _write_text)
_Dumper.add_representer(_OneLine, _write_one_line)


def _collection(collection: DeclaredCollection) -> dict[str, object]:
    said = collection.model_dump(mode="json", exclude_defaults=True)
    written: dict[str, object] = {}
    # The flags and permissions of the collection come before its parts.
    for name, value in said.items():
        if isinstance(value, dict):
            written[name] = {key: _part(each) for key, each in value.items()}
        else:
            written[name] = _value(value)
    return written


def _part(value: object) -> object:
    return _OneLine(_value(value)) if isinstance(value, dict) else _value(value)  # type: ignore[call-overload]


def _value(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _value(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_value(each) for each in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return int(value)
    # Or the reader would look for a variable.
    return value.replace("${", "$${") if isinstance(value, str) else value

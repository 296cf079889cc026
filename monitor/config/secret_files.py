"""
Values kept in files, one each.

A file is named by a variable (``MONITOR_TARGET__API_KEY_FILE``), else in the YAML (``api_key_file``), else it lies in
the mounted directory (``monitor_target__api_key``). A file whose value a higher source gives is not read.
"""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from monitor.config.names import PREFIX, SECRETS_DIR_VARIABLE, refuse_name, route_of, secret_of
from monitor.config.problem import Problem
from monitor.config.route import UNUSABLE, Route, leaves
from monitor.config.shape import FILE_SUFFIX
from monitor.config.source import Source

DEFAULT_SECRETS_DIR = Path("/run/secrets")
MAX_SECRET_BYTES = 64 << 10


class SecretFilesSource(Source):
    """
    The values of all secret files.
    """

    def __call__(self) -> dict[str, Any]:
        """
        Return the values; a file that cannot be read is a problem.
        """
        self._read_named_by_variables()
        self._read_named_in_yaml()
        self._read_mounted()
        return self.values

    def _read_named_by_variables(self) -> None:
        suffix = FILE_SUFFIX.upper()
        for variable, file in sorted(self.draft.environ.items()):
            if not variable.startswith(PREFIX) or not variable.upper().endswith(suffix):
                continue
            route = secret_of(self.draft, route_of(self.draft, variable) or ())
            if not route:
                continue
            place = Problem(message="", route=route, source=f"environment variable {variable}")
            if route in self.draft.sources:
                self._refuse(place, f"given besides {variable.removesuffix(suffix)}: unset one of them")
            self._read(route, file, place)

    def _read_named_in_yaml(self) -> None:
        document = self.draft.document
        named = [(route, file) for route, file in leaves(document.data) if str(route[-1]).endswith(FILE_SUFFIX)]
        for route, file in named:
            secret = secret_of(self.draft, route)
            if not secret:
                continue
            holder = self.draft.at(route[:-1])
            # `Settings` knows the secret, not its file.
            del holder[route[-1]]
            place = Problem(message="", route=route, position=document.position(route))
            if secret[-1] in holder:
                self._refuse(place, f"given besides {secret[-1]}: remove one of them")
            self._read(secret, file, place)

    def _read_mounted(self) -> None:
        given = self.draft.environ.get(SECRETS_DIR_VARIABLE)
        directory = self._path(given) if given else DEFAULT_SECRETS_DIR
        try:
            names = sorted(entry.name for entry in os.scandir(directory) if entry.name.upper().startswith(PREFIX))
        except OSError as error:
            # Without the variable nobody said that there must be such a directory.
            if given:
                place = Problem(message="", source=f"environment variable {SECRETS_DIR_VARIABLE}")
                self._refuse(place, f"directory cannot be read: {error.strerror}: correct or unset the variable")
            return
        for name in names:
            # The directory is shared: without "__" the name is most likely somebody else's.
            if "__" in name:
                self._read_file_of(name, directory / name)

    def _read_file_of(self, name: str, path: Path) -> None:
        source = f"secret file {path}"
        route = route_of(self.draft, name)
        if route is None:
            refuse_name(self.draft, name, source)
        else:
            self._read(route, path, Problem(message="", route=route, source=source))

    def _read(self, route: Route, file: object, place: Problem) -> None:
        value: object = UNUSABLE
        source = ""
        if route in self.draft.sources:
            return
        try:
            if file is not UNUSABLE:
                path = self._path(file)
                source = f"secret file {path}"
                value = self.parsed(route, _content(path), source)
        except ValueError as error:
            self._refuse(place, str(error))
        self.put(route, value, source)

    def _path(self, file: object) -> Path:
        if not isinstance(file, str | Path) or not str(file):
            raise ValueError("must be the path of a file that holds the value")
        return self.draft.document.path.parent / file

    def _refuse(self, place: Problem, message: str) -> None:
        self.draft.note(replace(place, message=message))


def _content(path: Path) -> str:
    """
    Return what the file holds, without the end of its last line; raise ``ValueError`` when that cannot be a secret.

    Its path is not part of any message: who pastes the secret itself in its place must not find it in a log.
    """
    try:
        if not path.exists():
            raise ValueError("no such file: check the path, a relative one begins where the YAML file is")
        if not path.is_file():
            raise ValueError("is not a file: name the file that holds the value")
        with path.open("rb") as file:
            content = file.read(MAX_SECRET_BYTES + 1)
        text = content.decode().rstrip("\r\n")
    except OSError as error:
        raise ValueError(f"file cannot be read: {error.strerror}: check its owner and mode") from None
    except UnicodeDecodeError:
        raise ValueError("file is not UTF-8 text: write the value as text") from None
    if len(content) > MAX_SECRET_BYTES:
        raise ValueError(f"file is larger than {MAX_SECRET_BYTES >> 10} KiB: is this the right file?")
    if not text.strip():
        raise ValueError("file is empty: write the value into it")
    return text

"""
Loads the configuration: environment, secret files and YAML become ``Settings``, or every problem is told at once.

Precedence, highest first:

1. the environment: ``MONITOR_TARGET__ENDPOINT``, ``MONITOR_CHECKS__CHAT_DELIVERY__EVERY`` (``_`` also stands for
   ``-``); lists and mappings as JSON. It changes the checks and identities of the file and declares none, since a name
   that is not in the file is a misspelt one far more often
2. secret files: ``MONITOR_TARGET__API_KEY_FILE``, then ``api_key_file`` in the YAML, then a mounted directory with
   files such as ``monitor_target__api_key``. What a higher source gives is not read
3. the YAML
4. the defaults, at the fields

Every problem names its place: a line and column, a variable or a secret file. No message holds a secret.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import replace
from difflib import get_close_matches
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

from pydantic import PlainValidator, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings
from pydantic_settings import PydanticBaseSettingsSource as Source

from monitor.core.check import Check
from monitor.core.duration import parse_duration, show_duration
from monitor.core.errors import ConfigError
from monitor.core.identity import KEY
from monitor.registry import Registry
from monitor.schema import FILE_SUFFIX, Settings, Shape
from monitor.yaml_file import UNUSABLE, Document, Position, Problem, Route, read_document

__all__ = ["Settings", "load_settings"]

PREFIX = "MONITOR_"
SECRETS_DIR_VARIABLE = "MONITOR_SECRETS_DIR"
DEFAULT_SECRETS_DIR = Path("/run/secrets")
MAX_SECRET_BYTES = 64 << 10

MAX_EVERY_SECONDS = 7 * 86400.0
# Appwrite refuses more than 50 new anonymous sessions an hour; the rest is for `monitor once`.
MAX_ANONYMOUS_RUNS_PER_HOUR = 45.0

# What Kubernetes sets in every pod of a namespace that has a service named monitor or monitor-….
_SERVICE_LINK = re.compile(
    r"MONITOR_(?:[A-Z0-9_]+_)?(?:SERVICE_(?:HOST|PORT(?:_\w+)?)|PORT_\d+_(?:TCP|UDP|SCTP)(?:_\w+)?)"
)
_SENSITIVE = re.compile(r"key|token|secret|passw|dsn|credential|authorization|cookie", re.IGNORECASE)
# Whatever the key: an Appwrite key (a word, then 256 hexadecimal digits), a token. Ids of Appwrite have 20 digits.
_SECRET = re.compile(r"\b\w*[0-9a-fA-F]{32,}\w*|\beyJ[\w.+/=-]{8,}")
_USER_IN_URL = re.compile(r"[^\s/'\"]+:[^\s/'\"]*@")

# The kinds of identity that the server key signs in or removes.
_IDENTITIES_OF_THE_KEY = {"user", "anonymous"}

# The error types whose context lists what is allowed.
_CHOICES = {"literal_error", "enum", "union_tag_invalid"}

_MAPPING = "must be a mapping of keys to values"
_LIST = "must be a list"
_WHOLE = "must be a whole number"
_NUMBER = "must be a number"
_TRUTH = "must be true or false"
# pydantic's error types in our words, with the bounds of its context.
_WORDING = {
    "missing": "is missing",
    "string_type": "must be text",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": "must be a finite number",
    "bool_type": _TRUTH,
    "bool_parsing": _TRUTH,
    "dict_type": _MAPPING,
    "mapping_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "set_type": _LIST,
    "frozen_set_type": _LIST,
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "multiple_of": "must be a multiple of {multiple_of}",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "too_short": "must have at least {min_length} entries",
    "too_long": "must have at most {max_length} entries",
    "string_pattern_mismatch": "must match {pattern}",
}


def load_settings(path: Path, registry: Registry, environ: Mapping[str, str] = os.environ) -> Settings:
    """
    Return what the file at *path* configures; raise ``ConfigError`` with every problem there is, in order of place.
    """
    loading = _Loading(read_document(path, environ), registry, environ)
    token = _LOADING.set(loading)
    settings: Settings | None = None
    try:
        settings = _LoadedSettings()
    except ValidationError as error:
        loading.explain(error)
    finally:
        _LOADING.reset(token)
    loading.judge()
    if settings is None or loading.problems:
        raise ConfigError(*loading.sentences())
    return settings


class _Loading:
    """
    One attempt to load a configuration: what was given, where each value came from, and what is wrong.
    """

    def __init__(self, document: Document, registry: Registry, environ: Mapping[str, str]) -> None:
        self.document = document
        self.registry = registry
        self.environ = environ
        self.data: dict[str, Any] = document.data
        self.problems: list[Problem] = list(document.problems)
        self._places: set[object] = {(problem.route, problem.position) for problem in document.problems}
        # Where a value came from that is not the file's own: "environment variable MONITOR_…".
        self.sources: dict[Route, str] = {}

    def refuse(self, route: Route, message: str, *, of_key: bool = False) -> None:
        """
        Note what is wrong with the value (or the key) at *route*, unless something is already.
        """
        source = next(
            (self.sources[route[:end]] for end in range(len(route), 0, -1) if route[:end] in self.sources), ""
        )
        position = None if source else self.document.position(route, of_key=of_key)
        self.note(Problem(message=message, route=route, source=source, position=position))

    def note(self, problem: Problem) -> None:
        """
        Add *problem*; what is wrong first at one place is told, what follows from it is not.
        """
        place = (problem.route, problem.position or problem.source)
        if place not in self._places:
            self._places.add(place)
            self.problems.append(problem)

    def shape(self, route: Route) -> Shape:
        """
        Return what may stand at *route*.
        """
        shape = Shape(types=(Settings,))
        for end, key in enumerate(route, start=1):
            value = _at(self.data, route[:end])
            if end == 2 and route[0] == "checks":
                kind = value.get("kind") if isinstance(value, Mapping) else None
                shape = Shape(types=(self.kind(kind) or Check,))
            else:
                shape = shape.at(key).narrowed(value)
        return shape

    def kind(self, name: object) -> type[Check] | None:
        """
        Return the class of a kind; None when there is none of this name.
        """
        return self.registry.kinds.get(name) if isinstance(name, str) else None

    def keys(self, route: Route) -> list[str]:
        """
        Return the keys that may stand in the mapping at *route*; in one whose keys are free, those that do.
        """
        keys = self.shape(route).keys()
        if route[:1] == ("checks",) and len(route) == 2:
            return ["kind", *keys]
        value = _at(self.data, route)
        return keys or (list(value) if isinstance(value, Mapping) else [])

    def checks(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """
        Yield name and keys of every check that is a mapping.
        """
        checks = self.data.get("checks")
        yield from ((n, raw) for n, raw in checks.items() if isinstance(raw, dict)) if isinstance(checks, dict) else ()

    def identities(self) -> dict[str, Any]:
        """
        Return the declared identities, as they are written.
        """
        identities = self.data.get("identities")
        return identities if isinstance(identities, dict) else {}

    def show(self, route: Route, value: object) -> str | None:
        """
        Return a short form of *value* that may be shown to a person; None when it may be a secret.
        """
        return None if self.is_sensitive(route) or _SENSITIVE.search(str(value)) else _show(value)

    def is_sensitive(self, route: Route) -> bool:
        """
        Whether the value at *route* must not be shown: by its type, or because its key sounds like it.
        """
        # The names of checks and identities say nothing on what they hold.
        keys = [key for depth, key in enumerate(route) if depth != 1 or route[0] not in {"checks", "identities"}]
        return any(isinstance(key, str) and _SENSITIVE.search(key) for key in keys) or self.shape(route).is_secret

    def explain(self, error: ValidationError) -> None:
        """
        Note what pydantic found wrong, in our words.
        """
        found = [(self._route(detail), detail) for detail in error.errors(include_url=False)]
        for route, group in groupby(found, key=lambda item: item[0]):
            _explain(self, route, [detail for _, detail in group])

    def judge(self) -> None:
        """
        Note what is wrong though every value is right by itself.
        """
        for rule in _RULES:
            rule(self)

    def sentences(self) -> list[str]:
        """
        Return the problems as complete sentences, in order of place, without any secret.
        """
        secrets = {text for route, text in _leaves(self.data) if isinstance(text, str) and self.is_sensitive(route)}
        # Shorter ones would tear other words apart.
        hidden = sorted((text for text in secrets if len(text) >= 4), key=len, reverse=True)
        return [self._sentence(problem, hidden) for problem in sorted(self.problems, key=_order)]

    def _sentence(self, problem: Problem, hidden: list[str]) -> str:
        place = problem.source
        if problem.position:
            place = f"{self.document.path}:{problem.position.line}:{problem.position.column}"
        return ": ".join(part for part in (place, _label(problem.route), _without(hidden, problem.message)) if part)

    def _route(self, detail: ErrorDetails) -> Route:
        # pydantic's location also names the member of a union and the injected name of a check; the data does not.
        route: Route = ()
        tagged: Route | None = None
        for index, part in enumerate(detail["loc"]):
            here = _at(self.data, route)
            is_missing = detail["type"] == "missing" and index == len(detail["loc"]) - 1
            if route != tagged and self._is_tag(route, here, part):
                tagged = route
            elif is_missing or _at(here, (part,)) is not _NOTHING:
                route = (*route, part)
        return (*route, "kind") if detail["type"].startswith("union_tag") else route

    def _is_tag(self, route: Route, value: object, part: str | int) -> bool:
        members = self.shape(route[:-1]).at(route[-1]).kinds() if route and isinstance(value, dict) else []
        return len(members) > 1 and _at(value, ("kind",)) == part


_LOADING: ContextVar[_Loading] = ContextVar("_LOADING")


class _Values(Source):
    """
    A source that puts values where they belong; *loading* says what may stand where.
    """

    def __init__(self, settings: type[BaseSettings], loading: _Loading) -> None:
        super().__init__(settings)
        self.loading = loading
        self.values: dict[str, Any] = {}

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        """
        Return one top-level value; part of pydantic-settings' contract, which calls the source itself.
        """
        return self.values.get(field_name), field_name, False

    def put(self, route: Route, value: object, source: str) -> None:
        """
        Put *value* at *route*, unless a higher source gave it.
        """
        if route in self.loading.sources:
            return
        self.loading.sources[route] = source
        inner: Any = self.values
        for key in route[:-1]:
            inner = inner.setdefault(key, {}) if isinstance(inner, dict) else None
        # Otherwise the source holds a list or a text where this needs a mapping, which is refused anyway.
        if isinstance(inner, dict):
            inner[route[-1]] = value


class EnvironmentSource(_Values):
    """
    The ``MONITOR_…`` variables that hold values; those that name secret files are left to ``SecretFilesSource``.
    """

    def __call__(self) -> dict[str, Any]:
        """
        Return the values; a variable that names nothing is a problem.
        """
        for variable in sorted(self.loading.environ):
            if not variable.startswith(PREFIX) or _is_foreign(self.loading, variable):
                continue
            source = f"environment variable {variable}"
            route = _resolved(self.loading, variable, source)
            if route and not _secret_route(self.loading, route):
                self.put(route, _parsed(self.loading, route, self.loading.environ[variable], source), source)
        return self.values


class SecretFilesSource(_Values):
    """
    Values kept in files: named by a variable or in the YAML, or lying in the mounted directory.
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
        for variable in sorted(self.loading.environ):
            if not variable.startswith(PREFIX) or not variable.upper().endswith(FILE_SUFFIX.upper()):
                continue
            named = _route_of(self.loading, variable)
            route = _secret_route(self.loading, named) if isinstance(named, tuple) else None
            if not route:
                continue
            place = Problem(message="", route=route, source=f"environment variable {variable}")
            if self.loading.sources.get(route, "").startswith("environment"):
                self._refuse(place, f"given besides {variable.removesuffix(FILE_SUFFIX.upper())}: unset one of them")
            self._read(route, self.loading.environ[variable], place)

    def _read_named_in_yaml(self) -> None:
        for named, file in [
            leaf for leaf in _leaves(self.loading.document.data) if str(leaf[0][-1]).endswith(FILE_SUFFIX)
        ]:
            route = _secret_route(self.loading, named)
            if not route:
                continue
            holder = _at(self.loading.document.data, named[:-1])
            del holder[named[-1]]
            place = Problem(message="", route=named, position=self.loading.document.position(named))
            if route[-1] in holder:
                self._refuse(place, f"given besides {route[-1]}: remove one of them")
            self._read(route, file, place)

    def _read_mounted(self) -> None:
        given = self.loading.environ.get(SECRETS_DIR_VARIABLE)
        directory = self._path(given) if given else DEFAULT_SECRETS_DIR
        try:
            names = sorted(entry.name for entry in os.scandir(directory) if entry.name.upper().startswith(PREFIX))
        except OSError as error:
            # Without the variable nobody said that there must be such a directory.
            if given:
                message = f"directory cannot be read: {error.strerror}: correct or unset the variable"
                self._refuse(Problem(message="", source=f"environment variable {SECRETS_DIR_VARIABLE}"), message)
            return
        for name in names:
            source = f"secret file {directory / name}"
            # The directory is shared: without "__" the name is most likely somebody else's.
            route = _resolved(self.loading, name, source) if "__" in name else None
            if route:
                self._read(route, directory / name, Problem(message="", route=route, source=source))

    def _read(self, route: Route, file: object, place: Problem) -> None:
        if route in self.loading.sources or file is UNUSABLE:
            self.put(route, UNUSABLE, "")
            return
        try:
            path = self._path(file)
            self.put(route, _parsed(self.loading, route, _read_secret(path), str(path)), f"secret file {path}")
        except ValueError as error:
            self._refuse(place, str(error))
            self.put(route, UNUSABLE, "")

    def _path(self, file: object) -> Path:
        if not isinstance(file, str | Path) or not str(file):
            raise ValueError("must be the path of a file that holds the value")
        return self.loading.document.path.parent / file

    def _refuse(self, place: Problem, message: str) -> None:
        self.loading.note(replace(place, message=message))


class YamlSource(_Values):
    """
    What is left of the YAML: the values that stand in it.
    """

    def __call__(self) -> dict[str, Any]:
        """
        Return the data of the document.
        """
        return self.loading.document.data


def _make_check(named: tuple[str, dict[str, Any]]) -> Check:
    name, raw = named
    loading = _LOADING.get()
    kind = loading.kind(raw.get("kind"))
    keys = {key: value for key, value in raw.items() if key not in {"kind", "name"}}
    if kind is None:
        # What every check has can be judged even so.
        common = Shape(types=(Check,)).keys()
        return Check.model_validate({**{key: value for key, value in keys.items() if key in common}, "name": name})
    return kind.model_validate({**keys, "name": name})


class _LoadedSettings(Settings):
    """
    Settings that read the sources of the current ``_Loading``.
    """

    checks: Mapping[str, Annotated[Check, PlainValidator(_make_check)]]

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: Source,  # noqa: ARG003
        env_settings: Source,  # noqa: ARG003
        dotenv_settings: Source,  # noqa: ARG003
        file_secret_settings: Source,  # noqa: ARG003
    ) -> tuple[Source, ...]:
        """
        Read environment, secret files and YAML, the highest first.
        """
        loading = _LOADING.get()
        return (
            EnvironmentSource(settings_cls, loading),
            SecretFilesSource(settings_cls, loading),
            YamlSource(settings_cls, loading),
        )

    @model_validator(mode="before")
    @classmethod
    def _keep_merged(cls, data: dict[str, Any]) -> dict[str, Any]:
        _LOADING.get().data = data
        return data

    @field_validator("checks", mode="before")
    @classmethod
    def _name_checks(cls, checks: object) -> object:
        if not isinstance(checks, Mapping):
            return checks
        # What is no mapping is refused by `_judge_kinds`.
        return {name: (name, raw) for name, raw in checks.items() if isinstance(raw, Mapping)}


def _is_foreign(loading: _Loading, variable: str) -> bool:
    return (
        variable == SECRETS_DIR_VARIABLE
        or variable in loading.document.variables
        or bool(_SERVICE_LINK.fullmatch(variable))
        or loading.environ[variable].startswith(("tcp://", "udp://"))
    )


def _resolved(loading: _Loading, name: str, source: str) -> Route | None:
    found = _route_of(loading, name)
    if isinstance(found, tuple):
        return found
    loading.note(Problem(message=found, source=source))
    return None


def _route_of(loading: _Loading, name: str) -> Route | str:
    """
    Return where the value of the variable *name* belongs, or why that cannot be said.
    """
    parts = name[len(PREFIX) :].lower().split("__")
    route, alike = _followed(loading, parts)
    if len(route) == len(parts):
        return route
    if alike:
        return f"names {' and '.join(alike)} alike: rename one of them in {loading.document.path}"
    before, part, after = parts[: len(route)], parts[len(route)], parts[len(route) + 1 :]
    guesses = [[*before, *guess, *after] for guess in _guesses(part, loading.keys(route))]
    right = [guess for guess in guesses if len(_followed(loading, guess)[0]) == len(guess)]
    names = [PREFIX + "__".join(guess).upper() for guess in right or guesses]
    return "names no setting" + (_did_you_mean(names) or ": correct or unset it")


def _followed(loading: _Loading, parts: list[str]) -> tuple[Route, list[str]]:
    """
    Return the route that *parts* name, as far as they name one, and the keys that the next part could all mean.
    """
    route: Route = ()
    for part in parts:
        keys = [key for key in loading.keys(route) if _in_variable(key) == part]
        if len(keys) != 1:
            return route, keys
        route = (*route, keys[0])
    return route, []


def _in_variable(key: str) -> str:
    return key.replace("-", "_").lower()


def _guesses(part: str, keys: Iterable[str]) -> list[list[str]]:
    known = [_in_variable(key) for key in keys]
    # One underscore instead of two is the most common mistake.
    split = [[key, part.removeprefix(f"{key}_")] for key in known if part.startswith(f"{key}_")]
    return [*split, *([guess] for guess in get_close_matches(part, known, n=1))]


def _secret_route(loading: _Loading, named: Route) -> Route | None:
    """
    Return the route of the secret whose file stands at *named*; None when that is an ordinary key.
    """
    secret = loading.shape(named[:-1]).secret_of(str(named[-1])) if named else None
    return (*named[:-1], secret) if secret else None


def _parsed(loading: _Loading, route: Route, text: str, source: str) -> object:
    if not (loading.shape(route).is_collection and text.startswith(("[", "{"))):
        return text
    try:
        return json.loads(text)
    except ValueError:
        loading.note(Problem(message='must be JSON, such as ["a", "b"]', route=route, source=source))
        return UNUSABLE


def _read_secret(path: Path) -> str:
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


def _explain(loading: _Loading, route: Route, details: list[ErrorDetails]) -> None:
    """
    Note what pydantic found at one route; of a union it finds one thing for every member.
    """
    kind, is_name = details[0]["type"], _is_name_of_check(route, details[0])
    if details[0]["input"] is UNUSABLE:
        return
    if kind == "extra_forbidden":
        loading.refuse(route, _unknown_key(loading, route), of_key=True)
    elif kind in {"missing", "union_tag_not_found"}:
        loading.refuse(route, _missing_key(loading, route, kind))
    elif kind in {"value_error", "assertion_error"}:
        loading.refuse(route, _told(loading, route, details[0]), of_key=isinstance(_at(loading.data, route), Mapping))
    else:
        value = route[-1] if is_name else _at(loading.data, route)
        wordings = dict.fromkeys(_wording(loading, route, detail) for detail in details)
        # Not the value: `password:hunter2` without a space after the colon is no mapping either.
        got = "a single value" if _MAPPING in wordings and not isinstance(value, list) else loading.show(route, value)
        message = " or ".join(wordings) + (f", got {got}" if got else "")
        remedy = ": rename it" if is_name else _remedy(details[0], value)
        loading.refuse(route, message + remedy, of_key=is_name or "[key]" in details[0]["loc"])


def _is_name_of_check(route: Route, detail: ErrorDetails) -> bool:
    return len(route) == 2 and route[0] == "checks" and detail["loc"][-1] == "name"


def _wording(loading: _Loading, route: Route, detail: ErrorDetails) -> str:
    context: dict[str, Any] = dict(detail.get("ctx", {}))
    if loading.shape(route).is_duration:
        context |= {bound: show_duration(context[bound]) for bound in ("gt", "ge", "lt", "le") if bound in context}
    if detail["type"] in _CHOICES:
        return f"must be {_choice(_allowed(detail))}"
    template = _WORDING.get(detail["type"])
    if template:
        return template.format_map(context)
    if loading.is_sensitive(route):
        return "is not valid"
    return detail["msg"].replace("Input should", "must")


def _told(loading: _Loading, route: Route, detail: ErrorDetails) -> str:
    """
    Return the message of a validator, whose author has seen to its wording.
    """
    if loading.is_sensitive(route):
        return "is not valid"
    message = _shortened(str(detail["ctx"]["error"]), 300)
    return f"{message}, got {_show(_at(loading.data, route))}" if loading.shape(route).is_duration else message


def _remedy(detail: ErrorDetails, value: object) -> str:
    if value is None:
        return ": give a value, or remove the key"
    if detail["type"] == "string_type" and isinstance(value, int | float):
        return ": put it in quotes"
    if detail["type"] in _CHOICES:
        return _did_you_mean(get_close_matches(str(value), _allowed(detail), n=1))
    return ""


def _allowed(detail: ErrorDetails) -> list[str]:
    context = detail["ctx"]
    return re.findall(r"'([^']*)'", context.get("expected") or context["expected_tags"])


def _unknown_key(loading: _Loading, route: Route) -> str:
    known = loading.keys(route[:-1])
    guesses = get_close_matches(str(route[-1]), known, n=1)
    if ":" in str(route[-1]):
        return "unknown key: put a space after the colon"
    return "unknown key" + (_did_you_mean(guesses) or f": expected {_choice(known)}")


def _missing_key(loading: _Loading, route: Route, kind: str) -> str:
    if kind == "union_tag_not_found":
        kinds = loading.shape(route[:-1]).kinds()
        return f"is missing: expected {_choice(kinds)}"
    if loading.shape(route).is_secret:
        return f"is missing: add it, or {route[-1]}{FILE_SUFFIX}"
    return "is missing: add it"


def _judge_kinds(loading: _Loading) -> None:
    checks = loading.data.get("checks")
    if not isinstance(checks, dict):
        return
    if not checks:
        loading.refuse(("checks",), "no check is configured: add one, `monitor checks` lists the kinds")
    for name, raw in checks.items():
        route: Route = ("checks", name)
        if raw is UNUSABLE:
            continue
        if not isinstance(raw, dict):
            loading.refuse(
                route, f"{_MAPPING}, got {'a list' if isinstance(raw, list) else 'a single value'}: begin with its kind"
            )
            continue
        if "name" in raw:
            loading.refuse((*route, "name"), "unknown key: the name of a check is its key under checks", of_key=True)
        if raw.get("kind") is not UNUSABLE and loading.kind(raw.get("kind")) is None:
            loading.refuse((*route, "kind"), _unknown_kind(loading, raw))


def _unknown_kind(loading: _Loading, raw: Mapping[str, object]) -> str:
    kinds = sorted(loading.registry.kinds)
    if "kind" not in raw:
        return f"is missing: expected {_choice(kinds)}"
    kind = raw["kind"]
    if isinstance(kind, str) and kind in loading.registry.problems:
        return loading.registry.problems[kind]
    guess = _did_you_mean(get_close_matches(str(kind), kinds, n=1))
    return f"must be {_choice(kinds)}, got {_show(kind)}{guess}"


def _judge_times(loading: _Loading) -> None:
    for name, raw in loading.checks():
        every, timeout = _seconds(loading, raw, "every"), _seconds(loading, raw, "timeout")
        if every is not None and every > MAX_EVERY_SECONDS:
            most, got = show_duration(MAX_EVERY_SECONDS), _show(raw.get("every"))
            loading.refuse(("checks", name, "every"), f"must be at most {most}, got {got}: ask more often")
        elif every is not None and timeout is not None and timeout >= every:
            if "timeout" in raw or "every" not in raw:
                message = f"must be shorter than every ({show_duration(every)}), got {show_duration(timeout)}"
                loading.refuse(("checks", name, "timeout"), f"{message}: lower it, or raise every")
            else:
                message = (
                    f"must be longer than timeout ({show_duration(timeout)} by default), got {show_duration(every)}"
                )
                loading.refuse(("checks", name, "every"), f"{message}: raise it, or give a shorter timeout")


def _seconds(loading: _Loading, raw: Mapping[str, object], key: str) -> float | None:
    """
    Return the duration that a check gives under *key*, or its kind's default; None when it is refused anyway.
    """
    kind = loading.kind(raw.get("kind"))
    if key not in raw:
        return float(kind.model_fields[f"{key}_seconds"].default) if kind else None
    try:
        return parse_duration(raw[key])
    except ValueError:
        return None


def _judge_identities(loading: _Loading) -> None:
    declared = loading.identities()
    has_key = _has_key(loading)
    if KEY in declared:
        loading.refuse(("identities", KEY), "the name is taken by the server key of the target: rename it", of_key=True)
    for name, raw in declared.items():
        kind = raw.get("kind") if isinstance(raw, dict) else None
        if isinstance(kind, str) and kind in _IDENTITIES_OF_THE_KEY and not has_key:
            message = f"an identity of kind {kind} needs the server key: add target.api_key or target.api_key_file"
            loading.refuse(("identities", name, "kind"), message)
    for route, name in _used_identities(loading):
        if name == KEY and not has_key:
            loading.refuse(route, "identity 'key' is the server key: add target.api_key or target.api_key_file")
        elif name not in declared and name != KEY:
            loading.refuse(route, _unknown_identity(loading, route, name), of_key=route[-1] == name)


def _unknown_identity(loading: _Loading, route: Route, name: str) -> str:
    declared = [*(each for each in loading.identities() if each != KEY), *([KEY] if _has_key(loading) else [])]
    default = "" if _at(loading.data, route) is not _NOTHING else ", the default,"
    shown = loading.show(route, name)
    remedy = _did_you_mean(get_close_matches(name, declared, n=1))
    remedy = remedy or f": expected {_choice(declared)}{', or ' if declared else ''}declare it under identities"
    return f"identity{f' {shown}' if shown else ''}{default} is not declared{remedy}"


def _has_key(loading: _Loading) -> bool:
    return _at(loading.data, ("target", "api_key")) not in (None, _NOTHING)


def _used_identities(loading: _Loading) -> Iterator[tuple[Route, str]]:
    """
    Yield every place of a check where the name of an identity stands (or would, being a default), and that name.
    """
    for name, raw in loading.checks():
        kind = loading.kind(raw.get("kind"))
        for key, (field, shape) in Shape(types=(kind,)).fields().items() if kind else ():
            yield from _identity_names(shape, raw.get(key, field.default), ("checks", name, key))


def _identity_names(shape: Shape, value: object, route: Route) -> Iterator[tuple[Route, str]]:
    if isinstance(value, str):
        if shape.is_identity:
            yield route, value
    elif isinstance(value, Mapping):
        names_identities = shape.of_keys().is_identity
        for key, inner in value.items():
            if names_identities:
                yield (*route, key), key
            yield from _identity_names(shape.at(key), inner, (*route, key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _identity_names(shape.at(index), inner, (*route, index))


def _judge_anonymous(loading: _Loading) -> None:
    identities = loading.identities().items()
    anonymous = [name for name, raw in identities if isinstance(raw, dict) and raw.get("kind") == "anonymous"]
    checks = dict(loading.checks())
    users = {(route[1], name) for route, name in _used_identities(loading) if name in anonymous}
    per_hour = 0.0
    for check, _ in users:
        every = _seconds(loading, checks[str(check)], "every")
        per_hour += 3600.0 / every if every else 0.0
    if per_hour > MAX_ANONYMOUS_RUNS_PER_HOUR:
        names = _choice(sorted({str(check) for check, _ in users}), "and")
        message = (
            f"{per_hour:.0f} new anonymous sessions an hour, expected at most {MAX_ANONYMOUS_RUNS_PER_HOUR:.0f}, since"
            f" Appwrite refuses more than 50: raise every of {names}"
        )
        loading.refuse(("identities", anonymous[0]), message, of_key=True)


def _judge_endpoint(loading: _Loading) -> None:
    route = ("target", "endpoint")
    endpoint = _at(loading.data, route)
    if isinstance(endpoint, str) and not endpoint.rstrip("/").endswith("/v1"):
        message = f"must end in /v1, the version of the API, got {_show(endpoint)}: write https://HOST/v1"
        loading.refuse(route, message)


def _judge_values(loading: _Loading) -> None:
    """
    Refuse what pydantic would take: true for 1, ``nan``, an empty secret.
    """
    for route, value in _leaves(loading.data):
        if isinstance(value, bool):
            kinds = loading.shape(route).types
            if bool not in kinds and (int in kinds or float in kinds):
                loading.refuse(route, f"{_NUMBER}, got {_show(value)}")
        elif value == "":
            if loading.shape(route).is_secret:
                loading.refuse(route, "is empty: give the value, or remove the key")
        elif str(value).lower().lstrip("+-") in {"nan", "inf", "infinity"}:
            shape = loading.shape(route)
            if float in shape.types and str not in shape.types:
                loading.refuse(route, f"must be a finite number, got {_show(value)}")


_RULES = (_judge_kinds, _judge_times, _judge_identities, _judge_anonymous, _judge_endpoint, _judge_values)


class _Nothing:
    pass


_NOTHING = _Nothing()


def _at(data: Any, route: Route) -> Any:
    """
    Return what stands at *route*; ``_NOTHING`` when nothing does.
    """
    for key in route:
        if isinstance(data, dict):
            data = data.get(key, _NOTHING)
        elif isinstance(data, list) and isinstance(key, int) and key < len(data):
            data = data[key]
        else:
            return _NOTHING
    return data


def _leaves(data: object, route: Route = ()) -> Iterator[tuple[Route, object]]:
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from _leaves(value, (*route, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _leaves(value, (*route, index))
    else:
        yield route, data


def _show(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = str(value)
    text = _shortened(text, 40)
    return text if re.fullmatch(r"[\w.+:/-]+…?", text) else repr(text)


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _did_you_mean(guesses: list[str]) -> str:
    return f": did you mean {guesses[0]}?" if guesses else ""


def _choice(names: list[str], word: str = "or") -> str:
    return f"{', '.join(names[:-1])} {word} {names[-1]}" if len(names) > 1 else "".join(names)


def _label(route: Route) -> str:
    return "".join(f"[{key}]" if isinstance(key, int) else f".{_key(key)}" for key in route).removeprefix(".")


def _key(key: str) -> str:
    # `{password:hunter2}` without a space after the colon is one key: what follows the colon may be a secret.
    return _shortened(re.sub(r"[^\w.-].*", "…", key, flags=re.DOTALL), 64)


def _order(problem: Problem) -> tuple[int, Position, str]:
    # What stands in the file comes first; the rest is sorted by its source.
    nowhere = Position(line=0, column=0)
    return (0 if problem.position else 1, problem.position or nowhere, problem.source)


def _without(hidden: list[str], message: str) -> str:
    for secret in hidden:
        message = message.replace(secret, "***")
    return _SECRET.sub("***", _USER_IN_URL.sub("***@", message))

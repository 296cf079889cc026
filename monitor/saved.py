"""
Outcomes that were saved: by `monitor once --output json`, by `monitor history --output json`, in an evidence bundle.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.core.errors import ConfigError
from monitor.core.outcome import Outcome

_MOST_BYTES = 64 << 20
_MOST_OUTCOMES = 100_000
# Where they stand in a document.
_LISTS = ("outcomes", "asked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """
    *outcomes* of one target, the oldest first, and what is known *about* that target.
    """

    outcomes: tuple[Outcome, ...]
    about: Mapping[str, str]
    configuration: str = ""

    @property
    def is_stretch(self) -> bool:
        """
        Whether some check has run more than once: then it is a history, and not one look.
        """
        return len({each.check for each in self.outcomes}) < len(self.outcomes)


def load_saved(paths: Sequence[Path]) -> Saved:
    """
    Return the outcomes of all *paths* together.

    Raises ``ConfigError`` for what cannot be read, holds no outcomes, or those of several targets.
    """
    outcomes: list[Outcome] = []
    about: dict[str, str] = {}
    configuration = ""
    for path in paths:
        document = _document(path)
        outcomes += _outcomes(path, document)
        if isinstance(document, Mapping):
            target = document.get("target")
            about |= {str(k): str(v) for k, v in target.items()} if isinstance(target, Mapping) else {}
            configuration = str(document.get("configuration") or configuration)
    targets = {each.target for each in outcomes if each.target}
    if len(targets) > 1:
        raise ConfigError(
            f"--from: outcomes of {len(targets)} targets ({', '.join(sorted(targets))}): give those of one"
        )
    if not outcomes:
        raise ConfigError(f"--from {paths[0]}: holds no outcome: save one with `monitor once --output json`")
    ordered = sorted(outcomes, key=lambda each: (each.ended_at, each.started_at, each.check, each.run_id))
    return Saved(outcomes=tuple(ordered), about=about or {"name": next(iter(targets), "")}, configuration=configuration)


def _document(path: Path) -> Any:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ConfigError(f"--from {path}: is larger than {_MOST_BYTES >> 20} MiB: give a shorter stretch")
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"--from {path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"--from {path}: is no text in UTF-8: give what `--output json` wrote") from error
    except (ValueError, RecursionError) as error:
        line = f":{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise ConfigError(f"--from {path}{line}: is no JSON: give what `--output json` wrote") from error


def _outcomes(path: Path, document: object) -> list[Outcome]:
    listed: list[object] = []
    if isinstance(document, list):
        listed = document
    elif isinstance(document, Mapping):
        for name in _LISTS:
            part = document.get(name) or []
            listed += part if isinstance(part, list) else [part]
    if len(listed) > _MOST_OUTCOMES:
        raise ConfigError(f"--from {path}: holds {len(listed)} outcomes, at most {_MOST_OUTCOMES}: give fewer")
    return [_outcome(path, number, each) for number, each in enumerate(listed)]


def _outcome(path: Path, number: int, document: object) -> Outcome:
    if not isinstance(document, Mapping):
        raise ConfigError(f"--from {path}: outcomes[{number}]: must be an object, got {type(document).__name__}")
    try:
        return Outcome.from_json(document)
    except KeyError as error:
        raise ConfigError(
            f"--from {path}: outcomes[{number}]: lacks {error}: give what `--output json` wrote"
        ) from None
    except (ValueError, TypeError, AttributeError) as error:
        raise ConfigError(f"--from {path}: outcomes[{number}]: {error}: give what `--output json` wrote") from None

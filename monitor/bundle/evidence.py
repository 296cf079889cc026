"""
What goes into a bundle, without secrets and bounded, and how it is written.
"""

import base64
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor import __version__
from monitor.bundle.page import page_of
from monitor.core.errors import ConfigError
from monitor.core.outcome import Attachment, Outcome
from monitor.core.redaction import Redactor, redact_all, redacted
from monitor.diagnosis.diagnosis import Diagnosis

# An incident channel takes no more, and nobody reads more.
_MOST_OUTCOMES = 500
_MOST_PICTURES = 40
_PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """
    What is known of one look at a target, or of a stretch of its history.

    *outcomes* are documents as ``documents_of`` makes them; *configuration* is the hash of the configuration that they
    were made with, empty when nobody knows. *pictures* go by the name of their check.
    """

    made_at: datetime
    target: Mapping[str, str]
    outcomes: Sequence[Mapping[str, Any]]
    diagnoses: Sequence[Diagnosis]
    configuration: str = ""
    pictures: Sequence[tuple[str, Attachment]] = field(default=())

    def document(self, redact: Redactor) -> dict[str, Any]:
        """
        Return it as plain JSON values, without secrets.
        """
        left_out = max(0, len(self.outcomes) - _MOST_OUTCOMES)
        return {
            "monitor": __version__,
            "made_at": self.made_at.isoformat(timespec="milliseconds"),
            "target": redact_all(self.target, redact),
            "configuration": self.configuration,
            "diagnoses": [redact_all(each.as_json(), redact) for each in self.diagnoses],
            "outcomes": [dict(each) for each in self.outcomes[-_MOST_OUTCOMES:]],
            "outcomes_left_out": left_out,
            "attachments": [
                {
                    "check": check,
                    "name": each.name,
                    "media_type": each.media_type,
                    "base64": base64.b64encode(each.content).decode(),
                }
                for check, each in self.pictures[:_MOST_PICTURES]
                if each.media_type in _PICTURES
            ],
        }


def documents_of(outcomes: Sequence[Outcome], redact: Redactor) -> list[dict[str, Any]]:
    """
    Return *outcomes* as documents without secrets, the oldest first.
    """
    return [redacted(each, redact) for each in sorted(outcomes, key=lambda each: each.started_at)]


def write_bundle(
    path: Path, evidence: Evidence, *, redact: Redactor, sources: Sequence[Path] = ()
) -> tuple[Path, Path]:
    """
    Write the page to *path* and the document beside it, as ``.json``; return both paths.

    Raises ``ConfigError`` when they cannot be written, or would take the place of one of *sources*.
    """
    page, beside = path.with_suffix(".html" if path.suffix in {"", ".json"} else path.suffix), path.with_suffix(".json")
    if path.is_dir():
        raise ConfigError(f"--bundle {path}: is a folder: name a file in it, such as {path / 'evidence.html'}")
    for source in sources:
        if source.resolve() in {page.resolve(), beside.resolve()}:
            raise ConfigError(f"--bundle {path}: would take the place of --from {source}: name another file")
    document = evidence.document(redact)
    try:
        _replace(beside, json.dumps(document, indent=2, ensure_ascii=False))
        _replace(page, page_of(document))
    except OSError as error:
        raise ConfigError(f"--bundle {path}: cannot be written: {error.strerror or error}") from error
    return page, beside


def _replace(path: Path, text: str) -> None:
    # What was there before stays until the new one is whole.
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8", errors="replace")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)

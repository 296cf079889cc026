"""
The steps of a tour with the official Python SDK: each prints one JSON line, so that whoever reads them can name what
failed. ``{"step", "ok", "got", "expected"}``
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from appwrite.exception import AppwriteException

# Until a schema change is done; a real server takes some 20 ms.
_PATIENCE_SECONDS = 5.0


def plain(answer: Any) -> Any:
    """
    Return an answer as JSON values, whichever class the SDK makes of it.
    """
    return answer.to_dict() if hasattr(answer, "to_dict") else answer


def data_of(document: Any) -> dict[str, Any]:
    """
    Return the attributes of a document or row, which the SDK keeps apart.
    """
    shown = plain(document)
    data: dict[str, Any] = shown.get("data") or shown
    return data


class Tour:
    """
    Runs steps, prints how each went, and goes on whatever happens.
    """

    def expect(self, step: str, function: Callable[[], Any], expected: object) -> Any:
        """
        Run one step that must return *expected*; return what it did.
        """
        try:
            got = function()
        except Exception as error:  # noqa: BLE001 - whatever an SDK raises is reported
            got = f"{type(error).__name__}: {error}"
        _say(step=step, ok=got == expected, got=got, expected=expected)
        return got

    def refused(self, step: str, function: Callable[[], Any], code: int, kind: str | None) -> None:
        """
        Run one step that must end with an ``AppwriteException``.
        """
        self.expect(step, lambda: list(refusal(function)), [code, kind])

    def end(self) -> None:
        """
        Say that the tour got to its end.
        """
        _say(step="end", ok=True, got=None, expected=None)


def refusal(function: Callable[[], Any]) -> tuple[object, object]:
    """
    Return code and type of the refusal that a call meets, (None, None) when it meets none.
    """
    try:
        function()
    except AppwriteException as error:
        return error.code, error.type
    return None, None


def until(ready: Callable[[], bool]) -> bool:
    """
    Return whether *ready* came true in good time.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not ready():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def _say(**fields: object) -> None:
    sys.stdout.write(json.dumps(fields, default=str) + "\n")
    sys.stdout.flush()

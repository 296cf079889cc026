"""
The frames that Appwrite's realtime sends; fields that a version adds are ignored.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.appwrite.json_text import parse_json
from monitor.core.errors import fit


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """
    The first frame; *user_id* is None for a guest, which is also what a stale session makes of a user.
    """

    user_id: str | None
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """
    Something was written. *received_seconds* counts from the start of the run, like ``run.elapsed_seconds()``.

    *payload* is the document as its writer got it; *timestamp* is when the server published it, by its own clock.
    """

    events: tuple[str, ...]
    channels: tuple[str, ...]
    payload: Mapping[str, object]
    timestamp: str
    received_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorFrame:
    """
    The server objects; in production *message* says nothing, the code does.
    """

    code: int
    message: str


@dataclass(frozen=True, slots=True)
class Pong:
    """
    The answer to a ping message.
    """


Frame = Connected | Event | ErrorFrame | Pong


def parse_frame(text: str, *, received_seconds: float) -> Frame | None:
    """
    Return what *text* says; None when it is no frame of a known type.
    """
    try:
        frame = _mapping(parse_json(text))
    except ValueError:
        return None
    data = _mapping(frame.get("data"))
    match frame.get("type"):
        case "connected" if data:
            return Connected(user_id=_user_id(data), channels=_texts(data.get("channels")))
        case "event":
            return Event(
                events=_texts(data.get("events")),
                channels=_texts(data.get("channels")),
                payload=_mapping(data.get("payload")),
                timestamp=str(data.get("timestamp", "")),
                received_seconds=received_seconds,
            )
        case "error":
            code = data.get("code")
            return ErrorFrame(code=code if isinstance(code, int) else 0, message=fit(str(data.get("message", ""))))
        case "pong":
            return Pong()
    return None


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> tuple[str, ...]:
    # A list and no generator, since every event has some fifty of them.
    return tuple([item for item in value if isinstance(item, str)]) if isinstance(value, list) else ()


def _user_id(data: Mapping[str, object]) -> str | None:
    user_id = _mapping(data.get("user")).get("$id")
    return user_id if isinstance(user_id, str) else None

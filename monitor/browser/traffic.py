"""
What one page did: its calls of Appwrite, its sockets with their frames, what its console said, where it went.

Only what is read of it later is kept, and little of each: a page that runs wild must not fill the memory.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

MOST_KEPT = 600
BODY_CHARACTERS = 32_768
# databases/D/collections/C/documents/X, and tablesdb/D/tables/T/rows/X; an id that is missing leaves an empty segment.
_DOCUMENTS = re.compile(
    r"(?:databases|tablesdb)/(?P<database>[^/]*)/(?:collections|tables)/(?P<collection>[^/]*)"
    r"/(?:documents|rows)(?:/(?P<document>[^/]*))?(?P<more>/.*)?$"
)
_EXECUTIONS = re.compile(r"functions/(?P<function>[^/]*)/executions$")
_CHANNEL = re.compile(
    r"(?:databases|tablesdb)\.[^.]*\.(?:collections|tables)\.(?P<collection>[^.]*)\.(?:documents|rows)(?:\..*)?"
)


@dataclass(slots=True, kw_only=True)
class Call:
    """
    One request to Appwrite. *path* is below the endpoint and decoded, without its query; *queries* are those of lists.

    *status* is None until it was answered; *answer* is kept of refusals and executions. *failure* is the browser's own
    word for why it never was.
    """

    method: str
    path: str
    project: str
    queries: str = ""
    body: str = ""
    begun_seconds: float = 0.0
    status: int | None = None
    answer: bytes = b""
    failure: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def collection(self) -> str | None:
        """
        The collection whose documents it is about; None when it is about none.
        """
        found = _DOCUMENTS.match(self.path)
        return found["collection"] if found else None

    @property
    def database(self) -> str:
        """
        The database of those documents; empty when it is about none.
        """
        found = _DOCUMENTS.match(self.path)
        return found["database"] if found else ""

    @property
    def document(self) -> str:
        """
        The id of the document in the path; empty when there is none.
        """
        found = _DOCUMENTS.match(self.path)
        return (found["document"] or "") if found else ""

    @property
    def function(self) -> str:
        """
        The function that it executes; empty when it executes none.
        """
        found = _EXECUTIONS.match(self.path)
        return found["function"] if found and self.method == "POST" else ""

    @property
    def is_write(self) -> bool:
        """
        Whether it changes something, or executes what may.
        """
        return self.method not in {"GET", "HEAD", "OPTIONS"}

    @property
    def is_pending_write(self) -> bool:
        """
        Whether it writes, and may yet do so.
        """
        return self.is_write and self.status is None and not self.failure

    @property
    def data(self) -> Mapping[str, object]:
        """
        The attributes that it writes.
        """
        data = json_object(self.body).get("data")
        return data if isinstance(data, dict) else {}

    @property
    def execution(self) -> Mapping[str, object]:
        """
        What the execution of a function came to; nothing when the call is no execution that ended.
        """
        return json_object(self.answer) if self.function and (self.status or 0) < 300 else {}

    def __str__(self) -> str:
        return f"{self.method} /{self.path} {self.status or self.failure or 'unanswered'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """
    One frame of a socket: *kind* is its type, *name* its first event or channel; *holds* are the texts in its document.
    """

    is_sent: bool
    kind: str
    name: str = ""
    channels: tuple[str, ...] = ()
    holds: frozenset[str] = frozenset()
    code: int | None = None

    def __str__(self) -> str:
        return " ".join(filter(None, ("sent" if self.is_sent else "got", self.kind, self.name)))


@dataclass(slots=True, kw_only=True)
class Socket:
    """
    One socket; *channels* are those in its address. *ended* says how it ended, empty while it is open.
    """

    opened_seconds: float
    project: str = ""
    channels: tuple[str, ...] = ()
    frames: list[Frame] = field(default_factory=list)
    ended: str = ""

    @property
    def is_connected(self) -> bool:
        """
        Whether the server has ever said that it is.
        """
        return any(frame.kind in {"connected", "event", "response"} for frame in self.frames if not frame.is_sent)


@dataclass(slots=True, kw_only=True)
class Traffic:
    """
    All that one page did since it was opened. *gone_to* are addresses outside of the site that it opened, *misread* the
    scripts that are none. *is_kept_out*: its browser has kept an answer from it, for want of a header (CORS).
    """

    calls: list[Call] = field(default_factory=list)
    sockets: list[Socket] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    gone_to: list[str] = field(default_factory=list)
    misread: list[str] = field(default_factory=list)
    held_back: list[str] = field(default_factory=list)
    is_kept_out: bool = False

    def note_call(self, call: Call) -> None:
        """
        Keep a call, unless there are too many.
        """
        if len(self.calls) < MOST_KEPT:
            self.calls.append(call)

    def frames(self) -> Iterator[Frame]:
        """
        Yield the frames of all sockets.
        """
        for socket in self.sockets:
            yield from socket.frames

    def channels(self) -> tuple[str, ...]:
        """
        Return every channel that was asked for.
        """
        asked = [channel for socket in self.sockets for channel in socket.channels]
        asked += [channel for frame in self.frames() if frame.is_sent for channel in frame.channels]
        return tuple(dict.fromkeys(asked))

    def answered(self, method: str, collection: str) -> Call | None:
        """
        Return the last call of *method* about *collection* that was answered.
        """
        calls = [call for call in self.calls if (call.method, call.collection) == (method, collection)]
        return next((call for call in reversed(calls) if call.status is not None), None)

    def has_event(self, token: str) -> bool:
        """
        Return whether an event came whose document holds *token*.
        """
        return any(token in frame.holds for frame in self.frames() if frame.kind == "event" and not frame.is_sent)


def collection_of(channel: str) -> str | None:
    """
    Return the collection of whose documents *channel* tells; None when it tells of something else.
    """
    found = _CHANNEL.fullmatch(channel)
    return found["collection"] if found else None


def json_object(text: str | bytes) -> dict[str, object]:
    """
    Return the JSON object that *text* is; an empty one when it is none.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}

"""
Reads what a page sends and gets, as its browser tells of it, into the words of ``traffic.py``.
"""

from urllib.parse import parse_qsl, unquote, urlsplit

from monitor.browser.traffic import BODY_CHARACTERS, MOST_KEPT, Call, Frame, Socket, json_object


def read_call(method: str, url: str, *, endpoint: str, project: str, body: str) -> Call | None:
    """
    Return the call that a request is; None when it is no call of Appwrite.

    What is said to another project, or another endpoint, is one all the same.
    """
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    project = project or next((value for key, value in query if key == "project"), "")
    address = f"{parts.scheme}://{parts.netloc}{parts.path}"
    if address.startswith(f"{endpoint}/"):
        path = address[len(endpoint) + 1 :]
    elif project and "/v1/" in parts.path:
        path = parts.path.partition("/v1/")[2]
    else:
        return None
    queries = " ".join(value for key, value in query if key.startswith("queries"))
    return Call(
        method=method,
        path="/".join(map(unquote, path.split("/"))),
        project=project,
        queries=queries[:BODY_CHARACTERS],
        body=body[:BODY_CHARACTERS],
    )


def read_socket(url: str, *, endpoint: str, opened_seconds: float) -> Socket | None:
    """
    Return the socket at *url*; None when it is none of Appwrite's realtime.
    """
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    if not parts.path.endswith("/realtime") and not url.startswith(f"ws{endpoint.removeprefix('http')}"):
        return None
    channels = tuple(value for key, value in query if key.startswith("channels"))
    project = next((value for key, value in query if key == "project"), "")
    return Socket(opened_seconds=opened_seconds, project=project, channels=channels)


def note_frame(socket: Socket, text: str | bytes, *, is_sent: bool) -> None:
    """
    Read a frame into *socket*.
    """
    if len(socket.frames) >= MOST_KEPT:
        return
    message = json_object(text)
    kind, data = str(message.get("type", "?"))[:20], message.get("data")
    if kind == "authentication":
        # Its data is a session.
        data = None
    asked = data if isinstance(data, list) else []
    told = data if isinstance(data, dict) else {}
    channels = [channel for each in asked if isinstance(each, dict) for channel in each.get("channels") or ()]
    events, payload, code = told.get("events"), told.get("payload"), told.get("code")
    if kind == "error":
        events = [str(told.get("message", ""))]
    names = channels if is_sent else [_short(each) for each in events or () if isinstance(each, str)]
    socket.frames.append(
        Frame(
            is_sent=is_sent,
            kind=kind,
            name=str(names[0])[:120] if names else "",
            channels=tuple(map(str, channels)) if is_sent else (),
            holds=frozenset(each for each in payload.values() if isinstance(each, str))
            if isinstance(payload, dict)
            else frozenset(),
            code=code if isinstance(code, int) else None,
        )
    )


def _short(event: str) -> str:
    # databases.D.collections.C.documents.X.create
    parts = event.split(".")
    return f"{parts[3]}.{parts[-1]}" if len(parts) >= 7 else event

"""
Routes on messages, for server keys: made, read, changed while they are drafts, and deleted.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from monitor.sandbox.errors import AppwriteError, argument_invalid, argument_missing
from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.listing import listed, matching
from monitor.sandbox.protocol.routing import Call, Route
from monitor.sandbox.routes.shown_messages import show_log, show_message
from monitor.sandbox.state.identifiers import chosen_id
from monitor.sandbox.state.messaging import LogEntry, Message
from monitor.sandbox.state.moments import parse_moment

_ASKABLE = ("scheduledAt", "deliveredAt", "deliveredTotal", "status", "description", "providerType")
_ASKABLE_OF_TARGETS = ("name", "userId", "providerId", "providerType", "identifier", "expired")
# What of a body belongs to the message itself, and of that what must be there; a push may be without both, for data.
_CONTENT: Mapping[str, tuple[str, ...]] = {
    "push": (
        "title",
        "body",
        "data",
        "action",
        "image",
        "icon",
        "sound",
        "color",
        "tag",
        "badge",
        "contentAvailable",
        "critical",
        "priority",
        "channelId",
    ),
    "email": ("subject", "content", "cc", "bcc", "attachments", "html"),
    "sms": ("content",),
}
_NEEDED: Mapping[str, tuple[str, ...]] = {"push": (), "email": ("subject", "content"), "sms": ("content",)}
_MAX_TEXT = 65_535
_ALREADY = {
    "processing": "Message with the requested ID is already being processed.",
    "sent": "Message with the requested ID has already been sent.",
    "failed": "Message with the requested ID has already failed.",
}


def _create(provider_type: str) -> Callable[[Call], Answer]:
    def create(call: Call) -> Answer:
        wanted = call.fields.get("messageId")
        if wanted is None:
            raise argument_missing("messageId")
        id_, now = chosen_id(wanted, "messageId"), call.world.now()
        message = Message(
            id=id_,
            provider_type=provider_type,
            created_at=now,
            updated_at=now,
            data=_content(call, provider_type, needed=_NEEDED[provider_type]),
            users=call.texts("users"),
            topics=call.texts("topics"),
            targets=call.texts("targets"),
            status="draft",
            scheduled_at=_scheduled_at(call),
        )
        if id_ in call.world.messaging.messages:
            raise AppwriteError(
                409,
                "document_already_exists",
                "Document with the requested ID already exists. Try again with a different ID or use ID.unique() to"
                " generate a unique ID.",
            )
        _send(call, message)
        call.world.messaging.add(message)
        return _written(call, message, action="create", status=201)

    return create


def _update(provider_type: str) -> Callable[[Call], Answer]:
    def update(call: Call) -> Answer:
        message = _find(call)
        if message.status in _ALREADY:
            raise AppwriteError(400, f"message_already_{message.status}", _ALREADY[message.status])
        content, scheduled_at = _content(call, provider_type, needed=()), _scheduled_at(call)
        message.data |= content
        for noun in ("users", "topics", "targets"):
            if noun in call.fields:
                setattr(message, noun, call.texts(noun))
        message.scheduled_at = scheduled_at or message.scheduled_at
        message.updated_at = call.world.now()
        _send(call, message)
        return _written(call, message, action="update", status=200)

    return update


def _list(call: Call) -> Answer:
    _send_due(call)
    shown = [show_message(each) for each in call.world.messaging.messages.values()]
    found = matching(call, shown, of=("$id", "data", "providerType", "status"))
    return listed(call, "messages", found, askable=_ASKABLE)


def _get(call: Call) -> Answer:
    _send_due(call)
    return Answer(body=show_message(_find(call)))


def _delete(call: Call) -> Answer:
    message = _find(call)
    if message.status == "processing":
        raise AppwriteError(400, "message_already_processing", _ALREADY["processing"])
    del call.world.messaging.messages[message.id]
    return Answer(status=204)


def _list_targets(call: Call) -> Answer:
    """
    Only those named one by one; users and topics have theirs.
    """
    message = _find(call)
    named = [each.shown() for each in call.world.messaging.recipients(message) if each.id in message.targets]
    return listed(call, "targets", named, askable=_ASKABLE_OF_TARGETS)


def _list_logs(call: Call) -> Answer:
    logs = [show_log(each) for each in reversed(_find(call).logs)]
    return Answer(body={"total": len(logs), "logs": logs})


def _content(call: Call, provider_type: str, *, needed: tuple[str, ...]) -> dict[str, object]:
    for name in needed:
        call.text(name)
    content = {name: call.fields[name] for name in _CONTENT[provider_type] if call.fields.get(name) is not None}
    for name in ("title", "body", "subject", "content"):
        if name in content and len(call.text(name)) > _MAX_TEXT:
            problem = f"Value must be a valid string and at least 1 chars and no longer than {_MAX_TEXT} chars"
            raise argument_invalid(name, problem)
    if not isinstance(content.get("data", {}), dict):
        raise argument_invalid("data", "Value must be a valid object.")
    return content


def _scheduled_at(call: Call) -> str | None:
    sent = call.fields.get("scheduledAt")
    if sent is None:
        return None
    now = call.world.clock.now()
    moment = parse_moment(sent, now=now) if isinstance(sent, str) else None
    if moment is None or datetime.fromisoformat(moment) <= now:
        raise argument_invalid("scheduledAt", "Value must be valid date in the future and between 0001 and 9999")
    return moment


def _send(call: Call, message: Message) -> None:
    """
    Leave a message that is no draft to the worker, or until its time has come.
    """
    if call.flag("draft", default=message.id in call.world.messaging.messages):
        return
    if not message.has_recipients:
        raise AppwriteError(
            400,
            "message_missing_target",
            "Message with the requested ID has no recipients (topics or users or targets).",
        )
    if message.scheduled_at is not None:
        message.status = "scheduled"
        return
    _leave_to_worker(call, message)


def _send_due(call: Call) -> None:
    now = call.world.clock.now()
    for each in call.world.messaging.messages.values():
        if each.status == "scheduled" and each.scheduled_at and datetime.fromisoformat(each.scheduled_at) <= now:
            _leave_to_worker(call, each)


def _leave_to_worker(call: Call, message: Message) -> None:
    world = call.world
    world.messaging.worker.put(lambda: world.messaging.deliver(message, now=world.now()))
    message.status = "processing"


def _find(call: Call) -> Message:
    message = call.world.messaging.messages.get(call.path["message"])
    if message is None:
        raise AppwriteError(404, "message_not_found", "Message with the requested ID could not be found.")
    return message


def _written(call: Call, message: Message, *, action: str, status: int) -> Answer:
    entry = LogEntry(event=f"messages.{message.id}.{action}", at=call.world.now(), ip=call.peer)
    call.world.messaging.log(message, entry)
    return Answer(status=status, body=show_message(message))


_READ = ("messages.read",)
_WRITE = ("messages.write",)
_MANY = "/messaging/messages"
_ONE = f"{_MANY}/{{message}}"

ROUTES = (
    Route(method="GET", path=_MANY, handler=_list, scopes=_READ, project_only=True),
    Route(method="GET", path=_ONE, handler=_get, scopes=_READ, project_only=True),
    Route(method="DELETE", path=_ONE, handler=_delete, scopes=_WRITE, project_only=True),
    Route(method="GET", path=f"{_ONE}/targets", handler=_list_targets, scopes=_READ, project_only=True),
    Route(method="GET", path=f"{_ONE}/logs", handler=_list_logs, scopes=_READ, project_only=True),
    *(
        Route(method="POST", path=f"{_MANY}/{each}", handler=_create(each), scopes=_WRITE, project_only=True)
        for each in _CONTENT
    ),
    *(
        Route(
            method="PATCH", path=f"{_MANY}/{each}/{{message}}", handler=_update(each), scopes=_WRITE, project_only=True
        )
        for each in _CONTENT
    ),
)

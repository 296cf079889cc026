"""
What stands between a booking and the chat beside the database: functions, the backend, and jobs that change what was
written.
"""

import asyncio
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from pydantic import Field, PrivateAttr

from monitor.core.cause import Cause
from monitor.sandbox.booking_platform import CHAT_SESSIONS, NOTIFICATIONS
from monitor.sandbox.faults.fault import Fault, Queue, Sockets
from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.documents import Sheet
from monitor.sandbox.protocol.family import COLLECTIONS
from monitor.sandbox.protocol.routing import Call, Route
from monitor.sandbox.state.functions import Function
from monitor.sandbox.state.identifiers import unique_id


class FunctionFailed(Fault):
    """
    Functions cannot be run, fail, refuse what they are given, or never end. Shows F06, F10, F24.

    ``failed``: they end with 500 and have done nothing; ``refused``: they end well and their answer is 400, as the
    contact filter's; ``denied``: *identity* may not run them; ``missing``: 404, as in another project; ``timeout``:
    they take too long; ``waiting``: what nobody waits for never starts, and what somebody waits for goes on.
    """

    cause = Cause.FUNCTION_FAILED
    how: Literal["failed", "refused", "denied", "missing", "timeout", "waiting"] = Field(
        default="failed", description="what becomes of an execution"
    )
    function: str = Field(default="", max_length=36, description="id of the function; empty for all, as when waiting")
    identity: Literal["client", "guest"] = Field(default="guest", description="who may not, when denied")

    def see_function(self, function: Function) -> Function | None:
        if self.function not in {"", function.id}:
            return function
        match self.how:
            case "failed":
                return replace(function, runs="fail")
            case "refused":
                return replace(function, runs="refuse")
            case "denied":
                return replace(function, execute=("users",) if self.identity == "guest" else ())
            case "timeout":
                return replace(function, takes_seconds=float("inf"))
        return None if self.how == "missing" else function

    def works(self, queue: Queue) -> bool:
        return queue != "functions" or self.how != "waiting"


class MessagesStuck(Fault):
    """
    Notifications by push, e-mail and SMS stay ``processing``: their worker is gone.
    """

    cause = Cause.JOURNEY_BROKEN

    def works(self, queue: Queue) -> bool:
        return queue != "messaging"


class ChatRecordLate(Fault):
    """
    The platform's backend makes the chat record of a booking a while too late; the notification is there at once.

    Of bookings with the status ``pending_accept``: January's rooms are made by the customer's page. Those that were
    made while the fault was on stay late, and of a booking that is gone by then no record is made.
    """

    cause = Cause.JOURNEY_BROKEN
    seconds: float = Field(default=5.0, ge=0.0, le=600.0, description="from the booking to its chat record")

    def backend_delay(self, collection_id: str) -> float | None:
        return self.seconds if collection_id == CHAT_SESSIONS else 0.0


class NotificationMissing(Fault):
    """
    The platform's backend makes no notification of a booking; the chat record is there, and nobody is told of it.

    It is not made later either, once the fault is off.
    """

    cause = Cause.JOURNEY_BROKEN

    def backend_delay(self, collection_id: str) -> float | None:
        return None if collection_id == NOTIFICATIONS else 0.0


class MessageMisfiled(Fault):
    """
    The function ``sendChatMessage`` stores messages under another conversation than it was given. Shows F19.

    It answers as if all was well: each side finds its own messages only. What was stored so stays so.
    """

    cause = Cause.JOURNEY_BROKEN

    def see_function(self, function: Function) -> Function | None:
        return replace(function, runs="misfile") if function.runs == "sendChatMessage" else function


class BookingJob(Fault):
    """
    A job that changes each new document of a collection a while after it was made.
    """

    cause = Cause.JOURNEY_BROKEN
    collection: str = Field(default="bookings", min_length=1, max_length=36, description="id of the collection")
    _over: bool = PrivateAttr(default=False)

    def delay(self) -> float:
        """
        Return how many seconds after the creation the job is done.
        """
        return 0.0

    @abstractmethod
    def changes(self, data: Mapping[str, object]) -> Mapping[str, object]:
        """
        Return what becomes of a document that holds *data*; nothing for one that is left.
        """

    def end(self, sockets: Sockets) -> None:  # noqa: ARG002 - a seam
        self._over = True

    def after(self, call: Call, route: Route, answer: Answer) -> Answer:  # noqa: ARG002 - a seam
        body = answer.body
        if answer.status == 201 and isinstance(body, Mapping) and call.path.get("collection") == self.collection:
            asyncio.get_running_loop().call_later(self.delay(), self._do, call, str(body.get("$id")))
        return answer

    def _do(self, call: Call, document_id: str) -> None:
        database = call.world.database(call.path["database"])
        collection = database and call.world.collection(database.id, self.collection)
        document = collection and collection.documents.get(document_id)
        changes = self.changes(document.data) if document and not self._over else {}
        if not collection or not document or not changes:
            return
        changed = replace(document, data={**document.data, **changes}, updated_at=call.world.now())
        collection.documents[document_id] = changed
        Sheet(call=call, family=COLLECTIONS, collection=collection).publish("update", changed)


class BookingExpires(BookingJob):
    """
    A job cancels every pending booking a while after it was made, whatever its deadline. Shows F23.

    Unlike other faults this one writes: a booking that it cancelled stays so, and the change is sent as an event.
    Bookings made before the fault was switched on, and those whose time has not come when it is switched off, are left.
    """

    seconds: float = Field(default=30.0, ge=0.0, le=600.0, description="from the booking to its end")
    attribute: str = Field(default="status", min_length=1, max_length=255, description="what holds the status")
    pending: str = Field(default="pending", max_length=255, description="the status that is cancelled; empty for any")
    status: str = Field(default="cancelled", min_length=1, max_length=255, description="the status it gets")

    def delay(self) -> float:
        return self.seconds

    def changes(self, data: Mapping[str, object]) -> Mapping[str, object]:
        status = data.get(self.attribute)
        if status is None or (self.pending and status != self.pending):
            return {}
        return {self.attribute: self.status}


class BookingUnassigned(BookingJob):
    """
    A job gives each new booking to nobody right after it was made: the therapist's own query never finds it. Shows F12.

    The chat record and the notification still come, since the backend goes by the booking as it was written. Unlike
    other faults this one writes: the booking keeps the id of nobody, and the change is sent as an event.
    """

    attribute: str = Field(default="therapistId", min_length=1, max_length=255, description="what names the therapist")

    def changes(self, data: Mapping[str, object]) -> Mapping[str, object]:
        return {self.attribute: unique_id()} if isinstance(data.get(self.attribute), str) else {}

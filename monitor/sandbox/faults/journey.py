"""
What stands between a booking and the chat beside the database: functions, and jobs that change what was written.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from pydantic import Field, PrivateAttr

from monitor.core.cause import Cause
from monitor.sandbox.faults.fault import Fault, Queue, Sockets
from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.documents import Sheet
from monitor.sandbox.protocol.family import COLLECTIONS
from monitor.sandbox.protocol.routing import Call, Route
from monitor.sandbox.state.functions import Function


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


class BookingExpires(Fault):
    """
    A job cancels every pending booking a while after it was made, whatever its deadline. Shows F23.

    Unlike other faults this one writes: a booking that it cancelled stays so, and the change is sent as an event.
    Bookings made before the fault was switched on, and those whose time has not come when it is switched off, are left.
    """

    cause = Cause.JOURNEY_BROKEN
    collection: str = Field(default="bookings", min_length=1, max_length=36, description="id of the collection")
    seconds: float = Field(default=30.0, ge=0.0, le=600.0, description="from the booking to its end")
    attribute: str = Field(default="status", min_length=1, max_length=255, description="what holds the status")
    pending: str = Field(default="pending", max_length=255, description="the status that is cancelled; empty for any")
    status: str = Field(default="cancelled", min_length=1, max_length=255, description="the status it gets")
    _over: bool = PrivateAttr(default=False)

    def end(self, sockets: Sockets) -> None:  # noqa: ARG002 - a seam
        self._over = True

    def after(self, call: Call, route: Route, answer: Answer) -> Answer:  # noqa: ARG002 - a seam
        body = answer.body
        if answer.status == 201 and isinstance(body, Mapping) and call.path.get("collection") == self.collection:
            asyncio.get_running_loop().call_later(self.seconds, self._cancel, call, str(body.get("$id")))
        return answer

    def _cancel(self, call: Call, document_id: str) -> None:
        database = call.world.database(call.path["database"])
        collection = database and call.world.collection(database.id, self.collection)
        document = collection and collection.documents.get(document_id)
        if self._over or not collection or not document:
            return
        status = document.data.get(self.attribute)
        if status is None or (self.pending and status != self.pending):
            return
        data = {**document.data, self.attribute: self.status}
        changed = replace(document, data=data, updated_at=call.world.now())
        collection.documents[document_id] = changed
        Sheet(call=call, family=COLLECTIONS, collection=collection).publish("update", changed)

"""
A profile: the collections, attributes and values of one version of the platform, on which journeys are played.

The platform changed them every few weeks; the story stayed. Values may hold the placeholders of ``template.py``.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from monitor.core.role import Role
from monitor.core.target import AppwriteId
from monitor.journey.parts import (
    Answer,
    Dashboard,
    Expiry,
    Key,
    Message,
    Objectives,
    Part,
    Record,
    Switch,
    Therapist,
)


class Profile(Part):
    """
    One version of the platform.
    """

    name: str = Field(default="custom", max_length=64, description="what messages call it")
    signed_in: bool = Field(default=True, description="whether only somebody signed in can book")
    switch: Switch | None = Field(default=None, description="the document that switches the flow on and off")
    therapist: Therapist | None = Field(default=None, description="where bookings name therapists by their documents")
    booking: Record = Field(description="the booking")
    dashboard: Dashboard = Field(description="how the therapist finds it")
    chat: Record = Field(description="the record of the chat")
    message: Message = Field(description="from the customer to the therapist")
    reply: Message | None = Field(default=None, description="from the therapist to the customer")
    notification: Record | None = Field(default=None, description="what tells the therapist of the booking")
    accept: Answer = Field(description="how the therapist accepts")
    decline: Answer | None = Field(default=None, description="how he declines")
    expiry: Expiry | None = Field(default=None, description="what becomes of a booking without an answer")
    share: Literal["backend", "nobody"] | tuple[Role, ...] = Field(
        default="backend",
        description="who lets the other side see what one writes: roles that both hold, granted by the writer; the"
        " platform's backend, played with the server key; or nobody, where the collections' permissions do",
    )
    traces: Mapping[AppwriteId, Key] = Field(
        default_factory=dict,
        max_length=20,
        description="collection → the attribute that holds the booking's id, in whatever else the platform writes",
    )
    objectives: Objectives = Objectives()

    @model_validator(mode="after")
    def _all_can_be_removed(self) -> Self:
        if self.booking.by == "platform":
            raise problem_at("booking", "by", "somebody must book: customer or backend")
        for name, record in self.records():
            if record.by == "platform" and not reference_in(record.where, self.own)[1]:
                text = "the platform writes it under an id of its own: name an attribute that is '{booking}', by which"
                raise problem_at(name, "where", f"{text} it can be found to be removed")
        return self

    @model_validator(mode="after")
    def _all_can_be_found(self) -> Self:
        if self.notification is not None and not self.notification.where:
            raise problem_at("notification", "where", "is empty: say how the therapist finds it")
        for (name, message), placeholder in zip(self.messages(), ("text", "reply"), strict=False):
            if f"{{{placeholder}}}" not in message.data.values():
                text = f"one attribute must be '{{{placeholder}}}' and nothing else: by that the message is looked for"
                raise problem_at(name, "data", text)
        return self

    @property
    def own(self) -> Sequence[str]:
        """
        The placeholders of ids that the monitor has chosen, and which therefore bear its mark.
        """
        return ("booking",) if self.chat.by == "platform" else ("booking", "chat")

    def records(self) -> Iterator[tuple[str, Record]]:
        """
        Yield the documents of the story by name.
        """
        yield "booking", self.booking
        yield "chat", self.chat
        if self.notification is not None:
            yield "notification", self.notification

    def messages(self) -> Iterator[tuple[str, Message]]:
        """
        Yield the messages by name.
        """
        yield "message", self.message
        if self.reply is not None:
            yield "reply", self.reply


def problem_at(*place_and_message: str) -> ValidationError:
    """
    Return what is wrong at a place deeper in the configuration than where it is seen; the message comes last.
    """
    *place, message = place_and_message
    kind = PydanticCustomError("value_error", "{error}", {"error": message})
    return ValidationError.from_exception_data("profile", [InitErrorDetails(type=kind, loc=tuple(place), input=None)])


def reference_in(where: Mapping[str, object], own: Sequence[str]) -> tuple[str, str]:
    """
    Return the attribute that holds one of *own*, the ids of the monitor's, and which; two empty texts if none does.
    """
    named = {f"{{{name}}}": name for name in own}
    return next(
        ((key, named[value]) for key, value in where.items() if isinstance(value, str) and value in named), ("", "")
    )

"""
The parts of a profile: what is written, how it is found, and from when on it is too slow.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, model_validator

from monitor.appwrite.json_values import Scalar
from monitor.core.duration import Duration
from monitor.core.errors import unknown
from monitor.core.target import AppwriteId
from monitor.journey.template import PLACEHOLDERS, placeholders_in
from monitor.journey.where import Condition

Key = Annotated[str, Field(min_length=1, max_length=255)]
Writer = Literal["customer", "backend", "platform"]


def _with_known_placeholders(value: JsonValue) -> JsonValue:
    for name in placeholders_in(value):
        if name not in PLACEHOLDERS:
            raise ValueError(unknown("placeholder", name, PLACEHOLDERS))
    return value


Value = Annotated[JsonValue, AfterValidator(_with_known_placeholders)]
Where = Mapping[Key, Annotated[Condition, AfterValidator(_with_known_placeholders)]]


def _for_editors(schema: dict[str, Any]) -> None:
    # What a profile of one's own leaves out is that of the one it is like.
    schema.pop("required", None)


class Part(BaseModel):
    """
    What all have in common: keys as in the file, and none that is unknown.
    """

    model_config = ConfigDict(
        json_schema_extra=_for_editors,
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        allow_inf_nan=False,
        alias_generator=lambda field: field.removesuffix("_seconds"),
    )


class Switch(Part):
    """
    A document by which the site switches the whole flow on and off.
    """

    collection: AppwriteId = Field(description="id of its collection")
    document: AppwriteId = Field(description="its id")
    attribute: Key = Field(description="what says whether the flow is on")
    on: Scalar = Field(default=True, description="its value while it is; anything else is off")


class Dashboard(Part):
    """
    How the therapist himself looks for bookings, over REST and in the events that he receives.
    """

    collection: AppwriteId = Field(description="the collection that his page reads and subscribes to")
    where: Where = Field(min_length=1, description="attribute → what his page demands of it")


class Therapist(Part):
    """
    The collection of therapists, where bookings name them by their documents and not by their users.
    """

    collection: AppwriteId = Field(description="id of the collection")
    where: Where = Field(
        default={"userId": "{therapist_user}"}, min_length=1, description="how he finds his own document"
    )


class Record(Part):
    """
    A document of the story: who writes it, what it holds, and how others find it.

    ``platform``: the platform writes it by itself, and the monitor waits for it. ``backend``: the monitor plays the
    platform's backend, with the server key.
    """

    collection: AppwriteId = Field(description="id of the collection")
    by: Writer = Field(default="customer", description="who writes it: customer, backend or platform")
    data: Mapping[Key, Value] = Field(default_factory=dict, description="attribute → value, as its writer writes it")
    where: Where = Field(default_factory=dict, description="attribute → what finds it")
    optional: bool = Field(default=False, description="without its collection the flow is switched off, not broken")
    objective_seconds: Duration | None = Field(
        default=None, description="from the booking, or its writing, on; later is degraded"
    )
    within_seconds: Duration = Field(default=5.0, ge=0.1, description="from the booking on; later is failed")

    @model_validator(mode="after")
    def _fits_its_writer(self) -> Self:
        if self.by != "platform" and not self.data:
            raise ValueError("data is missing: say what its writer writes")
        if self.by == "platform" and (self.objective_seconds or 0.0) >= self.within_seconds:
            raise ValueError("objective must be shorter than within: what is late is degraded first, then failed")
        return self


class Message(Part):
    """
    A message from one side to the other: written into a collection, or sent through a function that does it.
    """

    collection: AppwriteId = Field(description="the collection in which the other side reads it")
    function: AppwriteId | None = Field(default=None, description="id of the function that writes it; none: the sender")
    data: Mapping[Key, Value] = Field(description="attribute → value; of a function, the body it is called with")
    answer: Mapping[str, Scalar] = Field(
        default_factory=dict, description="path → value, in what the function answers when it has taken the message"
    )
    where: Where = Field(min_length=1, description="attribute → what the other side's page demands of it")
    text: Key = Field(description="the attribute that holds the text")
    objective_seconds: Duration | None = Field(default=None, description="sending slower than this is degraded")


class Answer(Part):
    """
    What the therapist changes in the booking to accept or decline it.
    """

    data: Mapping[Key, Value] = Field(min_length=1, description="attribute → value")
    objective_seconds: Duration | None = Field(default=None, description="slower than this is degraded")


class Expiry(Part):
    """
    What becomes of a booking that nobody answers.
    """

    data: Mapping[Key, Value] = Field(min_length=1, description="attribute → value that the platform gives it")
    within_seconds: Duration = Field(ge=1.0, description="from the booking on, how long that may take")


class Objectives(Part):
    """
    From when on what is right is too slow.
    """

    event_seconds: Duration | None = Field(default=None, description="a realtime event, from the answer to its write")
    query_seconds: Duration | None = Field(default=None, description="a query of one side for what the other wrote")

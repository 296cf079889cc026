"""
What a journey leaves, and what the platform may write because of it: written down together, before the booking is made.
"""

from monitor.core.leftover import Leftover
from monitor.journey.profile import reference_in
from monitor.journey.stage import Stage


def of_booking(stage: Stage) -> list[Leftover]:
    """
    Return the booking, and what the platform may write because of it.
    """
    profile, backend = stage.profile, stage.backend
    traces = [(collection, attribute, "booking") for collection, attribute in profile.traces.items()]
    for _, record in profile.records():
        if record.by == "platform":
            traces.append((record.collection, *reference_in(record.where, profile.own)))
    return [
        backend.leftover(profile.booking.collection, stage.facts["booking"]),
        *(backend.trace(collection, attribute, stage.facts[of]) for collection, attribute, of in traces),
    ]


def of_chat(stage: Stage) -> list[Leftover]:
    """
    Return what the chat makes beside the booking.
    """
    profile, backend = stage.profile, stage.backend
    left = [] if profile.chat.by == "platform" else [backend.leftover(profile.chat.collection, stage.facts["chat"])]
    for name, message in profile.messages():
        if message.function is None:
            left.append(backend.leftover(message.collection, stage.ids[name]))
            continue
        text = stage.facts["text" if name == "message" else "reply"]
        left.append(backend.trace(message.collection, message.text, text))
        attribute, of = reference_in(message.where, profile.own)
        if of:
            left.append(backend.trace(message.collection, attribute, stage.facts[of]))
    return left


def of_notification(stage: Stage) -> list[Leftover]:
    """
    Return what the notification makes beside the booking.
    """
    record = stage.profile.notification
    if record is None or record.by == "platform":
        return []
    return [stage.backend.leftover(record.collection, stage.ids["notification"])]

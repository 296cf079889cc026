"""
The sentences around the story: whether the site has the flow switched on, and what can be seen of it without writing.
"""

from monitor.appwrite.errors import AppwriteError
from monitor.appwrite.failures import failed
from monitor.core.errors import OwnFault, fit
from monitor.core.outcome import Reason
from monitor.core.redaction import excerpt
from monitor.journey.parts import Where
from monitor.journey.side import Side
from monitor.journey.stage import Stage, switched_off


async def demand_switched_on(stage: Stage) -> None:
    """
    Raise ``CheckFailed`` (``disabled``) when the document by which the site switches the flow says that it is off.

    One that is not there, or not for customers, says nothing: then the story shows what works.
    """
    switch = stage.profile.switch
    if switch is None:
        return
    document = await stage.customer.read(switch.collection, switch.document)
    if document is None or document.data.get(switch.attribute) == switch.on:
        return
    if switch.attribute not in document.data:
        text = f"{switch.document!r} of {switch.collection!r} has no attribute {switch.attribute!r}"
        raise OwnFault(fit(f"{text}: correct switch of the profile"), collection=switch.collection)
    got = excerpt(repr(document.data[switch.attribute]))
    text = f"the site has switched the flow off: {switch.attribute} of {switch.document!r} is {got}, not {switch.on!r}"
    raise failed(Reason.DISABLED, f"{text}: nothing is broken; switch this check off if that stays", got=got)


async def observe(stage: Stage) -> None:
    """
    Ask what both pages ask when they are opened, and have both sockets answer; write nothing.
    """
    profile = stage.profile
    await _look(stage, stage.therapist, profile.dashboard.collection, profile.dashboard.where)
    if profile.chat.where:
        await _look(stage, stage.therapist, profile.chat.collection, profile.chat.where)
    await _look(stage, stage.therapist, profile.message.collection, profile.message.where)
    if profile.notification is not None and profile.notification.where:
        await _look(stage, stage.therapist, profile.notification.collection, profile.notification.where)
    if profile.reply is not None and not stage.customer.is_guest:
        await _look(stage, stage.customer, profile.reply.collection, profile.reply.where)
    for side in (stage.therapist, stage.customer):
        await side.ping()
    # A list, which reports show also of a run that passed: whoever asked for it by hand must not take it for the whole.
    stage.run.note(observed_only=("nothing was written: observe_only, write_every or writes_per_hour says so",))


async def _look(stage: Stage, side: Side, collection: str, where: Where) -> None:
    try:
        await side.find(collection, stage.filled(where))
    except AppwriteError as error:
        optional = (record for _, record in stage.profile.records() if record.collection == collection)
        raise next((switched_off(record, error) for record in optional), error) from error

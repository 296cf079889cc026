"""
The sentences about the answer: the therapist's page tells of the booking, he accepts, and the customer's page tells so.
"""

from monitor.browser.missing import nothing_happened, without
from monitor.browser.observed import Observed, seen
from monitor.browser.scene import Scene
from monitor.browser.traffic import Call
from monitor.browser.unshown import unshown
from monitor.core.redaction import excerpt
from monitor.journey.booking import difference

# Of other runs, and of other locations: a test therapist has no more at once.
_MOST_BOOKINGS = 10
_GLANCE_SECONDS = 0.5


async def therapist_sees_booking(scene: Scene) -> None:
    """
    Have the therapist's dashboard, which was open before, tell of the booking without being loaded again.
    """
    visit, collection = scene.therapist, scene.stage.profile.dashboard.collection
    if await visit.wait(lambda: visit.shows_new(scene.words.new_booking), within_seconds=scene.event_within_seconds):
        return
    token = scene.stage.facts["booking"]
    error = unshown(visit.name, visit.traffic, what="the booking", collection=collection, token=token)
    if error.evidence["observed"] == Observed.EVENT_NOT_SHOWN:
        is_loaded = await visit.reload(within_seconds=scene.step_within_seconds)
        again = lambda: visit.shows_new(scene.words.new_booking)  # noqa: E731
        if is_loaded and not await visit.wait(again, within_seconds=scene.settling_seconds):
            text = "the therapist's query finds the booking, and his page does not list it, nor when it is loaded again"
            raise seen(Observed.NOT_LISTED, visit.name, f"{text}: see by what it filters", collection=collection)
    raise error


async def accept(scene: Scene) -> None:
    """
    Have the therapist press the button that accepts; the API must have the new status.
    """
    visit, collection = scene.therapist, scene.stage.profile.booking.collection
    call = await _press_until_ours(scene, collection)
    if call is None:
        raise nothing_happened(visit, "the button that accepts does nothing")
    if call.status != 200:
        raise nothing_happened(visit, "the button that accepts came to nothing")
    wanted = scene.stage.filled(scene.stage.profile.accept.data)
    booking = await scene.stored_booking()
    if booking is None or (key := difference(wanted, booking.data)):
        got = f"{key} is {excerpt(str(booking.data.get(key)))!r}" if booking is not None else "the booking is gone"
        text = f"the therapist accepted, and {got}: see what the page writes"
        raise seen(Observed.NOT_WRITTEN, visit.name, text, collection=collection)


async def _press_until_ours(scene: Scene, collection: str) -> Call | None:
    """
    Press one button after the other until it is our booking's; another run's is held back, and so stays as it was.

    What the page told of may have been another run's booking, and buttons come and go as the others are accepted: those
    there are are pressed again until ours had the time of an event to come.
    """
    visit, run = scene.therapist, scene.run
    ends = run.elapsed_seconds() + scene.event_within_seconds
    while True:
        for number in range(_MOST_BOOKINGS):
            within = scene.step_within_seconds if number == 0 else _GLANCE_SECONDS
            before = len(visit.traffic.held_back)
            if not await visit.press_next(scene.words.accept, number=number, within_seconds=within):
                break
            call = await _answer_to_press(scene, collection, before)
            if call is not None or len(visit.traffic.held_back) == before:
                return call
            del visit.traffic.held_back[before:]
        if run.elapsed_seconds() >= ends:
            break
    if not await visit.shows(scene.words.accept, "button"):
        raise without(visit, "button that accepts", scene.words.accept)
    text = "the therapist's page tells of a booking, and has no button to accept this one"
    raise seen(Observed.NOT_LISTED, visit.name, f"{text}: see by what it filters", collection=collection)


async def _answer_to_press(scene: Scene, collection: str, held_back: int) -> Call | None:
    traffic = scene.therapist.traffic
    await scene.therapist.wait(
        lambda: traffic.answered("PATCH", collection) is not None,
        lambda: len(traffic.held_back) > held_back,
        within_seconds=scene.step_within_seconds,
    )
    return traffic.answered("PATCH", collection)


async def customer_sees_acceptance(scene: Scene) -> None:
    """
    Have the customer's page tell that the therapist has accepted.
    """
    visit, collection = scene.customer, scene.stage.profile.booking.collection
    if not await visit.wait(lambda: visit.shows(scene.words.accepted), within_seconds=scene.event_within_seconds):
        token = scene.stage.facts["booking"]
        raise unshown(visit.name, visit.traffic, what="that he accepted", collection=collection, token=token)

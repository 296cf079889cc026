"""
The sentences about the booking, as both do and see it in their pages; what they wrote is read back through the API.
"""

from urllib.parse import urljoin

from monitor.appwrite.answers import Document
from monitor.browser.missing import nothing_happened, without
from monitor.browser.observed import Observed, seen
from monitor.browser.scene import Scene
from monitor.browser.visit import Visit
from monitor.core.errors import CheckFailed, OwnFault
from monitor.core.outcome import EvidenceValue
from monitor.core.redaction import excerpt
from monitor.journey.where import mismatch, show

_NAME, _VENUE, _ROOM = "Synthetic Customer", "Villa Synthetic", "Room one"
# What is not on every form is not waited for.
_GLANCE_SECONDS = 0.5


async def open_pages(scene: Scene, *, site: str, customer_page: str, therapist_page: str) -> None:
    """
    Open the therapist's dashboard, then the customer's page.
    """
    facts = scene.stage.facts
    for visit, page in ((scene.therapist, therapist_page), (scene.customer, customer_page)):
        path = page.replace("{therapist}", facts["therapist"])
        try:
            await visit.open(urljoin(f"{site}/", path.lstrip("/")), within_seconds=scene.step_within_seconds)
        except CheckFailed as error:
            raise CheckFailed(error.reason, error.message, **error.evidence, side=visit.name) from error
    visit, dashboard = scene.therapist, scene.stage.profile.dashboard.collection

    def has_asked() -> bool:
        calls = visit.traffic.calls
        return any(call.collection == dashboard and call.method == "GET" and call.status for call in calls)

    # It goes on without: what comes later shows whether that is wrong.
    await visit.wait(
        has_asked, lambda: visit.shows(scene.words.password, "field"), within_seconds=scene.settling_seconds
    )
    await _demand_signed_in(scene, visit)


async def book_now(scene: Scene) -> None:
    """
    Have the customer press the button on the therapist's card: the chat window opens.
    """
    visit, words = scene.customer, scene.words
    if not await visit.press(words.book_now, within_seconds=scene.step_within_seconds):
        raise without(visit, "button to book", words.book_now, observed=Observed.PAGE_MISSING)
    opened = await visit.wait(
        lambda: visit.shows(words.chat_window),
        lambda: bool(visit.handed_off),
        within_seconds=scene.step_within_seconds,
    )
    if visit.handed_off:
        text = f"booking opens {visit.handed_off} instead of the chat: the flow is switched off by a flag of the site"
        raise seen(Observed.HANDED_OFF, visit.name, f"{text}: nothing is broken", handed_off_to=visit.handed_off)
    if not opened:
        raise nothing_happened(visit, "the button to book opens no chat window")


async def choose_duration(scene: Scene) -> None:
    """
    Have the customer choose how long: the form comes.
    """
    visit, words = scene.customer, scene.words
    if not await visit.press(words.duration, within_seconds=scene.step_within_seconds):
        raise without(visit, "button of a duration", words.duration)
    if not await visit.wait(lambda: visit.shows(words.name, "field"), within_seconds=scene.step_within_seconds):
        raise nothing_happened(visit, "the button of a duration opens no form")


async def fill_details(scene: Scene) -> None:
    """
    Have the customer fill the form.
    """
    visit, words = scene.customer, scene.words
    number = scene.stage.facts["whatsapp"].removeprefix("+1")
    await visit.choose(words.country_code, "+1")
    for what, ways, text in (("name", words.name, _NAME), ("number", words.whatsapp, number)):
        if not await visit.fill(ways, text, within_seconds=scene.step_within_seconds):
            raise without(visit, f"field of the {what}", ways)
    for button in (words.massage_for, words.place):
        if await visit.shows(button, "button"):
            await visit.press(button, within_seconds=_GLANCE_SECONDS)
    for field, text in ((words.venue, _VENUE), (words.room, _ROOM)):
        if await visit.shows(field, "field"):
            await visit.fill(field, text, within_seconds=_GLANCE_SECONDS)


async def order(scene: Scene) -> Document:
    """
    Have the customer order; return the booking as the API has it, which the therapist's own query must find.
    """
    visit, words = scene.customer, scene.words
    await scene.therapist.mark_old(words.new_booking)
    if not await visit.press(words.order, within_seconds=scene.step_within_seconds):
        raise without(visit, "button that orders", words.order)
    await visit.wait(
        lambda: visit.traffic.answered("POST", scene.stage.profile.booking.collection) is not None,
        lambda: _is_refused(visit),
        lambda: visit.has_gone,
        lambda: visit.shows(words.password, "field"),
        within_seconds=scene.step_within_seconds,
    )
    call = visit.traffic.answered("POST", scene.stage.profile.booking.collection)
    if call is None or call.status != 201:
        await _demand_signed_in(scene, visit)
        shown = await visit.shows(words.countdown) or await visit.shows(words.connecting)
        raise _not_ordered(visit, is_shown=shown, is_sent=_sent(visit, "POST"))
    return await _read_back(scene)


async def chat_opens(scene: Scene) -> None:
    """
    Have the customer's window show the chat with its countdown, and the API the chat's record.
    """
    visit, words, record = scene.customer, scene.words, scene.stage.profile.chat
    if not await visit.wait(
        lambda: visit.shows(words.countdown), lambda: visit.has_gone, within_seconds=scene.step_within_seconds
    ):
        raise seen(Observed.STUCK, visit.name, "the booking is there, and the page shows no countdown: see its console")
    if visit.has_gone:
        text = "the page left the chat after the order: see what navigates"
        raise seen(Observed.NAVIGATED_AWAY, visit.name, text)
    if not record.where:
        return
    where, until = scene.stage.filled(record.where), scene.run.elapsed_seconds() + record.within_seconds
    found = await scene.asking(
        scene.therapist, scene.stage.therapist.await_one(record.collection, where, until_seconds=until)
    )
    if found is None:
        text = f"the chat is open and {record.collection!r} has no record of it: see what writes it"
        raise seen(Observed.NOT_WRITTEN, visit.name, text, collection=record.collection)
    scene.stage.facts["chat"] = found.document.id


async def _read_back(scene: Scene) -> Document:
    profile, visit = scene.stage.profile, scene.customer
    booking, booking_in = await scene.stored_booking(), profile.booking.collection
    if booking is None:
        text = f"the page has ordered and {booking_in!r} has no such booking: see where it writes"
        raise seen(Observed.NOT_WRITTEN, visit.name, text, collection=booking_in)
    where = scene.stage.filled(profile.dashboard.where)
    own = {"$id": booking.id, "$createdAt": booking.created_at, **booking.data}
    key = mismatch(where, own)
    if key and profile.dashboard.collection == booking_in:
        got, call = excerpt(str(booking.data.get(key)), characters=24), visit.traffic.answered("POST", booking_in)
        text = f"the therapist's query demands {key} {show(where[key])}, and the booking has {got!r} there"
        is_changed = call is not None and not mismatch({key: where[key]}, call.data)
        text += ", though the page wrote it right" if is_changed else ""
        facts: dict[str, EvidenceValue] = {"attribute": key, "collection": booking_in, "changed": is_changed}
        raise seen(Observed.THERAPIST_MISSING, visit.name, f"{text}: let writer and reader agree", **facts)
    return booking


def _not_ordered(visit: Visit, *, is_shown: bool, is_sent: bool) -> CheckFailed:
    if visit.has_gone:
        text = "the button that orders left the page: see whether its form submits in the browser's own way"
        return seen(Observed.NAVIGATED_AWAY, visit.name, text)
    if is_shown or is_sent:
        return seen(Observed.NOT_WRITTEN, visit.name, "the page says that it ordered, and no booking was written")
    return nothing_happened(visit, "the button that orders does nothing")


async def _demand_signed_in(scene: Scene, visit: Visit) -> None:
    if not await visit.shows(scene.words.password, "field"):
        return
    if visit.side.is_guest:
        text = f"the page lets nobody go on who is not signed in: let {visit.name} name a user"
        raise OwnFault(text)
    await visit.settle()
    if any(call.path == "account" and (call.status or 0) >= 400 for call in visit.traffic.calls):
        raise seen(Observed.STUCK, visit.name, "the page does not know who is signed in, and asks him to sign in")
    raise OwnFault(f"the {visit.name}'s page wants a sign-in of its own: see whether it takes the project's session")


def _is_refused(visit: Visit) -> bool:
    writes = [call for call in visit.traffic.calls if call.is_write and call.collection is not None]
    return any(call.status is not None and call.status >= 400 for call in writes)


def _sent(visit: Visit, method: str) -> bool:
    return any(call.method == method and call.collection is not None for call in visit.traffic.calls)

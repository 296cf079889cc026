"""
The faults of the booking site: the server answers as it should, and the page does wrong.

Each has a *quirk*, which the site's settings hand to the page; what it means there is said in
``monitor/sandbox/site/static/app/``. A page reads its settings when it loads, so switching one on or off shows at the
next load.
"""

from collections.abc import Iterable
from typing import ClassVar

from pydantic import Field

from monitor.core.cause import Cause
from monitor.sandbox.faults.fault import Fault


class PageFault(Fault):
    """
    Something that the booking site does wrong.
    """

    cause = Cause.CLIENT_REGRESSION
    quirk: ClassVar[str]


class CustomerUnsubscribed(PageFault):
    """
    The customer's page never subscribes: the chat stays on "Connecting..." while realtime is well (F17).
    """

    quirk = "customer_unsubscribed"


class DashboardUnsubscribed(PageFault):
    """
    The therapist's dashboard never subscribes to bookings (F18).
    """

    quirk = "dashboard_unsubscribed"


class MessagesAfterReload(PageFault):
    """
    Messages of the other side show only after a reload: the page subscribes, and forgets to render (F16).
    """

    quirk = "messages_after_reload"


class OptimisticSend(PageFault):
    """
    A message shows as sent, under an id made in the browser, and was never written (F20).
    """

    quirk = "optimistic_send"


class OrderNavigatesAway(PageFault):
    """
    The order button submits the form in the browser's own way and lands on the start page (F21).
    """

    quirk = "order_navigates_away"


class StuckConnecting(PageFault):
    """
    The page's own validator refuses its own values: after the order it stays on "Connecting to Therapist..." (F22).
    """

    quirk = "stuck_connecting"


class RequiresExpiry(PageFault):
    """
    The therapist's list and alert keep only bookings with an ``expiresAt`` to come, which no writer sets (F14).
    """

    quirk = "requires_expiry"


class TherapistBuried(PageFault):
    """
    A booking holds the therapist in a JSON text only, so that his own query never finds it (F12).
    """

    cause = Cause.JOURNEY_BROKEN
    quirk = "therapist_buried"


class ConversationIdsDiffer(PageFault):
    """
    Customer and therapist make the id of their conversation in two ways; each sees only his own messages (F19).
    """

    cause = Cause.JOURNEY_BROKEN
    quirk = "conversation_ids_differ"


class AcceptRefused(PageFault):
    """
    The therapist's accept button is refused by the page's state machine; no request is sent (F13).
    """

    quirk = "accept_refused"


class SocketStorm(PageFault):
    """
    The page opens sockets again and again, for a channel that holds the word "undefined" (F15).
    """

    cause = Cause.CLIENT_MISCONFIGURED
    quirk = "socket_storm"
    sockets: int = Field(default=12, ge=2, le=100, description="how many sockets a page opens before it gives up")


class OtherBookings(PageFault):
    """
    The therapist's dashboard reads and listens to another bookings collection than the one customers write to (F02).
    """

    cause = Cause.COLLECTION_ID_MISMATCH
    quirk = "other_bookings"
    collection: str = Field(default="bookings_collection_id", description="id that the dashboard uses")


class WrongCollection(PageFault):
    """
    The site's configuration names the therapists' collection where bookings are meant (F01).
    """

    cause = Cause.COLLECTION_ID_MISMATCH
    quirk = "wrong_collection"
    collection: str = Field(default="therapists_collection_id", description="id that is used for bookings")


class NameAsId(PageFault):
    """
    The page uses the display name of the chat's collection as its id (F05).
    """

    cause = Cause.COLLECTION_ID_MISMATCH
    quirk = "name_as_id"
    name: str = Field(default="Chat Messages", description="display name that is used as id")


class EmptyCollectionId(PageFault):
    """
    The id of the notifications' collection is empty, so that paths have an empty segment (F03).
    """

    cause = Cause.CLIENT_MISCONFIGURED
    quirk = "empty_collection_id"


class OtherProject(PageFault):
    """
    The chat's function is called in another project than everything else (F06).
    """

    cause = Cause.CLIENT_MISCONFIGURED
    quirk = "other_project"
    project: str = Field(default="chat-project-of-old", description="project that the chat uses")


class FeatureDisabled(PageFault):
    """
    Booking in the app is switched off by a flag: the button opens WhatsApp instead of the chat; nobody is to be woken.
    """

    cause = Cause.FEATURE_DISABLED
    pages = False
    quirk = "feature_disabled"


PAGE_FAULTS: dict[str, type[Fault]] = {
    f"page_{kind.quirk}": kind
    for kind in (
        CustomerUnsubscribed,
        DashboardUnsubscribed,
        MessagesAfterReload,
        OptimisticSend,
        OrderNavigatesAway,
        StuckConnecting,
        RequiresExpiry,
        TherapistBuried,
        ConversationIdsDiffer,
        AcceptRefused,
        SocketStorm,
        OtherBookings,
        WrongCollection,
        NameAsId,
        EmptyCollectionId,
        OtherProject,
        FeatureDisabled,
    )
}


def quirks_of(faults: Iterable[Fault]) -> dict[str, dict[str, object]]:
    """
    Return what the pages are to do wrong: the quirks of the page faults among *faults*, with their parameters.
    """
    return {each.quirk: each.model_dump() for each in faults if isinstance(each, PageFault)}

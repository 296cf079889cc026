"""
The faults of the booking site: the server answers as it should, and the page does wrong.

Either the site is deployed with a wrong configuration, which its pages follow, or a page has a *quirk*, which the
site's settings hand to it; what that means is said in ``monitor/sandbox/site/static/app/``. A page reads its settings
when it loads, so switching one on or off shows at the next load.
"""

from typing import ClassVar

from pydantic import Field

from monitor.core.cause import Cause
from monitor.sandbox.faults.fault import Fault
from monitor.sandbox.site.settings import Settings


class PageFault(Fault):
    """
    Something that is wrong with the booking site.
    """

    def deploy(self, settings: Settings) -> None:
        """
        Make *settings*, with which the site is deployed, wrong.
        """
        raise NotImplementedError


class Quirk(PageFault):
    """
    Something that a page does wrong.
    """

    cause = Cause.CLIENT_REGRESSION
    quirk: ClassVar[str]

    def deploy(self, settings: Settings) -> None:
        settings.quirks[self.quirk] = self.model_dump()


class CustomerUnsubscribed(Quirk):
    """
    The customer's page never subscribes: the chat stays on "Connecting..." while realtime is well (F17).
    """

    quirk = "customer_unsubscribed"


class DashboardUnsubscribed(Quirk):
    """
    The therapist's dashboard never subscribes to bookings (F18).
    """

    quirk = "dashboard_unsubscribed"


class MessagesAfterReload(Quirk):
    """
    Messages of the other side show only after a reload: the page subscribes, and forgets to render (F16).
    """

    quirk = "messages_after_reload"


class OptimisticSend(Quirk):
    """
    A message shows as sent, under an id made in the browser, and was never written (F20).
    """

    quirk = "optimistic_send"


class OrderNavigatesAway(Quirk):
    """
    The order button submits the form in the browser's own way and lands on the start page (F21).
    """

    quirk = "order_navigates_away"


class StuckConnecting(Quirk):
    """
    The page's own validator refuses its own values: after the order it stays on "Connecting to Therapist..." (F22).
    """

    quirk = "stuck_connecting"


class RequiresExpiry(Quirk):
    """
    The therapist's list and alert keep only bookings with an ``expiresAt`` to come, which no writer sets (F14).
    """

    quirk = "requires_expiry"


class TherapistBuried(Quirk):
    """
    A booking holds the therapist in a JSON text only, so that his own query never finds it (F12).
    """

    cause = Cause.JOURNEY_BROKEN
    quirk = "therapist_buried"


class ConversationIdsDiffer(Quirk):
    """
    Customer and therapist make the id of their conversation in two ways; each sees only his own messages (F19).
    """

    cause = Cause.JOURNEY_BROKEN
    quirk = "conversation_ids_differ"


class AcceptRefused(Quirk):
    """
    The therapist's accept button is refused by the page's state machine; no request is sent (F13).
    """

    quirk = "accept_refused"


class SocketStorm(Quirk):
    """
    The page opens sockets again and again, for a channel that holds the word "undefined" (F15).
    """

    cause = Cause.CLIENT_MISCONFIGURED
    quirk = "socket_storm"
    sockets: int = Field(default=12, ge=2, le=100, description="how many sockets a page opens before it gives up")


class FeatureDisabled(Quirk):
    """
    Booking in the app is switched off by a flag: the button opens WhatsApp instead of the chat; nobody is to be woken.
    """

    cause = Cause.FEATURE_DISABLED
    pages = False
    quirk = "feature_disabled"


class OtherBookings(PageFault):
    """
    The therapist's dashboard reads and listens to another bookings collection than the one customers write to (F02).
    """

    cause = Cause.COLLECTION_ID_MISMATCH
    collection: str = Field(default="bookings_collection_id", description="id that the dashboard uses")

    def deploy(self, settings: Settings) -> None:
        settings.dashboard_collections["bookings"] = self.collection


class WrongCollection(PageFault):
    """
    The site's configuration names the therapists' collection where bookings are meant (F01).
    """

    cause = Cause.COLLECTION_ID_MISMATCH
    collection: str = Field(default="therapists_collection_id", description="id that is used for bookings")

    def deploy(self, settings: Settings) -> None:
        settings.collections["bookings"] = self.collection


class NameAsId(PageFault):
    """
    The page uses the display name of the chat's collection as its id (F05).
    """

    cause = Cause.COLLECTION_ID_MISMATCH
    name: str = Field(default="Chat Messages", description="display name that is used as id")

    def deploy(self, settings: Settings) -> None:
        settings.collections["chat_messages"] = self.name


class EmptyCollectionId(PageFault):
    """
    The id of the notifications' collection is empty, so that paths have an empty segment (F03).
    """

    cause = Cause.CLIENT_MISCONFIGURED

    def deploy(self, settings: Settings) -> None:
        settings.collections["notifications"] = ""


class OtherProject(PageFault):
    """
    The chat's function is called in another project than everything else (F06).
    """

    cause = Cause.CLIENT_MISCONFIGURED
    project: str = Field(default="chat-project-of-old", description="project that the chat uses")

    def deploy(self, settings: Settings) -> None:
        settings.chat_project = self.project


_QUIRKS: tuple[type[Quirk], ...] = (
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
    FeatureDisabled,
)

PAGE_FAULTS: dict[str, type[Fault]] = {
    **{f"page_{kind.quirk}": kind for kind in _QUIRKS},
    "page_other_bookings": OtherBookings,
    "page_wrong_collection": WrongCollection,
    "page_name_as_id": NameAsId,
    "page_empty_collection_id": EmptyCollectionId,
    "page_other_project": OtherProject,
}

"""
What customer and therapist do in their browsers, by the words and test ids of booking-platform.md 5.2.
"""

from playwright.sync_api import ConsoleMessage, Page, WebSocket

from monitor.sandbox import seed
from monitor.sandbox.server import Sandbox

STEP_TIMEOUT_MILLISECONDS = 5_000


class Visitor:
    """
    One browser with its page; *errors*, *requested* and *frames* are what happened in it.
    """

    def __init__(self, page: Page, sandbox: Sandbox) -> None:
        self.page = page
        self.errors: list[str] = []
        self.requested: list[str] = []
        self.frames: list[str] = []
        self._sandbox = sandbox
        page.set_default_timeout(STEP_TIMEOUT_MILLISECONDS)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._listen)
        page.on("request", lambda request: self.requested.append(request.url))
        page.on("websocket", self._hear)

    def open(self, route: str = "", *, query: str = "") -> None:
        """
        Load a page of the site anew.
        """
        self.page.goto("about:blank")
        self.page.goto(f"{self._sandbox.site}{query}{route}")

    def open_profile(self, *, query: str = "") -> None:
        """
        Load the therapist's profile.
        """
        self.open(f"#/therapist-profile/{seed.THERAPIST_DOCUMENT}-ayu-lestari", query=query)

    def book(self, *, button: str = "Pesan Terapis") -> None:
        """
        Open the chat window and fill its form.
        """
        self.page.get_by_role("button", name=button, exact=True).click()
        self.page.get_by_role("button", name="1.5 Hours").click()
        self.page.get_by_placeholder("Enter your name").fill("Synthetic Customer")
        self.page.get_by_placeholder("812 3456 7890").fill("812 0000 0000")
        self.page.get_by_role("button", name="Villa").click()
        self.page.get_by_placeholder("e.g. Villa Seminyak Estate").fill("Villa Test")

    def order(self) -> None:
        """
        Press the order button and sign in.
        """
        self.page.get_by_test_id("order-now-button").click()
        customer = self._sandbox.customer
        self.page.get_by_placeholder("Enter your email").fill(customer.email)
        self.page.get_by_placeholder("Enter your password").fill(customer.password)
        self.page.get_by_role("button", name="Sign In").click()

    def sign_in_as_therapist(self) -> None:
        """
        Sign in on the therapists' login page, up to the dashboard.
        """
        therapist = self._sandbox.therapist
        self.open("#/therapist-login")
        self.page.get_by_placeholder("Enter your email").fill(therapist.email)
        self.page.get_by_placeholder("Enter your password").fill(therapist.password)
        self.page.get_by_role("button", name="Sign In to Dashboard").click()
        self.page.get_by_role("heading", name="Your bookings").wait_for()

    def write(self, text: str) -> None:
        """
        Send a chat message.
        """
        field = self.page.get_by_label("Message", exact=True)
        field.fill(text)
        field.press("Enter")

    def sees(self, text: str) -> None:
        """
        Wait until a message bubble says *text*.
        """
        self.page.get_by_test_id("message").filter(has_text=text).wait_for()

    def bubbles(self) -> list[str]:
        """
        Return the texts of all message bubbles.
        """
        return self.page.get_by_test_id("message").all_inner_texts()

    def _listen(self, message: ConsoleMessage) -> None:
        # Whether somebody is signed in is asked of the account, which answers guests with 401.
        if message.type == "error" and not message.location["url"].endswith("/v1/account"):
            self.errors.append(message.text)

    def _hear(self, socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: self.frames.append(str(frame)))

"""
The pages in a real Chromium: how they look, what they say to whom cannot see them, and what their script does.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from monitor.core.outcome import Reason, Status
from monitor.web.model import Health, StatusView
from tests.npm import installed
from tests.web.page_server import Asked, PageServer
from tests.web.test_page import hostile
from tests.web.views import broken, check, incident, mixed, night, well

pytestmark = pytest.mark.slow

PATIENCE_MILLISECONDS = 8_000
PICTURES = Path(__file__).parents[2] / ".build" / "status-page"
PHONE, DESKTOP = (390, 844), (1440, 900)
PATHS = {"/": "status", "/checks/chat-delivery": "check", "/runs/chat-delivery": "run"}
# What axe holds pages to: WCAG 2.2 up to AA, and its own advice.
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Every control that can be reached, in the order of the page; a folded one is not there yet.
_CONTROLS = """() => { window.controls = [...document.querySelectorAll("a[href], button, input, select, summary")]
    .filter((each) => each.checkVisibility()); return window.controls.length; }"""
_AT = "() => [window.controls.indexOf(document.activeElement), getComputedStyle(document.activeElement).outlineStyle]"


class Reader:
    """
    Somebody who has the page open; *errors* is what his console told, *strangers* whom his browser asked beside us.
    """

    def __init__(self, page: Page, server: PageServer) -> None:
        self.page = page
        self.server = server
        self.errors: list[str] = []
        self.strangers: set[str] = set()
        page.set_default_timeout(PATIENCE_MILLISECONDS)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: self._note(request.url))

    def open(self, path: str = "/") -> None:
        """
        Open the page at *path*; wait until it is live, where a script runs.
        """
        self.page.goto(f"{self.server.address}{path}")

    def is_live(self) -> None:
        """
        Wait until the page says that it is live.
        """
        expect(self.page.locator("#live")).to_contain_text("Live", timeout=PATIENCE_MILLISECONDS)
        expect(self.page.locator("#live")).to_have_attribute("data-is", "live", timeout=PATIENCE_MILLISECONDS)

    def changes(self, view: StatusView) -> None:
        """
        Have the server show *view* from now on, and say that something has changed.
        """
        self.server.view = view
        self.server.send()

    def _note(self, url: str) -> None:
        if urlsplit(url).scheme != "data" and not url.startswith(self.server.address):
            self.strangers.add(url)


Open = Callable[..., Reader]


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Open]:
    """
    Open pages; whoever opened them must have had nothing to complain of, unless he says so.
    """
    PICTURES.mkdir(parents=True, exist_ok=True)
    ends: list[Callable[[], None]] = []

    def open_page(
        view: StatusView, path: str = "/", *, size: tuple[int, int] = DESKTOP, may_act: bool = True, **how: Any
    ) -> Reader:
        server = PageServer(view, may_act=may_act)
        server.__enter__()
        ends.append(lambda: server.__exit__(None, None, None))
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, **how)
        ends.append(context.close)
        reader = Reader(context.new_page(), server)
        reader.open(path)
        if how.get("java_script_enabled", True):
            reader.is_live()
        return reader

    yield open_page
    for end in reversed(ends):
        end()


@pytest.fixture(scope="module")
def axe() -> str:
    folder = installed(Path(__file__).parent / "axe", "axe")
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text()


def violations(page: Page, axe: str) -> list[str]:
    """
    Return what axe finds: rule, and the elements that break it.
    """
    page.evaluate(axe)
    settings = {"runOnly": _RULES, "resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
    found = page.evaluate("(settings) => axe.run(document, settings)", settings)
    assert found["passes"]
    return [
        f"{each['id']}: {[(node['html'][:160], node['failureSummary'][:300]) for node in each['nodes'][:3]]}"
        for each in found["violations"]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("path", list(PATHS), ids=PATHS.values())
def test_anybody_can_read_it(opened: Open, axe: str, path: str, size: tuple[int, int], theme: str) -> None:
    reader = opened(night(30), path, size=size, color_scheme=theme)
    page = reader.page
    name = f"{PATHS[path]}-{size[0]}-{theme}"

    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
    folded = violations(page, axe)
    page.evaluate("for (const each of document.querySelectorAll('main details')) each.open = true")
    page.screenshot(path=PICTURES / f"{name}-unfolded.png", full_page=True)

    assert folded == []
    assert violations(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert (reader.errors, reader.strangers) == ([], set())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_platform_that_is_well_can_be_read_by_anybody_too(opened: Open, axe: str, theme: str) -> None:
    reader = opened(well(24), may_act=False, size=PHONE, color_scheme=theme)
    reader.page.screenshot(path=PICTURES / f"well-{PHONE[0]}-{theme}.png")
    reader.page.locator("#acting summary").click()

    assert violations(reader.page, axe) == []
    assert (reader.errors, reader.strangers) == ([], set())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_question_for_a_silence_can_be_read_by_anybody(opened: Open, axe: str, theme: str) -> None:
    reader = opened(night(8), size=PHONE, color_scheme=theme)
    reader.page.locator("button[data-does=silence]").first.click()
    reader.page.screenshot(path=PICTURES / f"silence-{PHONE[0]}-{theme}.png")

    assert violations(reader.page, axe) == []


@pytest.mark.parametrize("path", list(PATHS), ids=PATHS.values())
def test_the_keyboard_reaches_every_control_and_shows_where_it_is(opened: Open, path: str) -> None:
    page = opened(night(10), path).page
    there = page.evaluate(_CONTROLS)

    reached = []
    for _ in range(there):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(_AT))

    assert reached == [[number, "solid"] for number in range(there)]
    # A run has little to press: the ways up, its own address, what is for programs.
    assert there > (5 if PATHS[path] == "run" else 10)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("path", list(PATHS), ids=PATHS.values())
def test_whatever_is_pressed_is_large_enough_for_a_finger(opened: Open, path: str, size: tuple[int, int]) -> None:
    page = opened(night(10), path, size=size).page
    page.evaluate("for (const each of document.querySelectorAll('main details')) each.open = true")

    # Links within a sentence are as high as its line.
    small = page.evaluate("""() => [...document.querySelectorAll("button, input, select, summary, .name, nav a")]
        .filter((each) => each.checkVisibility()).map((each) => [each.getBoundingClientRect(), each.outerHTML])
        .filter(([box]) => box.width < 24 || box.height < 24).map(([box, html]) => html.slice(0, 120))""")

    assert small == []


def test_every_bar_is_drawn_beside_the_others(opened: Open) -> None:
    page = opened(well(0).model_copy(update={"checks": (mixed("mixed"),)})).page

    # A path within a path is drawn by no browser.
    assert page.locator("#check-mixed svg.bars > path").count() == len(Status)


def test_the_first_control_skips_to_how_it_is(opened: Open) -> None:
    page = opened(night(10)).page

    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


def test_who_wants_no_motion_gets_none(opened: Open) -> None:
    page = opened(well(3), reduced_motion="reduce").page

    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    assert page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("health", [Health.RIGHT, Health.WRONG])
def test_five_hundred_checks_are_shown_within_a_second(opened: Open, health: Health) -> None:
    view = well(490).model_copy(update={"health": health})
    failing = tuple(broken(f"broken-{number}", Reason.NO_EVENT, "no event came") for number in range(10))
    reader = opened(view.model_copy(update={"checks": view.checks + failing}), size=PHONE)

    entry = reader.page.evaluate("performance.getEntriesByType('navigation')[0].toJSON()")
    shown_at = reader.page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    ready_seconds = (entry["domComplete"] - entry["responseEnd"]) / 1_000
    elements = reader.page.evaluate("document.querySelectorAll('*').length")
    (PICTURES / "five-hundred.json").write_text(
        json.dumps({"ready_seconds": ready_seconds, "elements": elements, "painted_at_milliseconds": shown_at})
    )

    # A second is what the page promises; a machine that does other things as well may take its time.
    assert ready_seconds < 4.0
    assert elements < 12_000
    assert reader.page.locator("svg.bars").count() == 500


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_hostile_texts_are_shown_as_texts_and_break_nothing(opened: Open, size: tuple[int, int]) -> None:
    reader = opened(hostile(), size=size)
    page = reader.page
    page.evaluate("for (const each of document.querySelectorAll('main details')) each.open = true")

    page.screenshot(path=PICTURES / f"hostile-{size[0]}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert "<script>alert(1)</script>" in page.locator("#trouble").inner_text()
    assert page.locator("main img, main script").count() == 0
    assert reader.errors == []
    wide = page.evaluate("""() => [...document.querySelectorAll("main *")].filter((each) => each.checkVisibility()
        && each.getBoundingClientRect().right > innerWidth + 1).map((each) => each.outerHTML.slice(0, 80))""")
    assert wide == []


@pytest.mark.parametrize("path", list(PATHS), ids=PATHS.values())
def test_without_a_script_everything_can_be_read(opened: Open, path: str) -> None:
    page = opened(night(8), path, java_script_enabled=False).page

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.locator("button:visible, input:visible").count() == 0
    for summary in page.locator("main summary:visible").all()[:6]:
        summary.click()
    expect(page.get_by_role("table").first).to_be_visible()
    expect(page.locator("main time:visible").first).to_contain_text("UTC")


def test_times_are_told_in_the_zone_of_the_reader(opened: Open) -> None:
    page = opened(night(8), timezone_id="Asia/Jakarta").page

    expect(page.locator("#now time[data-form=clock]").first).to_have_text("10:11:59")
    expect(page.locator("#now time[data-form=clock]").first).to_have_attribute("title", "2026-01-23 03:11:59 UTC")
    expect(page.locator("#zone")).to_contain_text("Asia/Jakarta")


def test_a_wrong_clock_of_the_reader_changes_no_stretch_of_time(opened: Open) -> None:
    # The views are of January 2026, whatever the clock of this machine says.
    page = opened(night(8)).page

    expect(page.locator("#now time[data-form=lasting]")).to_have_text("4 min")


@pytest.mark.parametrize("width", [320, PHONE[0]])
@pytest.mark.parametrize("path", list(PATHS), ids=PATHS.values())
def test_what_began_before_midnight_fits_the_narrowest_screen(opened: Open, path: str, width: int) -> None:
    # Where it is 23:41 when it is 03:11 in UTC, and four minutes later another day.
    page = opened(night(8), path, size=(width, 800), timezone_id="Etc/GMT+3").page
    page.evaluate("for (const each of document.querySelectorAll('main details')) each.open = true")

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_page_that_nobody_sees_listens_to_nothing_and_is_up_to_date_when_it_is_seen(opened: Open) -> None:
    reader = opened(well(3))
    see = """(isHidden) => { Object.defineProperty(document, "hidden", { get: () => isHidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange")); }"""

    def is_stream(request: Request) -> bool:
        return request.url.endswith("/events")

    with reader.page.expect_event("requestfailed", is_stream):
        reader.page.evaluate(see, True)
    reader.server.view = well(5)
    with reader.page.expect_event("request", is_stream):
        reader.page.evaluate(see, False)

    expect(reader.page.locator("li.check")).to_have_count(5)
    reader.is_live()


def test_a_password_in_the_address_is_in_the_way_of_nothing(opened: Open) -> None:
    reader = opened(well(3))
    reader.page.goto(reader.server.address.replace("://", "://ann:secret@"))
    reader.is_live()
    reader.page.locator("#last-check-1 > summary").click()

    reader.page.get_by_role("button", name="Run it now: check-1").click()

    expect(reader.page.locator("#said")).to_have_text("check-1 failed: no_event")
    reader.changes(well(4))
    expect(reader.page.locator("li.check")).to_have_count(4)


def test_a_run_can_be_asked_for(opened: Open) -> None:
    reader = opened(well(3))
    page = reader.page
    page.locator("#last-check-1 > summary").click()

    page.get_by_role("button", name="Run it now: check-1").click()

    expect(page.locator("#said")).to_have_text("check-1 failed: no_event")
    assert reader.server.asked == [Asked(what="POST /api/v1/checks/check-1/runs", token="", body=None)]


def test_names_are_encoded_on_their_way(opened: Open) -> None:
    name = 'a/b ?#"<é'
    reader = opened(well(0).model_copy(update={"checks": (check(name),)}))
    reader.page.locator("li.check summary").click()

    reader.page.get_by_role("button", name="Run it now").click()

    expect(reader.page.locator("#said")).to_contain_text("failed: no_event")
    assert reader.server.asked[0].what == "POST /api/v1/checks/a%2Fb%20%3F%23%22%3C%C3%A9/runs"


def test_what_needs_a_token_is_shown_when_it_has_been_typed_and_sent_with_it(opened: Open) -> None:
    reader = opened(night(8), may_act=False)
    page = reader.page
    buttons = page.locator("#incident-i-1 button[data-does=run], #incident-i-1 button[data-does=silence]")
    expect(buttons.first).to_be_hidden()

    page.get_by_text("Act", exact=True).click()
    page.get_by_label("Token").fill("let-me-in")
    page.get_by_role("button", name="Use it").click()
    buttons.nth(1).click()
    page.get_by_label("For", exact=True).select_option("2 hours")
    page.get_by_label("Because").fill("I am at it")
    page.get_by_role("button", name="Silence", exact=True).click()

    expect(page.locator("#said")).to_have_text("chat-delivery, booking-to-chat: silent for 2 hours.")
    expect(page.locator("dialog")).to_be_hidden()
    body = {"checks": ["chat-delivery", "booking-to-chat"], "for_seconds": 7200, "reason": "I am at it"}
    assert reader.server.asked == [Asked(what="POST /api/v1/silences", token="Bearer let-me-in", body=body)]
    assert page.evaluate("localStorage.length") == 0
    reader.changes(night(9))
    expect(page.locator("li.check")).to_have_count(9)
    assert reader.server.tokens_of_reads == {""}
    page.reload()
    expect(buttons.first).to_be_visible()


def test_a_token_that_is_refused_is_said_and_forgotten(opened: Open) -> None:
    reader = opened(night(8), may_act=False)
    page = reader.page
    page.get_by_text("Act", exact=True).click()
    page.get_by_label("Token").fill("wrong")
    page.get_by_role("button", name="Use it").click()

    page.locator("#silences button[data-does=lift]").click()

    expect(page.locator("#said")).to_contain_text("this needs a token")
    expect(page.locator("#silences button[data-does=lift]")).to_be_hidden()
    expect(page.get_by_label("Token")).to_be_focused()
    assert page.evaluate("sessionStorage.length") == 0
    assert reader.server.asked[0].what == "DELETE /api/v1/silences/s-1"


def test_a_silence_is_not_given_without_a_reason(opened: Open) -> None:
    reader = opened(well(1))
    page = reader.page
    page.locator("li.check summary").click()
    page.get_by_role("button", name="Silence … check-0").click()

    page.get_by_role("button", name="Silence", exact=True).click()

    expect(page.get_by_label("Because")).to_be_focused()
    assert reader.server.asked == []
    page.get_by_label("For", exact=True).select_option("1 day")
    page.get_by_label("Because").fill("INC-1")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Silence … check-0")).to_be_focused()
    # What was meant for one is not meant for the next.
    page.get_by_role("button", name="Silence … check-0").click()
    expect(page.get_by_label("Because")).to_have_value("")
    expect(page.get_by_label("For", exact=True)).to_have_value("1800")


def test_a_command_is_copied(opened: Open) -> None:
    page = opened(night(8), permissions=["clipboard-read", "clipboard-write"]).page

    page.locator(".moves button.copy").first.click()

    expect(page.locator("#said")).to_have_text("Copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("appwrite databases update-collection")
    assert copied.endswith("""'read("team:support")'""")


def test_the_filter_shows_only_what_matches(opened: Open) -> None:
    page = opened(night(30)).page

    page.get_by_label("Show only").fill("failed chat")

    expect(page.locator("li.check:visible")).to_have_count(2)
    expect(page.locator("#filter-count")).to_have_text("2 of 30")
    expect(page.locator("#group-right")).to_be_hidden()
    page.get_by_label("Show only").fill("nothing is called so")
    expect(page.get_by_text("No check matches.")).to_be_visible()


def test_what_changes_is_shown_and_what_is_the_readers_stays(opened: Open) -> None:
    reader = opened(well(30))
    page = reader.page
    page.get_by_label("Show only").fill("check-2")
    page.locator("#last-check-29 > summary").click()
    page.locator("#last-check-29 > summary").scroll_into_view_if_needed()
    page.locator("#last-check-29 > summary").focus()

    failing = broken("check-29", Reason.NO_EVENT, "no event came")
    wrong = well(29)
    reader.changes(
        wrong.model_copy(
            update={"checks": (*wrong.checks, failing), "health": Health.WRONG, "incidents": (incident(),)}
        )
    )

    expect(page.locator("#group-failing #check-29, #group-failing #check-check-29")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 incident: guests cannot read")
    expect(page.locator("#said")).to_contain_text("1 incident: guests cannot read")
    assert page.title() == "(1) production – monitor"
    assert page.locator("#last-check-29").get_attribute("open") == ""
    expect(page.locator("#last-check-29 > summary")).to_be_focused()
    assert page.get_by_label("Show only").input_value() == "check-2"
    expect(page.locator("li.check:visible")).to_have_count(11)
    assert reader.errors == []


def test_what_the_server_renders_is_what_is_shown_after_any_change(opened: Open) -> None:
    reader = opened(night(12))
    # But for the words of times, which go on.
    shape = """(main) => [...main.querySelectorAll("*")].map((each) => [each.nodeName, each.id,
        each.getAttribute("class"), each.nodeName === "TIME" || each.children.length ? "" : each.textContent].join())"""
    rendered = """async () => new DOMParser().parseFromString(await (await fetch("/")).text(), "text/html")
        .querySelector("main")"""

    # In the hostile one two things bear one id.
    for view in (well(7), night(9), well(13), hostile(), night(12)):
        reader.changes(view)
        expect(reader.page.locator("li.check")).to_have_count(len(view.checks))
        expected = reader.page.evaluate_handle(rendered).evaluate(shape)
        assert reader.page.locator("main").evaluate(shape) == expected
        assert len(expected) > 50


def test_the_reader_stays_where_he_is_when_something_comes_above(opened: Open) -> None:
    reader = opened(well(30), size=PHONE)
    page = reader.page
    page.locator("#check-check-20").scroll_into_view_if_needed()
    before = page.locator("#check-check-20").bounding_box()

    reader.changes(well(30).model_copy(update={"incidents": (incident(),)}))

    expect(page.locator("#incidents")).to_have_count(1)
    expect(page).to_have_title("(1) production – monitor")
    after = page.locator("#check-check-20").bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) < 30


def test_the_page_is_read_once_a_second_at_most_however_much_happens(opened: Open) -> None:
    reader = opened(well(3))
    first = reader.server.reads
    began = reader.page.evaluate("performance.now()")

    for number in range(60):
        reader.changes(well(3 + number % 2))
    reader.changes(well(9))

    expect(reader.page.locator("li.check")).to_have_count(9)
    seconds = (reader.page.evaluate("performance.now()") - began) / 1_000
    assert 1 <= reader.server.reads - first <= seconds + 2


def test_when_the_stream_ends_the_page_says_so_and_finds_its_way_back(opened: Open) -> None:
    reader = opened(well(3))

    reader.server.end_streams()

    expect(reader.page.locator("#live")).to_contain_text("Not live since")
    expect(reader.page.locator("#live")).to_contain_text("the stream of events has ended")
    reader.server.is_streaming = True
    reader.server.view = well(5)
    reader.is_live()
    expect(reader.page.locator("li.check")).to_have_count(5)


def test_a_server_that_answers_something_else_is_not_believed(opened: Open) -> None:
    reader = opened(night(8), "/checks/chat-delivery")

    reader.changes(well(3))

    expect(reader.page.locator("#live")).to_contain_text("the server answered 404")
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("chat-delivery")
    reader.changes(night(8))
    reader.is_live()


def test_a_new_version_of_the_page_is_loaded_whole(opened: Open) -> None:
    reader = opened(well(3))

    with reader.page.expect_event("load"):
        reader.changes(well(3).model_copy(update={"version": "1.5.0"}))

    reader.is_live()
    expect(reader.page.locator("body")).to_have_attribute("data-version", "1.5.0")


def test_the_policy_stops_what_would_be_smuggled_in(opened: Open) -> None:
    page = opened(well(1)).page
    note = (
        "(each) => { document.body.dataset.stopped = (document.body.dataset.stopped ?? '') + each.effectiveDirective; }"
    )
    page.evaluate(f"addEventListener('securitypolicyviolation', {note})")

    smuggled = '<img src="/x" onerror="document.title = 1"><p onclick="document.title = 2" style="color: red">here</p>'
    page.evaluate("(smuggled) => { document.body.insertAdjacentHTML('beforeend', smuggled); }", smuggled)
    page.get_by_text("here", exact=True).click()

    for directive in ("img-src", "script-src-attr", "style-src-attr"):
        expect(page.locator("body")).to_have_attribute("data-stopped", re.compile(directive))
    expect(page).to_have_title("production – monitor")

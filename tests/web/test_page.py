"""
The pages as pure functions of what they show.
"""

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from monitor.core.outcome import Reason, Status
from monitor.core.severity import Severity
from monitor.web.model import CheckView, DiagnosisView, Health, StatusView
from monitor.web.page import CONTENT_SECURITY_POLICY, check_page, run_page, status_page
from monitor.web.page.bars import bars_picture, bars_summary
from monitor.web.page.wording import stretch
from tests.web.views import NOW, bar, broken, check, detail, incident, mixed, night, one_run, well

HOSTILE = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u202e\x00\ud800`"
VOID = {"meta", "link", "input", "path", "rect"}


class Elements(HTMLParser):
    """
    Reads a page into its *elements*, the *words* in them, and the texts of style and script.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[str] = []
        self.unclosed: list[str] = []
        self.inlined: dict[str, str] = {}
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.unclosed.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.unclosed.pop() == tag

    def handle_data(self, data: str) -> None:
        inside = self.unclosed[-1] if self.unclosed else ""
        if inside in {"style", "script"}:
            self.inlined[inside] = self.inlined.get(inside, "") + data
        else:
            self.words += data

    def named(self, name: str) -> Iterable[dict[str, str | None]]:
        """
        Return the attributes of every element of that name.
        """
        return (attributes for tag, attributes in self.elements if tag == name)


def headline(view: StatusView) -> str:
    found = re.search(r'<h1 id="now-title">(.*?)</h1>', status_page(view, may_act=True), re.DOTALL)
    assert found is not None
    return re.sub("<[^>]*>", "", found[1])


def with_checks(*checks: CheckView, health: Health) -> StatusView:
    return well(0).model_copy(update={"checks": checks, "health": health})


def every_page(view: StatusView) -> list[str]:
    return [
        status_page(view, may_act=True),
        *(check_page(detail(each), view, may_act=True) for each in view.checks[:1]),
        *(run_page(one_run(each), view, may_act=True) for each in view.checks[:1]),
    ]


def hostile() -> StatusView:
    """
    Return a view in which every text is hostile.
    """
    text = HOSTILE + "x" * 10_000
    broken_one = broken(text, Reason.NO_EVENT, text).model_copy(update={"kind": text, "incident": text})
    assert broken_one.last_run is not None
    steps = tuple(each.model_copy(update={"name": text}) for each in broken_one.last_run.steps)
    last = broken_one.last_run.model_copy(update={"steps": steps, "evidence": {text: text, "many": (text, text)}})
    shown = incident()
    assert shown.diagnosis is not None
    finding = shown.findings[0].model_copy(update={"check": text, "message": text, "step": text})
    diagnosis = shown.diagnosis.model_copy(
        update={
            "remedy": (text,), "evidence_for": (text,), "evidence_against": (text,), "opinion": (text,),
            "runbook": f"javascript:{text}",
        }
    )  # fmt: skip
    wrong = shown.model_copy(
        update={"id": text, "summary": text, "findings": (finding,), "diagnosis": diagnosis, "told": {text: NOW}}
    )
    silences = tuple(
        each.model_copy(update={"id": text, "checks": (text,), "reason": text, "by": text}) for each in night().silences
    )
    return night(8).model_copy(
        update={
            "target": text, "location": text, "version": text, "trouble": text, "silences": silences,
            "checks": (broken_one.model_copy(update={"last_run": last}),),
            "incidents": (wrong,), "resolved": (wrong.model_copy(update={"resolved_at": NOW}),),
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("view", "said"),
    [
        pytest.param(well(24), "All 24 checks are right", id="well"),
        pytest.param(well(1), "The only check is right", id="one"),
        pytest.param(well(0), "No check is configured", id="none"),
        pytest.param(
            with_checks(check("a", bars=()), health=Health.UNKNOWN),
            "Nothing is known yet: no check has been judged",
            id="new",
        ),
        pytest.param(
            with_checks(mixed("a"), check("b"), health=Health.DEGRADED),
            "Nothing fails, but 1 check of 2 slow",
            id="slow",
        ),
        pytest.param(
            with_checks(
                broken("a", Reason.DNS, "no").model_copy(update={"is_failing": False}), check("b"), health=Health.WRONG
            ),
            "1 check of 2 failed just now: not confirmed yet",
            id="unconfirmed",
        ),
        pytest.param(
            with_checks(check("a", bars=[bar(0, Status.ERRORED)]), check("b"), health=Health.UNKNOWN),
            "1 check of 2 cannot be judged",
            id="blind",
        ),
        pytest.param(
            night(),
            "2 incidents: guests cannot read chat_messages: no chat window opens, and no therapist hears of a booking, "
            "since 03:11:59 UTC, 4 min",
            id="night",
        ),
        pytest.param(
            night().model_copy(
                update={"incidents": (incident(summary="guests cannot read: chat-delivery: answered 401: grant it"),)}
            ),
            "1 incident: guests cannot read, since 03:11:59 UTC, 4 min",
            id="without-what-the-check-said",
        ),
        pytest.param(
            night().model_copy(update={"incidents": night().incidents[1:]}),
            "1 incident, silenced: old-site answers 503, since 03:11:59 UTC, 4 min",
            id="silenced",
        ),
    ],
)
def test_one_sentence_says_how_it_is(view: StatusView, said: str) -> None:
    assert headline(view) == said


def test_the_title_counts_the_open_incidents() -> None:
    assert "<title>(2) production – monitor</title>" in status_page(night(), may_act=True)
    assert "<title>production – monitor</title>" in status_page(well(), may_act=True)
    assert "<title>(2) login – production – monitor</title>" in check_page(
        detail(check("login")), night(), may_act=True
    )


def test_the_icon_of_the_tab_shows_the_state() -> None:
    icons = {
        health: next(
            each["href"]
            for each in Elements(status_page(well().model_copy(update={"health": health}), may_act=True)).named("link")
        )
        for health in Health
    }

    assert len(set(icons.values())) == len(Health)
    assert all((icon or "").startswith("data:image/svg+xml,") for icon in icons.values())


def test_what_is_wrong_stands_first() -> None:
    page = status_page(night(), may_act=True)

    names = re.findall(r'class="name">([^<]*)<', page)
    assert names[:6] == [
        "chat-delivery", "booking-to-chat", "old-site", "login", "websocket-therapist", "never-ran",
    ]  # fmt: skip
    headings = re.findall(r"<h2[^>]*>([^<]*)<", page)
    assert headings == [
        "2 open incidents", "The monitor itself is in trouble", "Silences in force", "Checks", "Recently resolved",
        "Silence",
    ]  # fmt: skip


def test_what_cannot_be_judged_is_not_called_right() -> None:
    errored = check("a", bars=[bar(1), bar(0, Status.ERRORED, Reason.INTERNAL)]).model_copy(
        update={"status": Status.PASSED}
    )

    page = status_page(with_checks(errored, health=Health.UNKNOWN), may_act=True)

    assert "errored: internal" in page
    assert 'id="group-blind"' in page
    assert 'id="group-right"' not in page


def test_bars_are_told_in_words() -> None:
    bars = [bar(each, Status.FAILED if each in {12, 30} else Status.PASSED) for each in reversed(range(60))]
    bars[5] = bars[5].model_copy(update={"status": Status.MISSED})

    assert bars_summary(bars, NOW) == "57 of 60 passed, 2 failed, 1 missed, last failure 12 min ago"
    assert bars_summary([], NOW) == "no run yet"


def test_bars_cost_one_path_for_each_status_and_show_sixty_at_most() -> None:
    bars = [bar(each, list(Status)[each % len(Status)]) for each in range(500)]

    picture = bars_picture(bars, NOW)

    assert picture.count("<path") == len(Status)
    assert picture.count('d="') == len(Status)
    right = re.search(r'class="passed" d="([^"]*)"', picture)
    assert right is not None
    assert right[1].count("M") == 60 / len(Status)


def test_each_status_has_a_shape_of_its_own() -> None:
    shapes = set()
    for status in Status:
        drawn = re.search(r' d="([^"]*)"', bars_picture([bar(0, status)], NOW))
        assert drawn is not None
        shapes.add(drawn[1])

    assert len(shapes) == len(Status)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-5.0, "1 s"),
        (0.2, "1 s"),
        (119.0, "119 s"),
        (120.0, "2 min"),
        (731.0, "12 min"),
        (7200.0, "2 h"),
        (180000, "2 d"),
    ],
)
def test_stretches_of_time_are_as_exact_as_somebody_wants_to_know_them(seconds: float, shown: str) -> None:
    assert stretch(seconds) == shown


@pytest.mark.parametrize(
    "page",
    [*every_page(night()), *every_page(hostile())],
    ids=["/", "check", "run", "/hostile", "hostile", "hostile-run"],
)
def test_the_policy_allows_what_is_inlined_and_nothing_else_is(page: str) -> None:
    read = Elements(page)

    for name, text in read.inlined.items():
        digest = b64encode(sha256(text.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in CONTENT_SECURITY_POLICY
    assert Counter(tag for tag, _ in read.elements)["script"] == 1
    assert {"style", "script"} == set(read.inlined)
    for _, attributes in read.elements:
        assert not [name for name in attributes if name == "style" or name.startswith("on")]


def test_whatever_comes_from_outside_is_text() -> None:
    for page in every_page(hostile()):
        read = Elements(page)

        assert not read.unclosed
        assert not list(read.named("img"))
        assert "alert(1)" in read.words
        assert not {"\u202e", "\x00", "\ud800"} & set(page)
        page.encode()
        assert "x" * 1_001 not in read.words
        assert not [each for each in read.named("a") if not re.match(r"(/|#|https?:)", each["href"] or "")]


def test_it_asks_no_other_host() -> None:
    for page in every_page(night()):
        fetched = [value for _, each in Elements(page).elements for name, value in each.items() if name == "src"]

        assert fetched == []
        assert "url(" not in page
        assert "@import" not in page


@pytest.mark.parametrize("page", every_page(night()), ids=["/", "check", "run"])
def test_headings_are_in_order_ids_are_unique_and_tables_have_heads(page: str) -> None:
    read = Elements(page)

    levels = [int(tag[1]) for tag, _ in read.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = Counter(each["id"] for _, each in read.elements if "id" in each)
    assert [id_ for id_, count in ids.items() if count > 1] == []
    assert all(each["scope"] == "row" for each in read.named("th"))
    labels = {each["for"] for each in read.named("label")}
    assert {each["id"] for name in ("input", "select") for each in read.named(name)} == labels


def test_a_run_that_is_wrong_though_its_steps_went_well_says_so() -> None:
    failed = one_run(broken("a", Reason.HTTP_STATUS, "answered 503"))
    well_done = failed.model_copy(
        update={"steps": tuple(each.model_copy(update={"passed": True}) for each in failed.steps)}
    )

    words = [Elements(run_page(each, well(), may_act=True)).words for each in (failed, well_done)]

    assert ["✗ whole run" in each for each in words] == [False, True]


def test_without_a_diagnosis_or_anybody_told_it_says_so() -> None:
    bare = incident(diagnosis=None, told={}, findings=())

    page = status_page(night().model_copy(update={"incidents": (bare,)}), may_act=True)

    assert "No diagnosis is kept of it." in page
    assert "Nobody: no sink takes a page." in page
    told_soon = bare.model_copy(update={"sinks": ("slack",)})
    assert "Nobody yet." in status_page(night().model_copy(update={"incidents": (told_soon,)}), may_act=True)


def test_a_diagnosis_shows_for_against_rivals_and_the_moves_in_their_order() -> None:
    words = Elements(status_page(night(), may_act=True)).words

    order = [
        "Do this", "open the collection", "or give the permission back", "Runbook", "likely: what was seen may have",
        "For", "the server key reads", "Against", "realtime-connect", "session_invalid, collection_disabled",
        "What would change it", "Seen by 2 checks", "Who has been told", "pagerduty",
    ]  # fmt: skip
    places = [words.index(each, words.index("Do this")) for each in order]
    assert places == sorted(places)


def test_a_runbook_is_a_link_only_when_it_is_an_address_of_the_web() -> None:
    def page(runbook: str) -> str:
        shown = incident(diagnosis=DiagnosisView(confidence="certain", runbook=runbook))
        return status_page(night().model_copy(update={"incidents": (shown,)}), may_act=True)

    assert 'href="https://example.com/a"' in page("https://example.com/a")
    assert "<code>dashboards/runbooks/dns.md</code>" in page("dashboards/runbooks/dns.md")
    assert "href" not in page("javascript:alert(1)").split("Runbook: ")[1][:30]


def test_a_command_can_be_copied_and_a_word_cannot() -> None:
    page = status_page(night(), may_act=True)

    copied = re.findall(r'<code>((?:<span>[^<]*</span> ?)+)</code><button type="button" class="copy"', page)
    assert {re.sub("<[^>]*>", "", each).split()[0] for each in copied} == {"appwrite"}


def test_the_graver_check_stands_first_and_the_silenced_one_last() -> None:
    until = NOW + timedelta(hours=1)
    checks = (
        broken("silenced", Reason.DNS, "no").model_copy(update={"silenced_until": until}),
        broken("ticket", Reason.DNS, "no").model_copy(update={"severity": Severity.TICKET}),
        broken("page", Reason.DNS, "no"),
    )

    page = status_page(with_checks(*checks, health=Health.WRONG), may_act=True)

    assert re.findall(r'class="name">([^<]*)<', page) == ["page", "silenced", "ticket"]


def test_of_hundreds_the_right_ones_have_their_last_run_on_their_own_page() -> None:
    few, many = status_page(well(60), may_act=True), status_page(well(500), may_act=True)

    assert few.count("<caption>Steps</caption>") == 60
    assert many.count("<caption>Steps</caption>") == 0
    assert len(Elements(many).elements) < 500 * 16 + 150
    assert len(many.encode()) < 500 * 4_000


def test_a_page_says_whether_a_token_is_needed() -> None:
    assert "data-may-act" in next(iter(Elements(status_page(well(), may_act=True)).named("body")))
    assert "data-may-act" not in next(iter(Elements(status_page(well(), may_act=False)).named("body")))


def test_the_page_of_a_check_unfolds_what_went_wrong_last() -> None:
    runs = detail(broken("a", Reason.NO_EVENT, "nothing came", failures=1))
    late = runs.model_copy(update={"runs": (*runs.runs[1:4], runs.runs[0])})

    page = check_page(late, night(), may_act=True)

    assert re.findall(r'<details id="(run-[^"]*)" open', page) == ["run-a-0"]
    assert 'href="/#incident-i-1"' in page
    assert page.count('<details id="run-') == 4


def test_a_check_that_never_ran_has_a_page() -> None:
    page = check_page(detail(check("a", bars=())), well(), may_act=True)

    assert "It has not run yet" in page
    assert 'aria-label="no run yet"' in page

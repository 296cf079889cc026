"""
The page of one check: how it stands, and its last runs, each with its steps, phases and evidence.
"""

from monitor.core.duration import show_duration
from monitor.core.outcome import Status
from monitor.web.model import CheckDetail, RunView, StatusView
from monitor.web.page.acting import actions
from monitor.web.page.bars import bars_picture, bars_summary, legend
from monitor.web.page.checks import MOST_NAME_CHARACTERS, check_badge, remarks
from monitor.web.page.document import document
from monitor.web.page.glance import incident_link, sentence, title_of
from monitor.web.page.markup import Html, cut, join, key_of, tag
from monitor.web.page.runs import MOST_MESSAGE_CHARACTERS, run_body
from monitor.web.page.wording import ago, badge, clock, commands, status_word

MOST_RUNS = 20


def check_page(detail: CheckDetail, view: StatusView, *, may_act: bool) -> str:
    """
    Return the page that shows *detail*, of the moment of *view*; *may_act* when nobody needs a token to act.
    """
    parts = [
        tag(
            "nav",
            tag("a", "All checks", href="/"),
            tag("span", sentence(view)),
            class_="up",
            aria_label="To all checks",
        ),
        _head(detail, view),
        _facts(detail, view),
        _runs(detail, view),
    ]
    return document(join(parts), view=view, title=title_of(view, detail.name), may_act=may_act)


def _head(detail: CheckDetail, view: StatusView) -> Html:
    message = (
        tag("p", commands(cut(detail.message, MOST_MESSAGE_CHARACTERS)), class_="message") if detail.message else None
    )
    name = cut(detail.name, MOST_NAME_CHARACTERS)
    return tag(
        "section",
        tag("h1", name, id="now-title"),
        tag("p", check_badge(detail), remarks(detail, view), class_="head"),
        message,
        bars_picture(detail.bars, view.at),
        tag("p", bars_summary(detail.bars, view.at), class_="note"),
        tag("details", tag("summary", "What the bars mean"), legend(), id="legend", class_="fold"),
        actions([detail.name], what=name),
        class_="one",
        id="now",
        aria_labelledby="now-title",
        data_state=f"{detail.status} {detail.reason} {detail.is_failing}",
    )


def _facts(detail: CheckDetail, view: StatusView) -> Html:
    facts: dict[str, str | None] = {
        "Kind": cut(detail.kind, 80),
        "Runs": f"every {show_duration(detail.every_seconds)}",
        "Severity": detail.severity.value,
        "Since": clock(detail.since, view.at) if detail.since else None,
        "Silenced until": clock(detail.silenced_until, view.at) if detail.silenced_until else None,
        "Incident": incident_link(view, detail.incident) if detail.incident else None,
    }
    rows = [
        tag("div", tag("dt", name), tag("dd", fact), class_="wide" if name == "Incident" else None)
        for name, fact in facts.items()
        if fact is not None
    ]
    return tag("dl", *rows, class_="facts-line")


def _runs(detail: CheckDetail, view: StatusView) -> Html:
    runs = detail.runs[:MOST_RUNS]
    title = tag("h2", "Last runs" if runs else "It has not run yet", id="runs-title")
    # What went wrong last is what somebody came to read.
    opened = next((run.run_id for run in runs if run.status is not Status.PASSED), runs[0].run_id if runs else "")
    items = [tag("li", _run(run, view, is_open=run.run_id == opened)) for run in runs]
    listed = tag("ol", *items, class_="plain panel runs") if items else None
    return tag("section", title, listed, id="runs", aria_labelledby="runs-title")


def _run(run: RunView, view: StatusView, *, is_open: bool) -> Html:
    head = tag(
        "summary",
        badge(run.status, status_word(run)),
        tag("span", clock(run.started_at, view.at), ", ", ago(run.started_at, view.at)),
        tag("small", f"took {show_duration(run.duration_seconds)}"),
    )
    body = tag("div", run_body(run), class_="run")
    return tag("details", head, body, id=f"run-{key_of(run.run_id)}", open=is_open, class_="fold")

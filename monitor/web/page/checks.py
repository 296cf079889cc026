"""
All checks, what is not right first: each with its last runs as bars, and the last one whole.
"""

from monitor.core.duration import show_duration
from monitor.core.outcome import Status
from monitor.core.severity import Severity
from monitor.web.model import CheckView, StatusView
from monitor.web.page.acting import actions
from monitor.web.page.bars import bars_picture, legend, tally
from monitor.web.page.markup import Html, cut, join, key_of, path_of, tag
from monitor.web.page.runs import run_body
from monitor.web.page.standing import Standing, last_status, standing_of
from monitor.web.page.wording import ago, badge, commands, lasting, left, status_word

MOST_NAME_CHARACTERS = 120
_MOST_MESSAGE_CHARACTERS = 400
# Beyond so many checks a page with the last run of every one is megabytes, and takes the daemon as long as a run: those
# that are right have theirs on their own page then.
_MOST_WHOLE = 60
_URGENCIES = {
    Severity.PAGE: "wakes somebody",
    Severity.TICKET: "waits for the morning",
    Severity.INFO: "is there to be read",
}


def checks_section(view: StatusView) -> Html:
    """
    Return all checks of *view*, in groups by how they stand.
    """
    groups: dict[Standing, list[CheckView]] = {each: [] for each in Standing}
    for check in view.checks:
        groups[standing_of(check)].append(check)
    return tag(
        "section",
        tag("h2", "Checks", id="checks-title"),
        _tools(),
        *(_group(standing, group, view) for standing, group in groups.items() if group),
        tag("p", "No check matches.", id="no-match", hidden=True),
        tag("details", tag("summary", "What the bars mean"), legend(), id="legend", class_="fold"),
        id="checks",
        class_="many" if len(view.checks) > _MOST_WHOLE else None,
        aria_labelledby="checks-title",
    )


def check_badge(check: CheckView) -> Html:
    """
    Return how its last run ended, with its mark.
    """
    return badge(last_status(check), check_state(check))


def check_state(check: CheckView) -> str:
    """
    Return how its last run ended, and what that means when it is not the last word.
    """
    if check.bars and last_status(check) in {Status.ERRORED, Status.MISSED}:
        return status_word(check.bars[-1])
    if check.status is None:
        return "not judged yet"
    if check.is_failing and check.status is Status.PASSED:
        return "passed, watched until it lasts"
    return f"{check.status}: {check.reason}" if check.reason else check.status.value


def remarks(check: CheckView, view: StatusView) -> Html:
    """
    Return what is to be known of the check beside its status.
    """
    parts = [
        join(["for ", lasting(check.since, view.at)]) if check.since else None,
        join(["silenced, pages again ", left(check.silenced_until, view.at)]) if check.silenced_until else None,
    ]
    return join([tag("span", part) for part in parts if part is not None])


def _tools() -> Html:
    field = tag(
        "input",
        id="filter",
        type="search",
        autocomplete="off",
        spellcheck="false",
        maxlength=200,
        placeholder="name, kind or status",
    )
    return tag(
        "p",
        tag("label", "Show only", for_="filter"),
        field,
        tag("span", id="filter-count", role="status"),
        class_="tools",
        data_scripted=True,
        hidden=True,
    )


def _group(standing: Standing, checks: list[CheckView], view: StatusView) -> Html:
    ordered = sorted(checks, key=lambda check: (-check.severity.rank, check.silenced_until is not None))
    is_whole = len(view.checks) <= _MOST_WHOLE or standing is not Standing.RIGHT
    cards = [_card(check, view, is_whole=is_whole) for check in ordered]
    title = tag("h3", standing.heading, " ", tag("span", str(len(checks)), class_="count"))
    return tag("div", title, tag("ul", *cards, class_="cards"), class_=f"group {standing}", id=f"group-{standing}")


def _card(check: CheckView, view: StatusView, *, is_whole: bool) -> Html:
    is_right = standing_of(check) is Standing.RIGHT
    return tag(
        "li",
        tag(
            "p",
            tag("a", cut(check.name, MOST_NAME_CHARACTERS), href=f"/checks/{path_of(check.name)}", class_="name"),
            check_badge(check),
            remarks(check, view),
            tag("small", cut(check.kind, 60)),
            class_="head",
        ),
        _message(check) if not is_right else None,
        bars_picture(check.bars, view.at),
        _last_run(check, view) if is_whole else tag("p", _short(check, view), class_="short"),
        id=f"check-{key_of(check.name)}",
        class_="check",
        data_find=f"{cut(check.name, MOST_NAME_CHARACTERS)} {cut(check.kind, 60)} {check_state(check)}".lower(),
    )


def _message(check: CheckView) -> Html | None:
    last = check.last_run
    said = last.message if last is not None and last.status in {Status.ERRORED, Status.MISSED} else check.message
    return tag("p", commands(cut(said, _MOST_MESSAGE_CHARACTERS)), class_="message") if said else None


def _last_run(check: CheckView, view: StatusView) -> Html:
    run = run_body(check.last_run, with_message=False) if check.last_run else tag("p", "It has not run yet.")
    name = cut(check.name, MOST_NAME_CHARACTERS)
    about = f"Runs every {show_duration(check.every_seconds)}; its trouble {_URGENCIES[check.severity]}."
    return tag(
        "details",
        tag("summary", _short(check, view)),
        tag("div", actions([check.name], what=name), tag("p", about, class_="note"), run, class_="run"),
        id=f"last-{key_of(check.name)}",
        class_="fold",
    )


def _short(check: CheckView, view: StatusView) -> Html:
    last = check.last_run
    if last is None:
        return tag("span", "No run yet")
    ran = tag("span", "Ran ", ago(last.started_at, view.at), f" in {show_duration(last.duration_seconds)}")
    return join([ran, tag("small", tally(check.bars))])

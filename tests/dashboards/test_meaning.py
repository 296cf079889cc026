"""
Every panel shows what it says: of an hour that is known, asked of a real Prometheus, drawn by Grafana's own code.

``shown.yaml`` holds what is to be read on the screen, worked out from ``known.py``: by panel each series, or each row
of a table, with its colour where that has a meaning and where it leads to; of a line its end, and the limits that are
drawn. ``is`` and ``from`` are the words and colours that values would have, ``base`` the colour below all.
"""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urldefrag

import pytest
import yaml

from tests.dashboards.asking import answer_to, chosen_in, offered
from tests.dashboards.dashboard import DASHBOARDS, FOLDER, Panel, all_panels, query_variables, text_variables
from tests.dashboards.grafana_display import Answered, Shown, shown
from tests.dashboards.known import AT, CHECKS, GONE_SECONDS, RANGE_SECONDS, STEP_SECONDS, keep_known, known
from tests.dashboards.scraper import Prometheus

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

EXPECTED = yaml.safe_load((Path(__file__).parent / "shown.yaml").read_text())
# What is shown, row by row, by dashboard and panel.
Screens: TypeAlias = Mapping[str, Sequence[Sequence[Shown]]]
[_ROOT] = {text_variables(name)["monitor_url"] for name in DASHBOARDS}
_NOW = [panel for panel in all_panels() if panel.is_about_now]


async def screens(
    server: Prometheus, panels: Sequence[Panel], *, at: float = AT, only: Mapping[str, str] | None = None
) -> Screens:
    """
    Return what *panels* show at the moment *at*, of all or *only* of what is chosen.
    """
    answered = []
    for panel in panels:
        chosen = await chosen_in(panel.dashboard, server, only)
        answers = [
            await answer_to(
                query, server, chosen=chosen, at=at, range_seconds=RANGE_SECONDS, scrape_seconds=STEP_SECONDS
            )
            for query in panel.queries()
        ]
        answered.append(Answered(panel=panel, answers=answers))
    variables = {name: text_variables(name) for name in DASHBOARDS}
    return await asyncio.to_thread(shown, answered, variables=variables, at=at)


def read(panel: Panel, rows: Sequence[Sequence[Shown]]) -> list[str]:
    """
    Return what somebody reads who looks at the screen; sorted, unless the panel has an order of its own.
    """
    lines = [" | ".join(_cell(cell) for cell in row) for row in rows]
    return lines if any("sort" in query.expr for query in panel.queries()) else sorted(lines)


def everything_read(found: Screens) -> dict[str, list[str]]:
    panels = {panel.name: panel for panel in all_panels()}
    return {name: read(panels[name], rows) for name, rows in found.items()}


def _cell(cell: Shown) -> str:
    # A single value of a panel is called by the panel alone.
    name = "" if cell.name in {"", "Value"} else f"{cell.name}: "
    links = "".join(f" -> {link.removeprefix(_ROOT)}" for link in cell.links)
    return f"{name}{f'{cell.text} {cell.color}'.strip()}{links}"


async def test_every_panel_shows_what_happened(tmp_path: Path) -> None:
    await keep_known(tmp_path)

    async with known(tmp_path) as server:
        found = await screens(server, all_panels())

    assert everything_read(found) == EXPECTED["everything happens"]
    for rows in found.values():
        for row in rows:
            for cell in row:
                assert set(cell.links) <= pages(), cell


async def test_every_panel_about_now_shows_that_all_is_well(tmp_path: Path) -> None:
    await keep_known(tmp_path)

    async with known(tmp_path) as server:
        found = await screens(server, _NOW, only={"location": "sin"})

    assert everything_read(found) == EXPECTED["nothing happens"]


async def test_every_panel_about_now_says_that_nothing_is_heard_once_the_monitors_are_gone(tmp_path: Path) -> None:
    await keep_known(tmp_path)

    async with known(tmp_path) as server:
        found = await screens(server, _NOW, at=AT + GONE_SECONDS)

    for panel in _NOW:
        rows = found[panel.name]
        if panel.json["type"] == "table":
            # Without rows Grafana writes there what there is when there is no value.
            assert not rows
        else:
            [[cell]] = rows
            assert cell.text == panel.no_value
            assert cell.color in {"#808080", "red"}, panel.name


async def test_a_journey_of_somebodys_own_is_offered_and_nothing_else_is(tmp_path: Path) -> None:
    await keep_known(tmp_path)

    async with known(tmp_path) as server:
        chosen = await chosen_in("journey", server)
        kinds = await offered(dict(query_variables("journey"))["kind"], chosen, server)

    assert kinds == ["booking_to_chat", "own_story"]


def pages() -> set[str]:
    """
    Return where links may lead: to pages that are there.
    """
    [runbooks] = {urls["runbook_url"] for name in DASHBOARDS if "runbook_url" in (urls := text_variables(name))}
    assert urldefrag(runbooks).url == f"{_ROOT}/"
    written = {f"{runbooks}/{path.name}" for path in (FOLDER / "runbooks").glob("*.md")}
    return {f"{_ROOT}/", *(f"{_ROOT}/checks/{check}" for check in CHECKS), *written}

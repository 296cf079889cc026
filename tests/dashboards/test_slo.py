"""
The panels of the service level show the right figures, to the digit, over thirty days that are known.
"""

import asyncio
import time
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.dashboards.dashboard import Panel, all_panels, expanded
from tests.dashboards.files import RULES
from tests.dashboards.history import DAYS, SAMPLE_SECONDS, History, Past, backfill
from tests.dashboards.scraper import Prometheus, prometheus

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

# Unit, decimals and the like of a column.
Field: TypeAlias = dict[str, Any]

OBJECTIVE = 0.999
PASTS = {
    "flawless": Past(),
    "leaking": Past(share=0.002),
    "within-budget": Past(share=0.0004),
    "down-for-an-hour": Past(outage=60),
    "restarted": Past(share=0.001, restarts=3),
    "new": Past(share=0.01, days=4),
}
_ALL = {"target": ".+", "location": ".+", "kind": ".+", "check": ".+", "datasource": "", "__rate_interval": "4s"}
_DAY, _HOUR = 86_400, 3_600


def panel_of(title: str) -> Panel:
    [panel] = [panel for panel in all_panels() if panel.name == f"overview: {title}"]
    return panel


def shown(value: float, field: Field) -> str:
    """
    Return *value* as Grafana writes it with the unit and the decimals of *field*.
    """
    scale, sign = (100, "%") if field["unit"] == "percentunit" else (1, "")
    return f"{value * scale:.{field['decimals']}f}{sign}"


def columns_of(panel: Panel) -> dict[str, tuple[str, Field]]:
    """
    Return expression, and unit and decimals, of each column of a table that comes of a query of its own.
    """
    [renamed] = [each["options"]["renameByName"] for each in panel.json["transformations"] if each["id"] == "organize"]
    exprs = {query.ref: query.expr for query in panel.queries()}
    fields = {
        override["matcher"]["options"]: {each["id"]: each["value"] for each in override["properties"]}
        for override in panel.json["fieldConfig"]["overrides"]
    }
    return {title: (exprs[name.removeprefix("Value #")], fields[title]) for name, title in renamed.items()}


async def rows_of(panel: Panel, server: Prometheus) -> dict[str, dict[str, str]]:
    """
    Return what a table shows: by check, each column as text.
    """
    rows: dict[str, dict[str, str]] = {}
    for title, (expr, field) in columns_of(panel).items():
        for series in await server.instant(expanded(expr, _ALL)):
            rows.setdefault(series.labels["check"], {})[title] = shown(series.last, field)
    return rows


def expected_of(history: History, check: str) -> dict[str, str]:
    """
    Return what must be shown of *check*, counted without Prometheus.
    """
    month, hour = (history.counted(check, seconds=seconds) for seconds in (DAYS * _DAY, _HOUR))
    bad = month.failed / month.judged
    return {
        "objective": f"{OBJECTIVE * 100:.2f}%",
        "right": f"{(1 - bad) * 100:.3f}%",
        "budget left": f"{(1 - bad / (1 - OBJECTIVE)) * 100:.1f}%",
        "burn rate, 1 h": f"{hour.failed / hour.judged / (1 - OBJECTIVE):.1f}",
    }


async def settled(server: Prometheus) -> None:
    """
    Wait until the recording rules have been evaluated for every check.
    """
    expr = "synthetic:check_errors:ratio_rate30d and synthetic:check_errors:ratio_rate1h and synthetic:check_slo:target"
    async with asyncio.timeout(30.0):
        while len(await server.instant(expr)) < len(PASTS):  # noqa: ASYNC110 - what is asked is in another process
            await asyncio.sleep(0.2)


async def test_thirty_days_are_shown_to_the_digit(tmp_path: Path) -> None:
    until = int(time.time())
    history = History(PASTS, until=until)
    await backfill(history, tmp_path, rules=RULES, until=until)

    async with prometheus(tmp_path) as server:
        await settled(server)
        rows = await rows_of(panel_of("Objective and error budget, 30 days"), server)
        [least] = await server.instant(expanded(next(panel_of("Least budget left").queries()).expr, _ALL))

    counts = {check: (row.pop("runs judged"), row.pop("runs failed")) for check, row in rows.items()}
    assert rows == {check: expected_of(history, check) for check in PASTS}
    least_field = panel_of("Least budget left").json["fieldConfig"]["defaults"]
    assert shown(least.last, least_field) == rows["new"]["budget left"]
    for check, (judged, failed) in counts.items():
        month = history.counted(check, seconds=DAYS * _DAY)
        # The two edges of the window lie between samples: Prometheus fills them in, with the mean of the rest.
        assert month.judged <= float(judged) <= month.judged + SAMPLE_SECONDS / 60 + 1
        assert month.failed <= float(failed) <= month.failed + 1

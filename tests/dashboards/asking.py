"""
Asks of Prometheus what Grafana would ask it for a panel.
"""

import re
from collections.abc import Mapping

from tests.dashboards.dashboard import DASHBOARDS, Query, expanded
from tests.dashboards.scraper import SCRAPE_SECONDS, Prometheus, Series

_ALL = ["$__all"]


async def chosen_in(dashboard: str, prometheus: Prometheus, only: Mapping[str, str] | None = None) -> dict[str, str]:
    """
    Return what each variable stands for when the dashboard is opened, or *only* what is said.

    What is not chosen by name is All: what the variable declares for it, or all that its question finds.
    """
    chosen: dict[str, str] = {}
    for each in DASHBOARDS[dashboard]["templating"]["list"]:
        if each["type"] != "query":
            continue
        values = each["current"]["value"]
        if only and each["name"] in only:
            chosen[each["name"]] = only[each["name"]]
        elif values == _ALL and "allValue" in each:
            chosen[each["name"]] = each["allValue"]
        else:
            found = values if values != _ALL else await offered(each["query"]["query"], chosen, prometheus)
            chosen[each["name"]] = f"({'|'.join(found)})"
    return chosen


async def offered(question: str, chosen: Mapping[str, str], prometheus: Prometheus) -> list[str]:
    """
    Return what a variable offers: by the one form of questions that we use.
    """
    found = re.fullmatch(r"label_values\((.+), (\w+)\)", expanded(question, chosen))
    assert found, question
    return await prometheus.label_values(found[2], found[1])


async def answer_to(
    query: Query,
    prometheus: Prometheus,
    *,
    chosen: Mapping[str, str],
    at: float,
    range_seconds: float,
    scrape_seconds: float = SCRAPE_SECONDS,
) -> list[Series]:
    """
    Return the answer to *query* for the *range_seconds* before *at*.
    """
    step = max(scrape_seconds, query.least_step_seconds or 0.0)
    # As Grafana's data source works it out.
    rate = max(step + scrape_seconds, 4 * scrape_seconds)
    built_in = {"__interval": f"{step:g}s", "__rate_interval": f"{rate:g}s", "__range": f"{range_seconds:g}s"}
    expr = expanded(query.expr, {**chosen, **built_in})
    if query.is_instant:
        return await prometheus.instant(expr, at=at)
    # Grafana would align to the step, of which a history of a minute may have none yet.
    steps = max(1, round(range_seconds / step))
    return await prometheus.range(expr, start=at - steps * step, end=at, step=step)

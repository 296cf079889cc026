"""
The dashboards as data: their panels, what each asks of Prometheus, and what Grafana makes of the variables in it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "dashboards"
DASHBOARDS = {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}
# What shows one value of a series, or a list: how it is at one moment.
_OF_A_MOMENT = {"stat", "gauge", "bargauge", "table", "piechart"}
# What a query is about that looks back over the chosen time, or over what the rules record of 30 days.
_LOOKS_BACK = re.compile(r"\$__range\b|\bsynthetic:")
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """
    One question of a panel (or of the dashboard's annotations), as it is written.

    *least_step_seconds* is the smallest step that the panel allows, None when it has no opinion.
    """

    dashboard: str
    panel: str
    ref: str
    expr: str
    legend: str = ""
    is_instant: bool = False
    least_step_seconds: float | None = None

    @property
    def name(self) -> str:
        return f"{self.dashboard}: {self.panel} {self.ref}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """
    One panel and the dashboard it is on; *json* is all of it.
    """

    dashboard: str
    json: Mapping[str, Any] = field(repr=False)

    @property
    def title(self) -> str:
        return str(self.json["title"])

    @property
    def name(self) -> str:
        return f"{self.dashboard}: {self.title}"

    @property
    def is_row(self) -> bool:
        return bool(self.json["type"] == "row")

    @property
    def is_of_a_moment(self) -> bool:
        """
        Whether it shows how something is at one moment, not its course.
        """
        return self.json["type"] in _OF_A_MOMENT

    @property
    def is_about_now(self) -> bool:
        """
        Whether it shows how things are now: at the end of the chosen time, and of nothing before.
        """
        return self.is_of_a_moment and not any(_LOOKS_BACK.search(query.expr) for query in self.queries())

    @property
    def no_value(self) -> str:
        """
        What it shows when there is nothing.
        """
        return str(self.json["fieldConfig"]["defaults"]["noValue"])

    def queries(self) -> Iterator[Query]:
        """
        Return what it asks.
        """
        step = self.json.get("interval")
        for target in self.json.get("targets", ()):
            yield Query(
                dashboard=self.dashboard,
                panel=self.title,
                ref=target["refId"],
                expr=target["expr"],
                legend=target.get("legendFormat", ""),
                is_instant=target["instant"],
                least_step_seconds=_seconds(step) if step else None,
            )

    def texts(self) -> Iterator[str]:
        """
        Return every text in it, at any depth.
        """
        yield from _texts(self.json)


def all_panels(*, rows: bool = False) -> list[Panel]:
    """
    Return the panels of all dashboards; with *rows* also what only heads others.
    """
    panels = [Panel(dashboard=name, json=each) for name, board in DASHBOARDS.items() for each in board["panels"]]
    return [panel for panel in panels if rows or not panel.is_row]


def all_queries() -> list[Query]:
    """
    Return what panels and annotations of all dashboards ask.
    """
    asked = [query for panel in all_panels() for query in panel.queries()]
    for name, board in DASHBOARDS.items():
        for each in board["annotations"]["list"]:
            legend = f"{each['titleFormat']} {each['textFormat']}"
            query = Query(dashboard=name, panel=f"annotation {each['name']}", ref="A", expr=each["expr"], legend=legend)
            asked.append(query)
    return asked


def query_variables(dashboard: str) -> list[tuple[str, str]]:
    """
    Return name and question of each variable that is asked of Prometheus, in their order.
    """
    variables = DASHBOARDS[dashboard]["templating"]["list"]
    return [(each["name"], each["query"]["query"]) for each in variables if each["type"] == "query"]


def text_variables(dashboard: str) -> dict[str, str]:
    """
    Return the variables that are set by hand, with what they are set to.
    """
    variables = DASHBOARDS[dashboard]["templating"]["list"]
    return {each["name"]: each["query"] for each in variables if each["type"] == "textbox"}


def expanded(text: str, values: Mapping[str, str]) -> str:
    """
    Return *text* with its variables replaced; one that is not in *values* is an error.
    """
    return _VARIABLE.sub(lambda found: values[found[1] or found[2]], text)


def labels_in(legend: str) -> set[str]:
    """
    Return the labels that a legend shows.
    """
    return set(re.findall(r"\{\{\s*(\w+)\s*\}\}", legend))


def _seconds(duration: str) -> float:
    return float(duration[:-1]) * {"s": 1, "m": 60, "h": 3600}[duration[-1]]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)

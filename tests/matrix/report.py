"""
The matrix as people read it: a row a fault, a column a check, a mark where something was found.
"""

from collections.abc import Mapping

Table = Mapping[str, Mapping[str, str]]


def fits(expected: str, found: str) -> bool:
    """
    Return whether *found* is what was *expected*: one of several verdicts, with its step only where that is named.
    """
    return bool({found, found.partition(" in ")[0]} & set(expected.split(" or ")))


def wrong_cells(expected: Table, found: Table) -> list[str]:
    """
    Return a sentence for every cell in which something else was found than expected.
    """
    return [
        f"{phrase}: {check}: expected {verdict}, found {found.get(phrase, {}).get(check, 'nothing')}"
        for phrase, row in expected.items()
        for check, verdict in row.items()
        if not fits(verdict, found.get(phrase, {}).get(check, "nothing"))
    ]


def as_markdown(expected: Table, found: Table, *, title: str) -> str:
    """
    Return the matrix as a Markdown table; a wrong cell says in bold what was expected.
    """
    checks = list(next(iter(expected.values())))
    wrong, cells = wrong_cells(expected, found), sum(len(expected[phrase]) for phrase in found)
    lines = [f"## {title}", "", f"{len(found)} faults x {len(checks)} checks: {cells} cells, {len(wrong)} wrong", ""]
    lines += [f"| fault | {' | '.join(checks)} |", f"|---|{'---|' * len(checks)}"]
    for phrase, row in found.items():
        shown = [_cell(expected[phrase][check], row.get(check, "nothing")) for check in checks]
        lines.append(f"| `{phrase}` | {' | '.join(shown)} |")
    return "\n".join([*lines, "", *wrong])


def _cell(expected: str, found: str) -> str:
    if not fits(expected, found):
        return f"**{found}, expected {expected}**"
    return "" if found == "passed" else found.removeprefix("failed: ")

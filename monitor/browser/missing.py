"""
What a page lacks, or leaves undone.
"""

from monitor.browser.observed import Observed, seen
from monitor.browser.visit import Visit
from monitor.core.errors import CheckFailed
from monitor.core.redaction import excerpt


def without(visit: Visit, what: str, ways: tuple[str, ...], *, observed: Observed = Observed.STUCK) -> CheckFailed:
    """
    Return the failure of a page that has no *what*, to which *ways* lead.
    """
    if visit.traffic.misread:
        text = f"the {visit.name}'s page has no {what}: {visit.traffic.misread[0]}: deploy the site whole"
        return seen(Observed.PAGE_MISSING, visit.name, text, file=visit.traffic.misread[0])
    if visit.has_gone:
        return seen(Observed.NAVIGATED_AWAY, visit.name, f"the {visit.name}'s page has no {what}: it went elsewhere")
    text = f"the {visit.name}'s page has no {what} ({excerpt(', '.join(ways), characters=60)})"
    return seen(observed, visit.name, f"{text}: see its console, or correct words")


def nothing_happened(visit: Visit, what: str) -> CheckFailed:
    """
    Return the failure of a page on which a button came to nothing; *what* says so.
    """
    if visit.has_gone:
        return seen(Observed.NAVIGATED_AWAY, visit.name, f"{what}: it went elsewhere: see what navigates")
    return seen(Observed.NO_REQUEST, visit.name, f"{what}, and sends no request: see the page's console")

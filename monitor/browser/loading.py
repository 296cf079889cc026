"""
Whether there is a page at all: what keeps a browser from loading it, in our words.
"""

import re

from monitor.appwrite.failures import failed, place
from monitor.browser.observed import Observed
from monitor.core.duration import show_duration
from monitor.core.errors import CheckFailed
from monitor.core.outcome import Reason

# The browser's names for its errors; the first that fits.
_ERRORS = (
    (re.compile(r"ERR_NAME_|ERR_DNS_"), Reason.DNS, "the name was not resolved: check it, and its DNS records"),
    (re.compile(r"ERR_CERT_|ERR_SSL_"), Reason.TLS, "TLS fails: check the certificate of the site"),
    (re.compile(r"Timeout|ERR_TIMED_OUT"), Reason.TIMEOUT, "it did not load within {limit}: check the site's host"),
    (re.compile(""), Reason.CONNECTION, "it cannot be reached: check the site's host"),
)
_HTML = frozenset({"text/html", "application/xhtml+xml"})


def not_loaded(url: str, error: str, *, within_seconds: float) -> CheckFailed:
    """
    Return what *error*, the browser's, means for the page at *url*.
    """
    reason, text = next((reason, text) for pattern, reason, text in _ERRORS if pattern.search(error))
    code = re.search(r"net::\w+", error)
    detail = code[0] if code else ""
    told = text.format(limit=show_duration(round(within_seconds, 3)))
    where = place("page", url.partition("#")[0])
    return failed(reason, f"{where}: {told}", observed=Observed.PAGE_MISSING.value, detail=detail)


def demand_page(url: str, *, status: int, content_type: str) -> None:
    """
    Raise ``CheckFailed`` unless the answer is a page.
    """
    where, kind = place("page", url.partition("#")[0]), content_type.partition(";")[0].strip().lower()
    # From a kept copy, a browser shows what had not changed.
    if status not in {200, 304}:
        text = f"{where} answered {status}, expected 200: see the site's host"
        raise failed(Reason.HTTP_STATUS, text, observed=Observed.PAGE_MISSING.value, status=status)
    if kind not in _HTML:
        text = f"{where} answered {kind[:40]}, expected HTML: see the site's host"
        raise failed(Reason.WRONG_ANSWER, text, observed=Observed.PAGE_MISSING.value, content_type=kind[:40])

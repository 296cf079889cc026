"""
The status page: what a ``StatusView`` holds, as one HTML file without outside requests, for a phone at 3 a.m. as well.

There is one renderer, this one: the script fetches the page again and takes over what differs.
"""

from monitor.web.page.check import check_page
from monitor.web.page.document import CONTENT_SECURITY_POLICY
from monitor.web.page.run import run_page
from monitor.web.page.status import status_page

__all__ = ["CONTENT_SECURITY_POLICY", "check_page", "run_page", "status_page"]

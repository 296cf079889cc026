"""
The official web SDK, from the booking site's own origin in Chromium: cookies, documents, realtime, errors.
"""

from pathlib import Path

import pytest

from tests.sandbox.threaded import ThreadedSandbox
from tests.site.conftest import Visitors

pytestmark = pytest.mark.slow

TOUR = (Path(__file__).parent / "tour.js").read_text()


def test_the_web_sdk_tours_the_sandbox_from_the_site(server: ThreadedSandbox, visitors: Visitors) -> None:
    visitor, sandbox = visitors.new(), server.sandbox
    visitor.open()
    who = {"email": sandbox.customer.email, "password": sandbox.customer.password}

    seen = visitor.page.evaluate(TOUR, who | {"project": sandbox.project, "database": sandbox.database})

    assert seen == {
        "guest": ["AppwriteException", 401, "general_unauthorized_scope"],
        "wrong": ["AppwriteException", 401, "user_invalid_credentials"],
        "user": sandbox.customer.id,
        "stored": [],
        "listed": ["second"],
        "read": True,
        "gone": ["AppwriteException", 404, "document_not_found"],
        "foreign": ["AppwriteException", 401, "user_unauthorized"],
        "heard": [["create", "first"], ["update", "first"]],
        "left": ["AppwriteException", 401, "general_unauthorized_scope"],
    }

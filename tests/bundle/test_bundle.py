"""
The evidence bundle: whole, bounded, without secrets, and harmless whatever a server said.
"""

import json
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from monitor.bundle.evidence import Evidence, documents_of, write_bundle
from monitor.core.outcome import Attachment, Outcome, Reason, Status, Step
from monitor.core.redaction import Redactor
from monitor.diagnosing import sightings_of
from monitor.diagnosis.diagnose import explain
from tests.outcomes import outcome_of
from tests.tools import require

NOW = datetime(2026, 1, 23, 9, 40, tzinfo=UTC)
SECRET = "standard_" + "0123456789abcdef" * 4
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&"
# The smallest picture there is.
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000000030001"
    "00"
    "18dd8db00000000049454e44ae426082"
)


def failed(**changes: Any) -> Outcome:
    fields: dict[str, Any] = {
        "message": "no event arrives",
        "evidence": {"frames": ("in connected", "out subscribe"), "status": 404, "identity": "customer"},
        "steps": (
            Step(name="write", started_seconds=0.0, duration_seconds=0.1, passed=True),
            Step(name="event", started_seconds=0.1, duration_seconds=0.15, passed=False),
        ),
        **changes,
    }
    return outcome_of(Status.FAILED, Reason.NO_EVENT, **fields)


def bundle(folder: Path, *outcomes: Outcome, name: str = "evidence.html", redact: Redactor | None = None) -> str:
    """
    Return the page that is written of *outcomes*.
    """
    redact = redact or Redactor([SECRET])
    evidence = Evidence(
        made_at=NOW,
        target={"name": "production", "endpoint": "https://api.example.com/v1"},
        configuration="abc123",
        outcomes=documents_of(outcomes, redact),
        diagnoses=explain(sightings_of(outcomes, redact)),
        pictures=[(outcome.check, each) for outcome in outcomes for each in outcome.attachments],
    )
    page, _ = write_bundle(folder / name, evidence, redact=redact)
    return page.read_text()


class Elements(HTMLParser):
    """
    The tags of a page, and all that would be fetched for it.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.fetched: list[str] = []
        self.handlers: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.fetched += [value or "" for name, value in attrs if name in {"src", "href", "data", "action"}]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


def test_it_shows_steps_frames_and_the_configuration(tmp_path: Path) -> None:
    page = bundle(tmp_path, failed(), outcome_of(check="other"))

    for text in ("abc123", "in connected", "out subscribe", "event", "no event arrives", "other"):
        assert text in page


def test_the_document_beside_it_is_the_same_and_can_be_diagnosed_again(tmp_path: Path) -> None:
    bundle(tmp_path, failed())

    document = json.loads((tmp_path / "evidence.json").read_text())
    assert document["configuration"] == "abc123"
    assert Outcome.from_json(document["outcomes"][0]).evidence["frames"] == ("in connected", "out subscribe")
    assert document["diagnoses"][0]["cause"] == "realtime_silent"


def test_whatever_a_server_said_shows_as_text(tmp_path: Path) -> None:
    hostile = failed(check="c", message=HOSTILE, evidence={HOSTILE: HOSTILE, "list": (HOSTILE,), "own": HOSTILE})

    elements = Elements(bundle(tmp_path, hostile))

    assert not elements.tags & {"script", "iframe", "object", "form", "a", "img"}
    assert (elements.fetched, elements.handlers) == ([], [])


def test_nothing_is_fetched_and_pictures_are_in_it(tmp_path: Path) -> None:
    shown = Attachment(name="customer.png", media_type="image/png", content=PICTURE)
    refused = Attachment(name="odd.svg", media_type="image/svg+xml", content=b"<svg onload=alert(1)>")

    page = bundle(tmp_path, failed(attachments=(shown, refused)))

    elements = Elements(page)
    assert [each.partition(",")[0] for each in elements.fetched] == ["data:image/png;base64"]
    assert "default-src 'none'" in page


def test_no_secret_is_in_it(tmp_path: Path) -> None:
    told = failed(message=f"key {SECRET}", evidence={"said": f"Bearer {SECRET}", "list": (SECRET, "me@example.com")})

    page = bundle(tmp_path, told)

    for text in (page, (tmp_path / "evidence.json").read_text()):
        assert SECRET not in text
        assert "me@example.com" not in text


def test_it_is_bounded(tmp_path: Path) -> None:
    bundle(tmp_path, *(failed(run_id=str(number)) for number in range(700)))

    document = json.loads((tmp_path / "evidence.json").read_text())
    assert (len(document["outcomes"]), document["outcomes_left_out"]) == (500, 200)


@pytest.mark.parametrize("name", ["evidence", "evidence.html", "evidence.json"])
def test_both_files_are_named_after_what_was_asked_for(tmp_path: Path, name: str) -> None:
    bundle(tmp_path, failed(), name=name)

    assert {path.name for path in tmp_path.iterdir()} == {"evidence.html", "evidence.json"}


def test_of_nothing_wrong_it_says_so(tmp_path: Path) -> None:
    assert "Nothing was wrong." in bundle(tmp_path, outcome_of())


@pytest.mark.slow
def test_a_browser_shows_it_without_a_word_in_its_console(tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    chromium = require("chromium")
    shown = Attachment(name="customer.png", media_type="image/png", content=PICTURE)
    bundle(tmp_path, failed(attachments=(shown,), message=HOSTILE), outcome_of(check="other"))

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page, said = browser.new_page(), list[str]()
        page.on("console", lambda message: said.append(message.text))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.on("request", lambda request: said.append(request.url) if request.url.startswith("http") else None)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto((tmp_path / "evidence.html").as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.locator("img").evaluate("each => each.naturalWidth") == 1
        browser.close()
    assert said == []

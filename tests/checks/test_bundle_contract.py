import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import psutil
import pytest
import pytest_asyncio
from aiohttp import web
from pydantic import ValidationError

from checks.bundle_contract import BundleContract
from monitor.core.check import Check
from monitor.core.clock import SystemClock
from monitor.core.errors import OwnFault
from monitor.core.manifest import Manifest
from monitor.core.outcome import Reason, Status
from monitor.core.run import Run
from monitor.frontend import deployed
from monitor.frontend.mismatch import Mismatch
from tests.checks.platforms import platform_of
from tests.conftest import Platform, check_of
from tests.engine import surroundings

# Bundles are read in a process of their own, which takes a while to start.
pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

HTML, SCRIPT = "text/html", "text/javascript"
PAGE = (
    '<!doctype html><title>Book</title><script type="module" crossorigin src="/assets/index-4f2a.js"></script>'
    '<link rel="modulepreload" href="/assets/vendor-91bc.js"><link rel="stylesheet" href="/assets/index-77.css">'
)
# As Vite leaves them: the names of variables are gone, the keys of objects and of methods are not.
INDEX = (
    'import{C as e}from"./vendor-91bc.js";const t="%ENDPOINT%",n="monitored-app",r=new e;r.setEndpoint(t).setProject(n)'
    ';const i={databaseId:"68f76ee1000e64ca8d05",collections:{bookings:"bookings",chatMessages:"chat_messages"}};'
    'const o=()=>import("./Chat-0d1e.js");export{i as c,r};'
)
VENDOR = 'class C{constructor(){this.config={endpoint:"https://cloud.appwrite.io/v1",endpointRealtime:"",project:""}}}'
CHAT = 'import{c as a}from"./index-4f2a.js";const s={NOTIFICATIONS_COLLECTION_ID:"notifications"};export{s as N};'


@dataclass
class Host:
    """
    A static host: *files* is path → (status, content type, text); *asked* are the paths that were asked for.
    """

    address: str = ""
    files: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def serve(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        status, kind, text = self.files.get(request.path, (404, "text/plain", "not found"))
        headers = {"Location": "https://www.example.com/"} if status == 301 else {}
        return web.Response(status=status, text=text, content_type=kind, headers=headers)

    def change(self, path: str, right: str, wrong: str) -> None:
        """
        Deploy the file at *path* with *wrong* in the place of *right*.
        """
        status, kind, text = self.files[path]
        assert right in text
        self.files[path] = (status, kind, text.replace(right, wrong, 1))


@pytest_asyncio.fixture
async def host(platform: Platform) -> AsyncIterator[Host]:
    host = Host(
        files={
            "/": (200, HTML, PAGE),
            "/assets/index-4f2a.js": (200, SCRIPT, INDEX.replace("%ENDPOINT%", platform.sandbox.endpoint)),
            "/assets/vendor-91bc.js": (200, "application/javascript", VENDOR),
            "/assets/Chat-0d1e.js": (200, SCRIPT, CHAT),
        }
    )
    app = web.Application()
    app.router.add_get("/{path:.*}", host.serve)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host.address = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    yield host
    await runner.cleanup()


def bundle_contract(**settings: object) -> Check:
    return check_of("bundle_contract", **{"timeout": "30s", **settings})


def of_sandbox(**settings: object) -> Check:
    collections = {"bookings": "bookings", "chat_messages": "chat_messages"}
    return bundle_contract(**{"files": ["/site/settings.json"], "collections": collections, **settings})


@pytest.mark.parametrize("profile", ["1.8", "1.9"])
@pytest.mark.parametrize("api", ["collections", "tables"])
async def test_passes_when_the_site_names_what_there_is(profile: str, api: str) -> None:
    async with platform_of(profile=profile) as platform:
        outcome = await platform.run(of_sandbox(functions=True), api=api)

    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    assert [step.name for step in outcome.steps] == ["page", "scripts", "backend", "compare"]


@pytest.mark.parametrize(
    ("fault", "mismatch", "flaw"),
    [
        pytest.param(
            "page_wrong_collection",
            Mismatch.OTHER_COLLECTION,
            "/site/settings.json names collection 'therapists_collection_id' (collections.bookings),"
            " expected 'bookings'",
            id="F01",
        ),
        pytest.param(
            "page_other_bookings",
            Mismatch.OTHER_COLLECTION,
            "/site/settings.json names collection 'bookings_collection_id' (dashboard_collections.bookings),"
            " expected 'bookings'",
            id="F02",
        ),
        pytest.param(
            "page_empty_collection_id",
            Mismatch.EMPTY_ID,
            "/site/settings.json names collection '' (collections.notifications), which is empty",
            id="F03",
        ),
        pytest.param(
            "page_name_as_id",
            Mismatch.NAME_AS_ID,
            "/site/settings.json names collection 'Chat Messages' (collections.chat_messages),"
            " a display name and no id, expected 'chat_messages'",
            id="F05",
        ),
        pytest.param(
            "page_other_project",
            Mismatch.OTHER_PROJECT,
            "/site/settings.json names project 'chat-project-of-old' (chat_project), expected 'monitored-app'",
            id="F06",
        ),
    ],
)
async def test_names_what_the_site_is_configured_with_wrongly(
    platform: Platform, fault: str, mismatch: Mismatch, flaw: str
) -> None:
    platform.sandbox.faults.switch_on(fault)

    outcome = await platform.run(of_sandbox())

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.WRONG_ANSWER)
    assert outcome.evidence["flaws"] == (flaw,)
    assert outcome.evidence["mismatches"] == (mismatch,)
    assert outcome.message == f"{flaw}: correct its settings and deploy it again"


@pytest.mark.parametrize(
    ("fault", "parameters", "expected"),
    [
        pytest.param("service_down", {}, (Status.FAILED, Reason.HTTP_STATUS), id="down"),
        pytest.param("proxy", {"status": 200}, (Status.FAILED, Reason.PROTOCOL), id="a page in the API's place"),
        pytest.param("project_missing", {}, (Status.FAILED, Reason.NOT_FOUND), id="no project"),
        pytest.param("wrong_region", {}, (Status.FAILED, Reason.UNAUTHORIZED), id="another region"),
        pytest.param("database_missing", {}, (Status.FAILED, Reason.NOT_FOUND), id="no database"),
        pytest.param("collection_missing", {}, (Status.FAILED, Reason.NOT_FOUND), id="no collection"),
        pytest.param("collection_id_mismatch", {}, (Status.FAILED, Reason.NOT_FOUND), id="under another id"),
        pytest.param("key_invalid", {}, (Status.ERRORED, Reason.INTERNAL), id="key revoked"),
        pytest.param("key_scope", {}, (Status.ERRORED, Reason.INTERNAL), id="key without scope"),
        pytest.param(
            "function_failed",
            {"how": "missing", "function": "sendChatMessage"},
            (Status.FAILED, Reason.WRONG_ANSWER),
            id="no function",
        ),
        pytest.param("api_disabled", {}, (Status.PASSED, None), id="switched off for users"),
        pytest.param("origin_blocked", {}, (Status.PASSED, None), id="origin blocked"),
        pytest.param("realtime_gone", {}, (Status.PASSED, None), id="no realtime"),
        pytest.param("page_stuck_connecting", {}, (Status.PASSED, None), id="the page does wrong"),
        pytest.param("page_socket_storm", {}, (Status.PASSED, None), id="the page names nothing"),
    ],
)
async def test_tells_the_backends_faults_from_the_sites(
    platform: Platform, fault: str, parameters: dict[str, object], expected: object
) -> None:
    platform.sandbox.faults.switch_on(fault, **parameters)

    outcome = await platform.run(of_sandbox(functions=True))

    assert (outcome.status, outcome.reason) == expected, outcome.message


async def test_reads_a_minified_bundle_to_its_last_chunk(platform: Platform, host: Host) -> None:
    outcome = await platform.run(bundle_contract(page=host.address))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    assert host.asked == ["/", "/assets/index-4f2a.js", "/assets/vendor-91bc.js", "/assets/Chat-0d1e.js"]


async def test_tells_everything_in_all_files_at_once(platform: Platform, host: Host) -> None:
    host.change("/assets/index-4f2a.js", platform.sandbox.endpoint, "https://fra.cloud.appwrite.io/v1")
    host.change("/assets/index-4f2a.js", 'n="monitored-app"', 'n="other-app"')
    host.change("/assets/index-4f2a.js", 'bookings:"bookings"', 'bookings:"therapists_collection_id"')
    host.change("/assets/Chat-0d1e.js", '"notifications"', '""')
    host.files["/assets/vendor-91bc.js"] = (200, HTML, PAGE)

    outcome = await platform.run(bundle_contract(page=host.address, collections={"booking": "bookings"}))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.WRONG_ANSWER)
    assert outcome.evidence["mismatches"] == (
        Mismatch.STALE_FILE,
        Mismatch.OTHER_ENDPOINT,
        Mismatch.OTHER_PROJECT,
        Mismatch.EMPTY_ID,
        Mismatch.OTHER_COLLECTION,
    )
    assert "(and 4 more)" in outcome.message


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        pytest.param((200, HTML, PAGE), "answered text/html, expected JavaScript", id="HTML by a fallback"),
        pytest.param((404, HTML, "not found"), "answered 404, expected 200", id="gone"),
        pytest.param((200, "text/plain", CHAT), "answered text/plain, expected JavaScript", id="what browsers refuse"),
    ],
)
@pytest.mark.parametrize("path", ["/assets/index-4f2a.js", "/assets/Chat-0d1e.js"])
async def test_a_page_of_another_deployment_than_its_scripts_is_stale(
    platform: Platform, host: Host, path: str, answer: tuple[int, str, str], words: str
) -> None:
    host.files[path] = answer

    outcome = await platform.run(bundle_contract(page=host.address))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.WRONG_ANSWER)
    assert outcome.evidence["mismatches"] == (Mismatch.STALE_FILE,)
    assert outcome.message.startswith(f"script {path} {words}")


@pytest.mark.parametrize(
    ("path", "answer", "reason", "words"),
    [
        pytest.param("/", (503, HTML, ""), Reason.HTTP_STATUS, "answered 503, expected 200", id="page down"),
        pytest.param("/", (404, HTML, ""), Reason.HTTP_STATUS, "answered 404, expected 200", id="no page"),
        pytest.param("/", (301, HTML, ""), Reason.HTTP_STATUS, "set page to the address", id="page moved"),
        pytest.param("/", (200, "text/plain", "hello"), Reason.WRONG_ANSWER, "expected HTML", id="no HTML"),
        pytest.param("/assets/index-4f2a.js", (500, HTML, ""), Reason.HTTP_STATUS, "answered 500", id="script down"),
        pytest.param(
            "/assets/index-4f2a.js", (200, SCRIPT, "a" * (6 << 20)), Reason.PROTOCOL, "more than 5 MiB", id="giant"
        ),
    ],
)
async def test_says_when_a_file_cannot_be_had(
    platform: Platform, host: Host, path: str, answer: tuple[int, str, str], reason: Reason, words: str
) -> None:
    host.files[path] = answer

    outcome = await platform.run(bundle_contract(page=host.address))

    assert (outcome.status, outcome.reason) == (Status.FAILED, reason)
    assert words in outcome.message


async def test_a_site_that_cannot_be_reached_is_told_by_its_connection(platform: Platform) -> None:
    outcome = await platform.run(bundle_contract(page="http://127.0.0.1:1/"))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.CONNECTION)


async def test_reads_an_env_file_beside_the_page(platform: Platform, host: Host) -> None:
    host.files["/env"] = (
        200,
        "text/plain",
        "VITE_APPWRITE_PROJECT_ID=monitored-app\nVITE_CHAT_COLLECTION_ID=Messages\n",
    )

    outcome = await platform.run(bundle_contract(page=host.address, files=["env"]))

    assert outcome.evidence["flaws"] == (
        "/env names collection 'Messages' (VITE_CHAT_COLLECTION_ID), which does not exist",
    )


async def test_what_the_manifest_declares_is_expected_too_unless_two_read_alike() -> None:
    check = bundle_contract(collections={"menus": "menu"})
    assert isinstance(check, BundleContract)
    manifest = Manifest.model_validate({"collections": {"bookings": {}, "chats": {}, "chat_collection_id": {}}})

    assert check._expected(manifest) == {"booking": "bookings", "menu": "menu"}


async def test_captures_what_only_the_configuration_can_know(platform: Platform, host: Host) -> None:
    host.change("/assets/Chat-0d1e.js", "export", 'const q=chatOf("chat-of-old");export')
    pattern = {"captures": "project", "pattern": r'chatOf\("([^"]*)"\)'}

    outcome = await platform.run(bundle_contract(page=host.address, patterns={"chat project": pattern}))

    assert outcome.evidence["flaws"] == (
        "/assets/Chat-0d1e.js names project 'chat-of-old' (chat project), expected 'monitored-app'",
    )


async def test_what_is_ignored_is_not_judged(platform: Platform, host: Host) -> None:
    host.change("/assets/Chat-0d1e.js", '"notifications"', '"gone_for_good"')

    judged = await platform.run(bundle_contract(page=host.address))
    ignored = await platform.run(bundle_contract(page=host.address, ignore=["gone_for_good"]))

    assert (judged.status, ignored.status) == (Status.FAILED, Status.PASSED)


async def test_asks_no_host_that_is_not_the_sites_or_listed(platform: Platform, host: Host) -> None:
    other = host.address.replace("127.0.0.1", "localhost")
    host.change("/", 'src="/assets', f'src="{other}assets')
    host.change("/", '<link rel="modulepreload" href="/assets/vendor-91bc.js">', "")

    await platform.run(bundle_contract(page=host.address))
    unlisted = list(host.asked)
    await platform.run(bundle_contract(page=host.address, hosts=[other.removeprefix("http://").rstrip("/")]))

    assert unlisted == ["/"]
    assert "/assets/Chat-0d1e.js" in host.asked


async def test_a_site_of_many_files_is_read_up_to_a_bound(platform: Platform, host: Host) -> None:
    scripts = "".join(f'<script src="/{number}.js"></script>' for number in range(80))
    host.files = {"/": (200, HTML, scripts)} | {f"/{number}.js": (200, SCRIPT, "1") for number in range(80)}

    outcome = await platform.run(bundle_contract(page=host.address))

    assert outcome.status is Status.PASSED
    assert len(host.asked) == 50
    assert (outcome.evidence["files"], outcome.evidence["files_left_unread"]) == (50, 31)


async def test_a_large_site_is_read_up_to_a_bound(
    platform: Platform, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deployed, "_MAX_BYTES", len(PAGE) + 10)

    await platform.run(bundle_contract(page=host.address))

    assert host.asked == ["/", "/assets/index-4f2a.js"]


async def test_a_pattern_that_goes_astray_in_a_hostile_bundle_is_ended(platform: Platform, host: Host) -> None:
    host.files["/assets/Chat-0d1e.js"] = (200, SCRIPT, "a" * 60 + "!")
    astray = {"captures": "project", "pattern": r"((?:a+)+)$"}
    before = set(psutil.Process().children())

    outcome = await asyncio.wait_for(
        platform.run(bundle_contract(page=host.address, patterns={"astray": astray}, timeout="5s")), 8.0
    )

    assert (outcome.status, outcome.reason) == (Status.ERRORED, Reason.INTERNAL)
    assert "simplify the patterns" in outcome.message
    left = set(psutil.Process().children()) - before
    assert not [each for each in left if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]


async def test_without_a_site_and_without_a_page_nothing_can_be_read() -> None:
    check = bundle_contract()

    with pytest.raises(OwnFault, match=r"set target\.site, or page"):
        await check.run(Run(surroundings(SystemClock()), timeout_seconds=check.timeout_seconds))


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"patterns": {"a": {"captures": "project", "pattern": "a"}}}, id="pattern without a group"),
        pytest.param({"patterns": {"a": {"captures": "project", "pattern": "(a)(b)"}}}, id="pattern with two"),
        pytest.param({"patterns": {"a": {"captures": "project", "pattern": "("}}}, id="no pattern"),
        pytest.param({"patterns": {"a": {"captures": "bucket", "pattern": "(a)"}}}, id="what cannot be looked up"),
        pytest.param({"collections": {"bookings": "Chat Messages"}}, id="no id"),
        pytest.param({"files": ["http://a:b@example.com/x"]}, id="password in an address"),
        pytest.param({"hosts": ["https://cdn.example.com"]}, id="an address for a host"),
    ],
)
async def test_refuses_what_cannot_be_meant(settings: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        bundle_contract(**settings)

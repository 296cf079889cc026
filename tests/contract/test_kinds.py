"""
What every kind keeps, whatever it asks; a new kind is picked up by itself.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from monitor import demo
from monitor.config import load_settings
from monitor.config.load import load_manifest
from monitor.core.check import Check
from monitor.core.leftover import MARK
from monitor.core.outcome import Reason, Status
from monitor.manual import manual_of
from monitor.registry import Registry, load_registry
from tests.conftest import Platform
from tests.tools import require

REGISTRY = load_registry()
KINDS = [pytest.param(kind, id=name) for name, kind in sorted(REGISTRY.kinds.items())]
# The programs that a kind runs.
# Kinds that judge the machine of the monitor: they err, and never say that the platform failed.
OWN = {"own_network"}
# Places that have nothing to do with the platform; here it has to be them too.
ELSEWHERE = ("https://example.com", "https://example.org")
NEEDS = {"booking_in_browser": "chromium"}
MANIFEST = demo.CONFIG.with_name("demo.manifest.yaml")
SECRET = "standard_" + "5ec4e7" * 10

CONFIG = """
target:
  name: test
  endpoint: {endpoint}
  project: monitored-app
  database: 68f76ee1000e64ca8d05
  api_key: {key}
  site: {site}
identities:
  guest: {{kind: guest}}
  customer: {{kind: user, user_id: synthetic-customer}}
  therapist: {{kind: user, user_id: synthetic-therapist}}
  stranger: {{kind: user, user_id: synthetic-stranger}}
  login: {{kind: password, email: synthetic-customer@example.com, password: "5ec4e7-of-nobody"}}
manifest: {manifest}
checks:
"""


def example_of(kind: type[Check], folder: Path, endpoint: str = "http://127.0.0.1:1/v1") -> Check:
    """
    Return the check that the example in the manual configures, through the real configuration.
    """
    example = manual_of(kind).example.replace("https://syd.cloud.appwrite.io/v1", endpoint)
    for place in ELSEWHERE:
        example = example.replace(place, endpoint.removesuffix("/v1"))
    path = folder / "monitor.yaml"
    indented = "".join(f"  {line}\n" for line in example.splitlines())
    places = {"endpoint": endpoint, "site": endpoint.removesuffix("/v1"), "manifest": MANIFEST}
    path.write_text(CONFIG.format(**places, key=SECRET) + indented)
    settings = load_settings(path, REGISTRY, {})
    return next(iter(settings.checks.values()))


@pytest.fixture(autouse=True)
def declared(platform: Platform) -> None:
    platform.manifest = load_manifest(MANIFEST, {})


@dataclass(frozen=True, slots=True)
class Hanging:
    """
    A server that accepts connections and says nothing; *reached* tells of the first.
    """

    endpoint: str
    reached: asyncio.Event


@pytest_asyncio.fixture
async def hanging() -> AsyncIterator[Hanging]:
    reached = asyncio.Event()

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reached.set()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    yield Hanging(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", reached)
    server.close()


def test_every_module_of_checks_is_a_kind() -> None:
    modules = {path.stem for path in Path("checks").glob("*.py")} - {"__init__"}

    assert REGISTRY.kinds.keys() >= modules
    assert not REGISTRY.problems


@pytest.mark.parametrize("kind", KINDS)
def test_the_manual_has_every_heading(kind: type[Check]) -> None:
    manual = manual_of(kind)

    assert manual.summary.endswith(".")
    assert bool(manual.fails_as) is (kind.kind() not in OWN)
    assert manual.reasons > manual.fails_as.keys()
    assert not manual.reasons & {Reason.SLOW, Reason.NOT_STARTED, Reason.INTERNAL}


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_the_manual_is_a_valid_configuration(kind: type[Check], tmp_path: Path) -> None:
    check = example_of(kind, tmp_path)

    assert isinstance(check, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_every_setting_is_described(kind: type[Check]) -> None:
    undescribed = [name for name, field in kind.model_fields.items() if not field.description]

    assert undescribed == []


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", KINDS)
async def test_a_server_that_says_nothing_ends_as_a_timeout_within_the_deadline_and_a_second(
    kind: type[Check], tmp_path: Path, hanging: Hanging, platform: Platform
) -> None:
    check = example_of(kind, tmp_path, hanging.endpoint).model_copy(update={"timeout_seconds": 0.5})

    outcome = await platform.run(check, endpoint=hanging.endpoint)

    judged = (Status.ERRORED, Reason.INTERNAL) if kind.kind() in OWN else (Status.FAILED, Reason.TIMEOUT)
    assert (outcome.status, outcome.reason) == judged
    assert outcome.duration_seconds < 1.5
    assert len(outcome.message) <= 200


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", KINDS)
async def test_cancellation_passes(kind: type[Check], tmp_path: Path, hanging: Hanging, platform: Platform) -> None:
    runner = platform.runner(endpoint=hanging.endpoint)
    running = asyncio.create_task(runner.run_now(example_of(kind, tmp_path, hanging.endpoint)))
    # Or it would be stopped before the check is asked for anything.
    await hanging.reached.wait()

    await runner.stop(patience_seconds=0.0)

    assert await running is None
    assert not platform.outcomes


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", KINDS)
async def test_no_secret_is_in_outcome_or_check(kind: type[Check], tmp_path: Path, platform: Platform) -> None:
    check = example_of(kind, tmp_path, platform.sandbox.endpoint)

    outcome = await platform.run(check, api_key=SECRET)

    assert SECRET not in f"{outcome!r} {check!r}"


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", KINDS)
async def test_nothing_is_left_in_the_target(kind: type[Check], tmp_path: Path, platform: Platform) -> None:
    if kind.kind() in NEEDS:
        require(NEEDS[kind.kind()])
    users_before = set(platform.sandbox.world.accounts.users)

    outcome = await platform.run(example_of(kind, tmp_path, platform.sandbox.endpoint))

    world = platform.sandbox.world
    assert {step.name for step in outcome.steps} <= set(manual_of(kind).steps)
    assert outcome.status is Status.PASSED, outcome.message
    assert not [id_ for each in world.collections.values() for id_ in each.documents if id_.startswith(MARK)]
    assert set(world.accounts.users) == users_before
    assert not [user.id for user in world.accounts.users.values() if user.sessions]


def test_a_kind_that_cannot_be_imported_is_a_problem_with_its_name_and_harms_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken.py").write_text("import nowhere_to_be_found\n")
    metadata = tmp_path / "broken-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1\n")
    (tmp_path / "mute.py").write_text("from monitor.core.check import Check\nclass Mute(Check): ...\n")
    (metadata / "entry_points.txt").write_text(
        "[monitor.checks]\nbroken = broken\nhttp_endpoint = broken\nmute = mute\n"
    )
    monkeypatch.syspath_prepend(tmp_path)

    registry: Registry = load_registry()

    assert registry.kinds.keys() == REGISTRY.kinds.keys()
    assert "No module named 'nowhere_to_be_found'" in registry.problems["broken"]
    assert "kind 'mute' has no Talks to, Steps, Fails as, Leaves, Example" in registry.problems["mute"]
    assert "registered twice" in registry.problems["http_endpoint"]

"""
Every fault of the sandbox against every check of the demo, cell by cell.
"""

from pathlib import Path

import pytest
import pytest_asyncio
import yaml

from monitor import demo
from monitor.registry import load_registry
from monitor.sandbox.faults.catalogue import FAULTS
from monitor.sandbox.faults.phrases import parse_fault
from tests.matrix.expectation import load_expectations
from tests.matrix.report import wrong_cells
from tests.matrix.round import VARIANTS, Variant, found, found_all

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
in_one_loop = pytest.mark.asyncio(loop_scope="module")

# What the demo has not got: a browser, and a network of its own to look at.
ELSEWHERE = {"booking_in_browser", "own_network"}
CHECKS = yaml.safe_load(Path(demo.CONFIG).read_text())["checks"]
EXPECTED = load_expectations(list(CHECKS))
# On the other variants a fault of each layer.
SAMPLE = ("proxy", "key_invalid", "collection_missing", "schema_drift", "permission_excess", "realtime_silent")
OTHERS = [(variant, phrase) for variant in VARIANTS[1:] for phrase in SAMPLE]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def seen() -> dict[str, dict[str, str]]:
    return await found_all(EXPECTED, Variant())


def test_every_fault_is_there_and_every_kind() -> None:
    kinds = {check["kind"] for check in CHECKS.values()}

    assert {parse_fault(phrase)[0].partition("@")[0] for phrase in EXPECTED} == FAULTS.keys()
    assert kinds == load_registry().kinds.keys() - ELSEWHERE


@in_one_loop
@pytest.mark.parametrize("phrase", EXPECTED)
async def test_each_check_finds_what_it_must(seen: dict[str, dict[str, str]], phrase: str) -> None:
    assert wrong_cells({phrase: EXPECTED[phrase]}, seen) == []


@in_one_loop
@pytest.mark.parametrize(("variant", "phrase"), OTHERS, ids=[f"{variant}-{phrase}" for variant, phrase in OTHERS])
async def test_each_check_finds_it_on_the_other_variants_too(variant: Variant, phrase: str) -> None:
    assert wrong_cells({phrase: EXPECTED[phrase]}, {phrase: await found(phrase, variant)}) == []


@in_one_loop
@pytest.mark.parametrize("variant", VARIANTS, ids=str)
async def test_nothing_is_found_without_a_fault(variant: Variant) -> None:
    assert await found("", variant) == dict.fromkeys(CHECKS, "passed")

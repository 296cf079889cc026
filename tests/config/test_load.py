from pathlib import Path

import pytest

from monitor.config import load_settings
from monitor.core.errors import ConfigError
from tests.config.example import CHECK, GOOD, KEY_LINE, REGISTRY, SECRET, Probe, key_of, load, problems


def test_loads_the_checks_as_their_kinds_in_the_order_of_the_file() -> None:
    settings = load()

    chat = Probe.model_validate({"name": "chat-delivery", "every": "60s", "timeout": "15s"})
    flow = Probe.model_validate({"name": "flow", "every": "2m", "reader": "customer"})
    assert list(settings.checks.items()) == [("chat-delivery", chat), ("flow", flow)]


def test_reads_every_section() -> None:
    more = "engine: {concurrency: 7, clean_up: 1m}\nweb: {listen: '[::1]:0'}\nlog: {level: debug, format: json}\n"

    settings = load(GOOD + more)

    assert (settings.engine.concurrency, settings.engine.clean_up_seconds) == (7, 60.0)
    assert (settings.web.listen, settings.log.level, settings.log.format) == ("[::1]:0", "debug", "json")
    assert settings.target.endpoint == "https://host/v1"


@pytest.mark.parametrize(
    ("sources", "key"),
    [
        pytest.param(("variable", "yaml-file", "mounted"), "from-variable", id="variable"),
        pytest.param(("variable", "mounted", "yaml"), "from-variable", id="variable-over-yaml"),
        pytest.param(("variable-file", "yaml-file", "mounted"), "from-variable-file", id="file-named-by-variable"),
        pytest.param(("yaml-file", "mounted"), "from-yaml-file", id="file-named-in-yaml"),
        pytest.param(("mounted", "yaml"), "from-mounted", id="mounted-file"),
        pytest.param(("yaml",), SECRET, id="yaml"),
        pytest.param((), None, id="default"),
    ],
)
def test_the_higher_source_wins(sources: tuple[str, ...], key: str | None) -> None:
    Path("variable-file").write_text("from-variable-file\n")
    Path("yaml-file").write_text("from-yaml-file\n")
    Path("mounted").mkdir()
    Path("mounted/monitor_target__api_key").write_text("from-mounted\n")
    variables = {
        "variable": ("MONITOR_TARGET__API_KEY", "from-variable"),
        "variable-file": ("MONITOR_TARGET__API_KEY_FILE", "variable-file"),
        "mounted": ("MONITOR_SECRETS_DIR", "mounted"),
    }
    lines = {"yaml": KEY_LINE, "yaml-file": "  api_key_file: yaml-file\n"}
    text = GOOD.replace("    kind: user\n    user_id: c1\n", "    kind: guest\n")
    text = text.replace(KEY_LINE, "".join(line for source, line in lines.items() if source in sources))

    settings = load(text, dict(variables[source] for source in sources if source in variables))

    assert key_of(settings) == key


def test_tells_every_problem_at_once_in_order_of_place() -> None:
    text = """\
target: {name: p, endpoint: https://host, project: p, database: d, api_key: ${KEY}}
identities: {guest: {kind: gest}}
checks:
  a: {kind: probe, every: 5, evry: 1, every: 2}
  a: {kind: probe}
  b:
    kind: probe
    timeout: 2m
    reader: gest
    collection: &x !!set y
  c: {kind: prob, every: 1ms}
nonsense: 1
"""

    found = problems(
        text.replace("${KEY}", "'${KEY}'"), {"MONITOR_LOG__LEVEL": "loud", "MONITOR_CHECKS__D__EVERY": "5s"}
    )

    assert [problem.split(": ")[:2] for problem in found] == [
        ["1:29", "target.endpoint"],
        ["1:77", "target.api_key"],
        ["2:28", "identities.guest.kind"],
        ["4:27", "checks.a.every"],
        ["4:30", "checks.a.evry"],
        ["4:39", "checks.a.every"],
        ["5:3", "checks.a"],
        ["8:14", "checks.b.timeout"],
        ["9:13", "checks.b.reader"],
        ["10:17", "checks.b.collection"],
        ["11:13", "checks.c.kind"],
        ["11:26", "checks.c.every"],
        ["12:1", "nonsense"],
        ["environment variable MONITOR_CHECKS__D__EVERY", "names no setting"],
        ["environment variable MONITOR_LOG__LEVEL", "log.level"],
    ]


def test_names_the_file_as_it_was_given(tmp_path: Path) -> None:
    path = tmp_path / "etc" / "other.yaml"
    path.parent.mkdir()
    path.write_text(GOOD + "nonsense: 1")

    with pytest.raises(ConfigError) as refusal:
        load_settings(path, REGISTRY, {})

    assert refusal.value.problems[0].startswith(f"{path}:19:1: nonsense: unknown key")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            CHECK,
            "    kind: probe\n",
            "17:5: checks.chat-delivery.kind: given twice, first on line 15: remove one of them",
            id="key-given-twice",
        ),
        pytest.param(
            f"api_key: {SECRET}",
            "api_key_file: ${NONE}",
            "6:17: target.api_key_file: environment variable NONE is not set: set it, or write ${NONE:-default}",
            id="undefined-variable-as-a-file",
        ),
        pytest.param(
            "location: fra1",
            "location: ${WHERE}",
            "7:11: location: environment variable WHERE is not set: set it, or write ${WHERE:-default}",
            id="undefined-variable-and-nothing-more",
        ),
        pytest.param(
            CHECK,
            "    count: !!int '5'\n",
            "17:12: checks.chat-delivery.count: tag !!int is not allowed: write the plain value",
            id="tag-and-nothing-more",
        ),
    ],
)
def test_a_problem_of_the_file_itself_is_told_alone(old: str, new: str, expected: str) -> None:
    text = GOOD.replace(old, new, 1)

    found = problems(text)

    assert text != GOOD
    assert found == expected.split("\n")

import os
import re
from pathlib import Path

import pytest

from monitor.config.problem import Position
from monitor.config.yaml_file import MAX_FILE_BYTES, read_document
from monitor.config.yaml_nodes import MAX_DEPTH
from monitor.core.errors import ConfigError
from tests.config.test_document import document

BILLION_LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            "", "monitor.yaml: is empty: name another with -c, or start from the smallest one in the README", id="empty"
        ),
        pytest.param(
            "# x\n",
            "monitor.yaml: is empty: name another with -c, or start from the smallest one in the README",
            id="comment",
        ),
        pytest.param(
            "- a\n- b",
            "monitor.yaml:1:1: must be a mapping with the keys target and checks, got a list",
            id="list",
        ),
        pytest.param(
            "\n  hunter2",
            "monitor.yaml:2:3: must be a mapping with the keys target and checks, got a single value",
            id="scalar",
        ),
        pytest.param("a: b: c", r"monitor.yaml:1:5: not valid YAML: mapping values are not allowed", id="syntax"),
        pytest.param("a: {b: ${C}}", "inside { } and [ ] put a value with ${…} in quotes", id="variable-in-flow"),
        pytest.param("a: 1\n---\nb: 2", "monitor.yaml:2:1: not valid YAML: expected a single document", id="documents"),
        pytest.param("a: *b", "monitor.yaml:1:4: not valid YAML: found undefined alias", id="undefined-alias"),
        pytest.param("a: x\nb: \x07", "monitor.yaml:2:4: control character '\\x07': remove it", id="control-character"),
        pytest.param(BILLION_LAUGHS, "more than 100,000 values or 50 levels with aliases (*name) expanded", id="bomb"),
        pytest.param(
            "a: &a [*a]", "more than 100,000 values or 50 levels with aliases (*name) expanded", id="recursion"
        ),
        pytest.param(
            "a: " + "[" * 500_000 + "]" * 500_000,
            f"nested deeper than {MAX_DEPTH} levels",
            id="would-overflow-the-stack",
        ),
        pytest.param("- " * 60 + "x", f"nested deeper than {MAX_DEPTH} levels", id="deep-block"),
    ],
)
def test_refuses_what_holds_no_mapping(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)) as refusal:
        document(text)

    assert len(refusal.value.problems) == 1


def test_refuses_a_file_that_is_not_there() -> None:
    with pytest.raises(ConfigError) as refusal:
        read_document(Path("none.yaml"), {})

    message = "none.yaml: no such file: name another with -c, or start from the smallest one in the README"
    assert refusal.value.problems == (message,)


def test_refuses_a_directory() -> None:
    Path("etc").mkdir()

    with pytest.raises(ConfigError) as refusal:
        read_document(Path("etc"), {})

    assert refusal.value.problems == ("etc: is a directory, expected a YAML file: name the file in it",)


def test_refuses_a_file_that_cannot_be_read() -> None:
    Path("loop.yaml").symlink_to("loop.yaml")

    with pytest.raises(ConfigError) as refusal:
        read_document(Path("loop.yaml"), {})

    message = "loop.yaml: cannot be read: Too many levels of symbolic links: check owner and mode of the file"
    assert refusal.value.problems == (message,)


def test_refuses_what_is_not_utf_8() -> None:
    Path("latin.yaml").write_bytes(b"a: 1\nb: caf\xe9\n")

    with pytest.raises(ConfigError) as refusal:
        read_document(Path("latin.yaml"), {})

    assert refusal.value.problems == ("latin.yaml:2: not UTF-8 text: save the file as UTF-8",)


def test_refuses_a_huge_file() -> None:
    Path("huge.yaml").write_bytes(b"#" * (MAX_FILE_BYTES + 1))

    with pytest.raises(ConfigError) as refusal:
        read_document(Path("huge.yaml"), {})

    assert refusal.value.problems == ("huge.yaml: larger than 4 MiB: is this the right file?",)


def test_reads_a_file_with_a_byte_order_mark() -> None:
    read = document("\ufeffa: 1")

    assert (read.data, read.position(("a",))) == ({"a": 1}, Position(line=1, column=4))


def test_refuses_a_pipe_to_which_nobody_may_ever_write(tmp_path: Path) -> None:
    path = tmp_path / "monitor.yaml"
    os.mkfifo(path)

    with pytest.raises(ConfigError, match="is no regular file"):
        read_document(path, {})

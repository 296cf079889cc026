from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from monitor.config import load_settings
from monitor.config.load import load_manifest
from monitor.config.manifest_yaml import manifest_yaml, write_file
from monitor.core.errors import ConfigError
from monitor.core.manifest import DeclaredAttribute, DeclaredCollection, Manifest, Writer
from tests.config.example import GOOD, REGISTRY, load, problems

MANIFEST = """\
database: main
collections:
  bookings:
    permissions: ['create("users")']
    attributes:
      status: {type: enum, elements: [open, closed], required: true}
      minutes: {type: integer, min: 0, max: 600}
    indexes:
      by_status: {type: key, attributes: [status]}
    writers:
      form: {roles: [users], writes: {status: open, minutes: null}}
"""


def told(text: str) -> list[str]:
    """
    Return what is wrong with a manifest of this *text*, when the configuration names it.
    """
    Path("manifest.yaml").write_text(text)
    found = problems(GOOD + "manifest: manifest.yaml\n")
    return [problem.removeprefix("manifest.yaml:") for problem in found]


def test_the_manifest_is_read_beside_the_configuration_that_names_it(tmp_path: Path) -> None:
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "manifest.yaml").write_text(MANIFEST)
    (folder / "monitor.yaml").write_text(GOOD + "manifest: manifest.yaml\n")

    settings = load_settings(folder / "monitor.yaml", REGISTRY, {})

    assert settings.manifest_path == folder / "manifest.yaml"
    assert settings.manifest == load_manifest(folder / "manifest.yaml")
    assert settings.manifest is not None
    assert settings.manifest.collections["bookings"].attributes["minutes"].max == 600


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            """'create("users")'""",
            "'create(users)'",
            [
                "4:19: collections.bookings.permissions[0]: 'create(users)' is no permission: expected such as"
                ' read("any") or update("team:ID/ROLE")'
            ],
            id="permission-without-quotes",
        ),
        pytest.param(
            "roles: [users]",
            "roles: [everybody]",
            [
                "11:22: collections.bookings.writers.form.roles[0]: 'everybody' is no role: expected any, guests,"
                " users, user:ID, team:ID, team:ID/ROLE, label:NAME"
            ],
            id="no-role",
        ),
        pytest.param(
            "type: integer",
            "type: intger",
            [
                "7:23: collections.bookings.attributes.minutes.type: unknown type 'intger': did you mean integer?",
            ],
            id="misspelt-type",
        ),
        pytest.param(
            "type: key",
            "type: kee",
            ["9:25: collections.bookings.indexes.by_status.type: unknown type 'kee': did you mean key?"],
            id="misspelt-index-type",
        ),
        pytest.param(
            "min: 0",
            "min: 900",
            ["7:7: collections.bookings.attributes.minutes: min 900 is above max 600: no value would fit"],
            id="empty-range",
        ),
        pytest.param(
            "elements: [open, closed], ",
            "",
            ["6:7: collections.bookings.attributes.status: an enum needs elements: name its values"],
            id="enum-without-elements",
        ),
        pytest.param(
            "type: integer",
            "typ: integer",
            [
                "7:7: collections.bookings.attributes.minutes.type: is missing: add it",
                "7:17: collections.bookings.attributes.minutes.typ: unknown key: did you mean type?",
            ],
            id="key-of-an-attribute",
        ),
        pytest.param(
            "max: 600",
            "max: many",
            ["7:45: collections.bookings.attributes.minutes.max: must be a number, got many"],
            id="text-for-a-bound",
        ),
        pytest.param(
            "max: 600",
            "max: nan",
            ["7:45: collections.bookings.attributes.minutes.max: must be a finite number, got nan"],
            id="bound-that-is-none",
        ),
        pytest.param(
            "[open, closed]",
            "open",
            ["6:38: collections.bookings.attributes.status.elements: must be a list, got open"],
            id="text-for-elements",
        ),
        pytest.param(
            "[status]}",
            "[]}",
            ["9:42: collections.bookings.indexes.by_status.attributes: must have at least 1 entries, got a list"],
            id="index-on-nothing",
        ),
        pytest.param(
            "  bookings:",
            "  Chat Messages:",
            [
                "3:3: collections.Chat…: 'Chat Messages' is not an Appwrite id: 1 to 36 of letters, digits, '.', '_',"
                " '-', and a letter or digit first (the id, not the display name)"
            ],
            id="display-name-for-an-id",
        ),
        pytest.param(
            "    writers:",
            "    writters:",
            ["10:5: collections.bookings.writters: unknown key: did you mean writers?"],
            id="section-of-a-collection",
        ),
    ],
)
def test_a_mistake_in_the_manifest_is_told_with_its_place_and_remedy(old: str, new: str, expected: list[str]) -> None:
    assert MANIFEST.count(old) == 1

    assert told(MANIFEST.replace(old, new)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", "is empty: `monitor manifest pull` writes one", id="empty"),
        pytest.param("- a\n", "must be a mapping with the keys collections, got a list", id="a-list"),
        pytest.param("database: main\n", "collections: is missing: add it", id="without-collections"),
    ],
)
def test_a_file_that_is_no_manifest_is_told_with_the_way_to_one(text: str, expected: str) -> None:
    (problem,) = told(text)

    assert problem.endswith(expected)


def test_the_mistakes_of_both_files_are_told_at_once() -> None:
    Path("manifest.yaml").write_text("collections: {a: {enabled: perhaps}}")

    found = problems(GOOD.replace("every: 60s", "every: 60") + "manifest: manifest.yaml\n")

    assert [problem.split(": ")[0] for problem in found] == ["16:12", "manifest.yaml:1:28"]


def test_a_manifest_that_is_not_there_is_told_with_the_command_that_writes_it() -> None:
    assert problems(GOOD + "manifest: none.yaml\n") == ["none.yaml: no such file: `monitor manifest pull` writes one"]


def test_who_writes_the_manifest_does_not_need_it() -> None:
    Path("monitor.yaml").write_text(GOOD + "manifest: none.yaml\n")

    settings = load_settings(Path("monitor.yaml"), REGISTRY, {}, without_manifest=True)

    assert (settings.manifest, settings.manifest_path) == (None, Path("none.yaml"))
    assert load().manifest_path is None


@pytest.mark.parametrize("value", ["5", "[a]", "''"])
def test_what_is_no_path_of_a_manifest_is_refused(value: str) -> None:
    (problem,) = problems(GOOD + f"manifest: {value}\n")

    assert problem.startswith("19:11: manifest: must be the path of a manifest")


_TEXTS = st.text(max_size=12) | st.sampled_from(
    ["no", "${HOME}", "$${x}", "1.5e5", "~", "12", "a: b # c", " ", "é\n\x07"]
)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**16), 10**16) | _TEXTS, lambda inner: st.lists(inner, max_size=3)
)


@given(element=_TEXTS, default=_TEXTS | st.booleans(), written=_VALUES, key=st.text(min_size=1, max_size=9))
def test_whatever_is_written_is_read_as_it_was(element: str, default: str, written: JsonValue, key: str) -> None:
    attribute = DeclaredAttribute(type="enum", elements=(element, "x"), default=default, min=0.1, max=1e300)
    writer = Writer(action="update", writes={key: written})
    collection = DeclaredCollection(name=element, attributes={key: attribute}, writers={key: writer}, access={key: ()})
    manifest = Manifest(database="main", collections={"c": collection})
    path = Path("written.yaml")

    path.write_text(manifest_yaml(manifest))

    assert load_manifest(path, {}) == manifest


def test_a_file_is_replaced_wholly_and_keeps_its_mode_and_the_link_to_it(tmp_path: Path) -> None:
    file, link = tmp_path / "manifest.yaml", tmp_path / "link.yaml"
    file.write_text("before")
    file.chmod(0o600)
    link.symlink_to(file)

    write_file(link, "after")

    assert (file.read_text(), file.stat().st_mode & 0o777, link.is_symlink()) == ("after", 0o600, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.yaml", "manifest.yaml"]


def test_a_file_that_cannot_be_written_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()

    with pytest.raises(ConfigError, match=r"folder: cannot be written: .*: check the folder and its mode"):
        write_file(tmp_path / "folder", "text")

    assert [path.name for path in tmp_path.iterdir()] == ["folder"]

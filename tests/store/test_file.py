import asyncio
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.store import MIGRATIONS, Migration, Store, StoreError
from monitor.store.errors import damage
from monitor.store.files import damaged
from tests.store.rows import adding, fill, numbers, numbers_in, opened, use

CREATED = "CREATE TABLE diary (day TEXT NOT NULL)"
FILLED = "ALTER TABLE diary ADD COLUMN mood TEXT NOT NULL DEFAULT 'fair'"
Logs = pytest.CaptureFixture[str]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "monitor.db"


def doing(*statements: str) -> Migration:
    def migrate(connection: sqlite3.Connection) -> None:
        for statement in statements:
            connection.execute(statement)

    return migrate


def sql(path: Path, *statements: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        rows = [row for statement in statements for row in connection.execute(statement)]
        connection.commit()
        return rows


def test_a_new_file_is_for_its_user_only_and_its_folders_are_made(tmp_path: Path) -> None:
    path = tmp_path / "lib" / "monitor" / "monitor.db"

    async def modes() -> set[int]:
        async with opened(path) as store:
            await store.write(adding(1))
            return {stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}

    assert asyncio.run(modes()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_rights_of_a_file_that_is_there_are_left_alone(path: Path) -> None:
    fill(path, 1)
    path.chmod(0o640)

    assert use(path) == ""
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_the_room_of_what_is_deleted_can_be_given_back(path: Path) -> None:
    fill(path, 1)

    assert sql(path, "PRAGMA auto_vacuum", "PRAGMA journal_mode") == [(2,), ("wal",)]


def test_an_empty_file_is_a_new_one(path: Path) -> None:
    path.touch()

    assert use(path) == ""
    assert damaged(path) == []


def test_a_link_leads_to_the_file_and_stays(path: Path, tmp_path: Path) -> None:
    real = tmp_path / "data" / "real.db"
    path.symlink_to(real)

    assert use(path) == ""
    assert path.is_symlink()
    assert numbers_in(real) == {9_999}


def test_an_old_file_is_brought_forward_with_what_it_holds(path: Path) -> None:
    fill(path, 3)
    migrations = (*MIGRATIONS, doing(CREATED, "INSERT INTO diary VALUES ('Monday')"), doing(FILLED))

    fill(path, 0, migrations=migrations)
    fill(path, 0, migrations=migrations)

    assert sql(path, "SELECT * FROM diary", "PRAGMA user_version") == [("Monday", "fair"), (len(MIGRATIONS) + 2,)]
    assert numbers_in(path) == {0, 1, 2}


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_a_file_of_every_version_that_was_released_is_brought_to_ours(path: Path, version: int) -> None:
    fill(path, 3, migrations=(*MIGRATIONS[:version],))

    fill(path, 0)

    assert sql(path, "PRAGMA user_version") == [(len(MIGRATIONS),)]
    assert numbers_in(path) == {0, 1, 2}


def test_a_migration_that_fails_leaves_the_version_before_it(path: Path, capsys: Logs) -> None:
    fill(path, 3)
    created, broken = doing(CREATED), doing("INSERT INTO diary VALUES ('Monday')", "DROP TABLE nowhere")
    store = Store.open(path, migrations=(*MIGRATIONS, created, _only_on(path, broken)))
    store.close()

    assert "nowhere" in store.trouble
    assert sql(path, "SELECT * FROM diary", "PRAGMA user_version") == [(len(MIGRATIONS) + 1,)]
    assert numbers_in(path) == {0, 1, 2}


def _only_on(path: Path, migration: Migration) -> Migration:
    """
    Return *migration*, which leaves the memory alone.
    """

    def migrate(connection: sqlite3.Connection) -> None:
        if connection.execute("PRAGMA database_list").fetchone()[2] == str(path):
            migration(connection)

    return migrate


def test_a_migration_that_is_broken_is_no_matter_of_the_file() -> None:
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        Store.open(None, migrations=(doing("DROP TABLE nowhere"),))


@pytest.mark.parametrize(
    ("prepare", "remedy"),
    [
        pytest.param("PRAGMA user_version = 99", "upgrade monitor", id="newer"),
        pytest.param("PRAGMA user_version = 0", "another program's data", id="of-no-version"),
    ],
)
def test_a_file_that_is_not_for_us_is_not_touched(path: Path, prepare: str, remedy: str, capsys: Logs) -> None:
    fill(path, 3)
    sql(path, prepare)
    before = path.read_bytes()

    trouble = use(path)

    assert remedy in trouble
    assert str(path) in trouble
    assert path.read_bytes() == before
    assert capsys.readouterr().out.count("store.unusable") == 1
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_text_is_no_damaged_store_and_is_not_touched(path: Path, capsys: Logs) -> None:
    path.write_text("target:\n  name: production\n" * 500)

    trouble = use(path)

    assert "is a text and no store: give another path" in trouble
    assert (path.read_text()[:7], damaged(path)) == ("target:", [])
    assert "store.damaged" not in capsys.readouterr().out


def test_another_programs_file_is_not_touched(path: Path) -> None:
    sql(path, "CREATE TABLE recipe (name TEXT)", "PRAGMA user_version = 1")
    before = path.read_bytes()

    assert "another program's data" in use(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda path: path.mkdir(), id="folder"),
        pytest.param(os.mkfifo, id="pipe"),
        pytest.param(lambda path: path.symlink_to(path), id="link-to-itself"),
        pytest.param(lambda path: path.symlink_to("/dev/null"), id="device"),
    ],
)
def test_what_is_no_file_is_told_and_left_alone(path: Path, make: Callable[[Path], None]) -> None:
    make(path)
    before = path.lstat()

    trouble = use(path)

    assert "give another path, then restart" in trouble
    assert (path.lstat().st_ino, path.lstat().st_mode) == (before.st_ino, before.st_mode)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert str(tmp_path / "file") in use(tmp_path / "file" / "monitor.db")


def test_memory_after_trouble_stays_in_trouble_whatever_it_takes(tmp_path: Path, capsys: Logs) -> None:
    (tmp_path / "monitor.db").mkdir()

    trouble = use(tmp_path / "monitor.db")

    assert "in memory" in trouble
    assert "store.usable" not in capsys.readouterr().out


def scramble(path: Path) -> None:
    path.write_bytes(Random(1).randbytes(path.stat().st_size))


def blank(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def write_another_format(path: Path) -> None:
    path.write_bytes(b"\x89PNG\r\n\0" * 500)


def cut_a_half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def cut_a_page(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 4096)


def cut_within_a_page(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 5000)


def cut_to_a_line(path: Path) -> None:
    os.truncate(path, 16)


def scramble_the_middle(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(Random(1).randbytes(4096))


def blank_the_header(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(bytes(100))


def rename_a_column(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"run_id TEXT", b"ran_id TEXT"))


DAMAGES = [
    scramble,
    blank,
    write_another_format,
    cut_a_half,
    cut_a_page,
    cut_within_a_page,
    cut_to_a_line,
    scramble_the_middle,
    blank_the_header,
    rename_a_column,
]


@pytest.mark.parametrize("spoil", DAMAGES)
def test_a_damaged_file_is_moved_aside_and_a_new_one_begun(
    path: Path, spoil: Callable[[Path], None], capsys: Logs
) -> None:
    fill(path)
    spoil(path)
    found = path.read_bytes()

    trouble = use(path)

    assert (trouble, numbers_in(path)) == ("", {9_999})
    assert [each.read_bytes() for each in damaged(path)] == [found]
    assert capsys.readouterr().out.count("store.damaged") == 1


def test_damage_is_found_at_the_start_where_nobody_reads_it(path: Path) -> None:
    fill(path)
    scramble_the_middle(path)

    Store.open(path).close()

    assert len(damaged(path)) == 1


@pytest.mark.parametrize(
    ("most_pages", "found"), [pytest.param(2048, 1, id="small"), pytest.param(1, 0, id="too-large-to-check-fully")]
)
def test_an_index_that_contradicts_its_table_is_damage(
    path: Path, monkeypatch: pytest.MonkeyPatch, most_pages: int, found: int
) -> None:
    monkeypatch.setattr("monitor.store.database._MOST_PAGES_FULLY", most_pages)
    fill(path, 1)
    sql(
        path,
        "INSERT INTO writing VALUES ('in both', 1)",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = replace(sql, 'at)', '\"check\")') WHERE name = 'writing_check'",
    )

    Store.open(path).close()

    assert len(damaged(path)) == found


def test_a_file_that_takes_long_to_check_is_used_as_it_is(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.store.database._MOST_CHECK_SECONDS", 0.0)
    fill(path, 5_000)

    store = Store.open(path)
    store.close()

    assert (store.trouble, damaged(path)) == ("", [])


def test_a_file_of_a_format_that_sqlite_only_reads_is_told(path: Path) -> None:
    fill(path, 1)
    with path.open("r+b") as file:
        file.seek(18)
        file.write(b"\x03")

    assert "it is read-only" in use(path)


@pytest.mark.slow
@pytest.mark.parametrize("spoil", DAMAGES[:-1])
def test_damage_while_it_is_used_loses_no_write_after_it(
    path: Path, spoil: Callable[[Path], None], capsys: Logs
) -> None:
    async def lose() -> list[set[int]]:
        async with opened(path) as store:
            # What it has in memory would hide the damage.
            await store.write(lambda connection: connection.execute("PRAGMA cache_size = 1"))
            await store.write(lambda connection: connection.execute("PRAGMA shrink_memory"))
            spoil(path)
            seen = [
                {number} & await store.read(numbers) for number in range(600, 700) if await store.write(adding(number))
            ]
            assert store.trouble == ""
            return seen

    fill(path)
    seen = asyncio.run(lose())

    # Before the damage shows, what is written is lost with the file.
    assert seen[-50:] == [{number} for number in range(650, 700)]
    assert use(path) == ""
    assert len(damaged(path)) == 1


def test_the_files_beside_a_damaged_one_go_with_it(path: Path) -> None:
    fill(path, 3)
    with closing(sqlite3.connect(path)) as other:
        other.execute("INSERT INTO writing VALUES (1, 1)")
        other.commit()
        scramble(path)
        use(path)

    names = {each.name for each in path.parent.iterdir()}
    [moved] = damaged(path)
    assert names == {path.name, moved.name, f"{moved.name}-wal", f"{moved.name}-shm"}


def test_three_damaged_files_are_kept_and_none_of_another_name(path: Path) -> None:
    foreign = path.with_name("another.db.damaged-20200101T000000.000000Z")
    old = [path.with_name(f"{path.name}.damaged-2020010{day}T000000.000000Z") for day in range(1, 5)]
    for each in (foreign, *old):
        each.touch()
        Path(f"{each}-wal").touch()
    path.write_bytes(b"\0no database " * 500)

    use(path)

    kept = [foreign, *old[2:]]
    expected = {path, damaged(path)[-1], *kept, *(Path(f"{each}-wal") for each in kept)}
    assert set(path.parent.iterdir()) == expected


@pytest.mark.parametrize("gone", ["moved", "deleted"])
def test_what_is_written_after_the_file_was_taken_away_is_in_the_new_one(path: Path, gone: str, capsys: Logs) -> None:
    async def lose() -> set[int]:
        async with opened(path) as store:
            await store.write(adding(1))
            await store.read(numbers)
            for each in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
                each.rename(path.parent / f"old-{each.name}") if gone == "moved" else each.unlink()
            await store.write(adding(2))
            return await store.read(numbers)

    assert asyncio.run(lose()) == {2}
    assert numbers_in(path) == {2}
    assert "store.replaced" in capsys.readouterr().out


def test_a_file_taken_away_during_a_commit_is_written_again(path: Path) -> None:
    runs = []

    def takes_it_away(connection: sqlite3.Connection) -> None:
        runs.append(1)
        adding(3)(connection)
        if len(runs) == 1:
            path.rename(path.with_name("old.db"))

    async def lose() -> None:
        async with opened(path) as store:
            await asyncio.gather(store.write(adding(2)), store.write(takes_it_away), store.write(adding(4)))

    asyncio.run(lose())

    assert (len(runs), numbers_in(path) >= {3, 4}) == (2, True)


def test_a_work_is_judged_by_its_last_run(path: Path) -> None:
    def fails_on_the_old_file(connection: sqlite3.Connection) -> int:
        if path.exists() and 1 in numbers(connection):
            path.unlink()
            raise ValueError("of the old file")
        return adding(2)(connection)

    async def lose() -> int:
        async with opened(path) as store:
            await store.write(adding(1))
            return await store.write(fails_on_the_old_file)

    assert (asyncio.run(lose()), numbers_in(path)) == (2, {2})


def test_a_work_that_meets_damage_is_run_again_on_a_new_file(path: Path) -> None:
    def meets_damage(connection: sqlite3.Connection) -> int:
        if 1 in numbers(connection):
            raise damage("in the middle of a work")
        return adding(2)(connection)

    async def lose() -> int:
        async with opened(path) as store:
            await store.write(adding(1))
            return await store.write(meets_damage)

    assert (asyncio.run(lose()), numbers_in(path), len(damaged(path))) == (2, {2}, 1)


def test_who_finds_the_file_damaged_after_another_replaced_it_takes_the_new_one(path: Path, capsys: Logs) -> None:
    def finds_it_damaged(connection: sqlite3.Connection) -> int:
        if 1 in numbers(connection):
            path.rename(path.with_name("old.db"))
            fill(path, 1)
            raise damage("of the old file")
        return adding(2)(connection)

    async def lose() -> int:
        async with opened(path) as store:
            await store.write(adding(1))
            return await store.write(finds_it_damaged)

    assert (asyncio.run(lose()), numbers_in(path), damaged(path)) == (2, {0, 2}, [])
    assert "store.damaged" not in capsys.readouterr().out


def test_one_who_takes_the_file_away_for_ever_is_no_endless_loop(path: Path) -> None:
    def takes_it_away(connection: sqlite3.Connection) -> None:
        path.unlink()

    async def lose() -> None:
        async with opened(path) as store:
            with pytest.raises(StoreError, match="again and again"):
                await store.write(takes_it_away)
            await store.write(adding(1))

    asyncio.run(lose())

    assert numbers_in(path) == {1}


def test_a_folder_taken_away_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "lib" / "monitor.db"

    async def lose() -> None:
        async with opened(path) as store:
            shutil.rmtree(path.parent)
            await store.write(adding(1))
            shutil.rmtree(path.parent)

    asyncio.run(lose())

    assert not path.parent.exists()


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "monitor.db"
    fill(path, 100)
    return path


# The header, and the tables' definitions, which stand in the first page, are the most interesting.
PLACES = st.one_of(st.integers(0, 99), st.integers(0, 4_095), st.integers(0, 2**20))


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(flips=st.lists(st.tuples(PLACES, st.integers(1, 255)), min_size=1, max_size=20))
def test_whatever_is_flipped_in_the_file_it_is_used_or_the_trouble_told(
    tmp_path_factory: pytest.TempPathFactory, sound: Path, flips: list[tuple[int, int]]
) -> None:
    path, content = tmp_path_factory.mktemp("flipped") / "monitor.db", bytearray(sound.read_bytes())
    for place, bits in flips:
        content[place % len(content)] ^= bits
    path.write_bytes(content)

    trouble = use(path)

    # A number that is flipped within its row is nobody's to see; what is written from here on is there.
    assert trouble or use(path, 9_998) == ""

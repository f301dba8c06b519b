"""The leaderboard of an MLflow store in sqlite beside that of the journals it mirrors."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.leaderboard.journals import Trial, write_search
from tests.leaderboard.sources.mlflow_mirrored import whole
from toolkit.cli.compare import command
from toolkit.errors import ConfigurationError, NotFoundError, TrackerError
from toolkit.leaderboard.index import answer, rank
from toolkit.leaderboard.question import Question
from toolkit.leaderboard.sources.mlflow import MlflowSource, database
from toolkit.leaderboard.sources.mlflow.address import Address
from toolkit.leaderboard.sources.mlflow.connection import SqliteConnection, connected
from toolkit.leaderboard.sources.mlflow.stored import PARENT
from toolkit.runs import Search, SearchHeader
from toolkit.trackers._mlflow_lineage import search_tags, text_tags

Shipped = tuple[list[Search], Path]
ASKED: list[dict[str, Any]] = [
    {},
    {"metric": "validation_accuracy"},
    {"mode": "max"},
    {"metric": "validation_loss", "mode": "max"},
]


def address(file: Path) -> str:
    return f"sqlite:///{file}"


@pytest.mark.parametrize("asked", ASKED)
def test_the_same_leaderboard_as_from_the_journals(shipped: Shipped, asked: dict[str, Any]) -> None:
    searches, file = shipped
    found = list(MlflowSource(address(file)).searches(**asked))
    assert whole(rank(found, **asked)) == whole(rank(searches, **asked))


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("count", [1, 2, 3, 20])
@pytest.mark.parametrize("leaders", [2, 4, 20_000])
def test_the_top_is_cut_off_the_same_leaderboard(
    shipped: Shipped, asked: dict[str, Any], count: int, leaders: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However few of the best values are read at first."""
    monkeypatch.setattr(database, "_MOST_LEADERS", leaders)
    searches, file = shipped
    expected = whole(answer(searches, Question(**asked, top=count, unranked=0)))
    found = whole(MlflowSource(address(file)).top(count, **asked))
    for table, whole_table in zip(found, expected, strict=True):
        columns = table.pop("params")
        assert set(columns) <= set(whole_table.pop("params"))
        for row, whole_row in zip(table["rows"], whole_table["rows"], strict=True):
            known = whole_row.pop("params")
            assert row.pop("params") == {name: value for name, value in known.items() if name in columns}
    assert found == expected


def test_every_line_of_the_command_is_that_of_the_journals(shipped: Shipped, tmp_path: Path) -> None:
    searches, file = shipped
    folders = [str(search.folder.path) for search in searches]
    ours = CliRunner().invoke(command, [*folders, "--json"])
    theirs = CliRunner().invoke(command, ["--mlflow", address(file), "--json"])
    assert (ours.exit_code, theirs.exit_code) == (0, 0), theirs.output
    assert json.loads(theirs.stdout) == json.loads(ours.stdout)
    for both in (["--mlflow", address(file), "--mlflow", str(file)], ["--mlflow", address(file), "names"]):
        result = CliRunner().invoke(command, [*both, "--json"])
        rows = [row for row in json.loads(ours.stdout) if both[-1] in (str(file), row["experiment"])]
        assert [row["run_id"] for row in json.loads(result.stdout)] == [row["run_id"] for row in rows]


def test_the_way_to_the_top_imports_nothing_heavy(shipped: Shipped) -> None:
    heavy = ("mlflow", "sqlalchemy", "pandas", "numpy", "ray", "torch", "wandb", "alembic")
    arguments = ["--mlflow", address(shipped[1]), "--top", "20"]
    code = (
        "import sys; from toolkit.cli.compare import command\n"
        f"command({arguments!r}, standalone_mode=False)\n"
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "names" in done.stdout


def test_a_store_alone_is_asked_for_its_top_only(
    shipped: Shipped, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_search(project / "runs" / "here" / ("9" * 12), [Trial([0.0])], id="9" * 12, experiment="here")
    alone, beside = ["--mlflow", address(shipped[1])], ["--mlflow", address(shipped[1]), "names", "here"]
    whole_store = CliRunner().invoke(command, [*beside, "--top", "2", "--csv"])
    assert "here" in whole_store.stdout and "names" in whole_store.stdout
    monkeypatch.setattr(MlflowSource, "searches", None)  # what reads it whole
    first = CliRunner().invoke(command, [*alone, "--top", "2", "--csv"])
    assert "names" in first.stdout and "here" not in first.stdout
    assert CliRunner().invoke(command, [*beside, "--top", "2"]).exit_code != 0


def test_nothing_is_asked_run_by_run(shipped: Shipped, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    rows = SqliteConnection.rows

    def counting(self: SqliteConnection, statement: str, *about: Any) -> list[tuple[Any, ...]]:
        asked.append(statement)
        return rows(self, statement, *about)

    monkeypatch.setattr(SqliteConnection, "rows", counting)
    list(MlflowSource(address(shipped[1])).searches())
    assert len(asked) < 25 and sum(len(search.runs) for search in shipped[0]) == 14


def changed(shipped: Shipped, tmp_path: Path, *statements: str) -> str:
    """The address of a copy of the store, in which these statements were carried out."""
    file = tmp_path / "changed.db"
    shutil.copyfile(shipped[1], file)
    with closing(sqlite3.connect(file)) as connection, connection:
        for statement in statements:
            connection.execute(statement)
    return address(file)


def test_labels_of_an_older_version_come_from_the_runs_own_file(shipped: Shipped, tmp_path: Path) -> None:
    uri = changed(shipped, tmp_path, "DELETE FROM tags WHERE key = 'toolkit.labels'")
    assert whole(rank(MlflowSource(uri).searches())) == whole(rank(shipped[0]))
    moved = changed(
        shipped,
        tmp_path,
        "DELETE FROM tags WHERE key = 'toolkit.labels'",
        "UPDATE runs SET artifact_uri = 's3://elsewhere/' || run_uuid",
    )
    assert {tuple(search.header.labels) for search in MlflowSource(moved).searches()} == {()}


def test_labels_that_no_tag_holds_are_told_apart_by_their_digest() -> None:
    def tag(labels: list[str]) -> str:
        header = SearchHeader("a" * 12, "names", "validation_loss", "min", labels=labels)
        return text_tags(search_tags(header))["toolkit.labels"]

    many = [f"Gewerbe {number}" for number in range(2000)]
    assert tag(["Ärzte", "Edv"]) == '["Ärzte", "Edv"]'
    assert tag(many).startswith("sha256:") and tag(many) != tag(many[1:])


def twin_of(condition: str, earlier: int = 0, without: str = "") -> list[str]:
    """Statements that put these runs a second time into the store."""
    own = (
        "source_type, source_name, entry_point_name, user_id, status, end_time, source_version, artifact_uri"
    )
    own += ", lifecycle_stage, experiment_id"
    twin = "'x' || substr({}, 2)"
    value = "value" if without else f"CASE key WHEN '{PARENT}' THEN {twin.format('value')} ELSE value END"
    runs = f"SELECT run_uuid FROM runs WHERE {condition} AND run_uuid NOT LIKE 'x%'"
    return [
        f"INSERT INTO runs (run_uuid, name, start_time, {own})"
        f" SELECT {twin.format('run_uuid')}, name, start_time - {earlier}, {own} FROM runs WHERE {condition}",
        f"INSERT INTO tags (run_uuid, key, value) SELECT {twin.format('run_uuid')}, key, {value} FROM tags"
        f" WHERE run_uuid IN ({runs}) AND key != '{without}'",
    ]


def test_a_search_that_was_mirrored_twice_counts_once(shipped: Shipped, tmp_path: Path) -> None:
    searches, file = shipped
    with closing(sqlite3.connect(file)) as connection:
        runs = dict(connection.execute("SELECT run_uuid, value FROM tags WHERE key = 'toolkit.run'"))
    names = {own: run for run, own in runs.items() if own.startswith("b" * 12)}
    statements = []
    for run in names.values():  # the same once more, begun earlier
        statements += twin_of(f"run_uuid = '{run}'", earlier=5000)
    uri = changed(shipped, tmp_path, *statements)
    assert whole(rank(MlflowSource(uri).searches())) == whole(rank(searches))
    assert sum(sum(table.counts.values()) for table in MlflowSource(uri).top(5)) == 14


def test_a_copy_that_was_never_described_counts_for_nothing(shipped: Shipped, tmp_path: Path) -> None:
    copy = twin_of("name = 'trial 0'", without="toolkit.described")
    uri = changed(shipped, tmp_path, *copy)
    assert whole(rank(MlflowSource(uri).searches())) == whole(rank(shipped[0]))


@pytest.mark.parametrize("leaders", [6, 20_000])
def test_a_baseline_beyond_the_first_values_has_its_true_rank(
    shipped: Shipped, tmp_path: Path, leaders: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_MOST_LEADERS", leaders)
    others = "UPDATE experiments SET lifecycle_stage = 'deleted' WHERE name IN ('other', 'fewer', 'nameless')"
    (table,) = MlflowSource(changed(shipped, tmp_path, others)).top(1)
    assert [(row.rank, row.experiment, row.trial) for row in table.rows] == [(1, "names", 7), (8, "rival", 0)]


def test_a_file_that_vanishes_in_between_is_not_made(tmp_path: Path) -> None:
    gone = Address("sqlite:///gone.db", "sqlite", tmp_path / "gone.db")
    with pytest.raises(TrackerError, match=r"gone\.db cannot be read: unable to open"), connected(gone):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("statement", "runs"),
    [
        ("UPDATE runs SET lifecycle_stage = 'deleted' WHERE name = 'trial 0'", 8),
        ("UPDATE experiments SET lifecycle_stage = 'deleted' WHERE name = 'names'", 4),
    ],
)
def test_what_is_deleted_is_left_out(shipped: Shipped, tmp_path: Path, statement: str, runs: int) -> None:
    source = MlflowSource(changed(shipped, tmp_path, statement))
    assert sum(len(search.runs) for search in source.searches()) == runs
    assert sum(sum(table.counts.values()) for table in source.top(3)) == runs


@pytest.mark.parametrize(
    ("written", "error", "told"),
    [
        ("sqlite:///nothing.db", NotFoundError, "there is no MLflow store sqlite:///nothing.db"),
        ("nothing.db", NotFoundError, "there is no MLflow store nothing.db"),
        ("file:///nowhere/mlruns", NotFoundError, "there is no MLflow store file:///nowhere/mlruns"),
        ("sqlite:mlflow.db", NotFoundError, "there is no MLflow store sqlite:mlflow.db"),
        ("sqlite:///", ConfigurationError, "sqlite:/// names no file"),
        ("sqlite:///folder", ConfigurationError, "is a folder"),
        ("ftp://me:secret@host/x", ConfigurationError, "ftp://host/x is no address of an MLflow store"),
        ("text.db", TrackerError, "text.db is no MLflow store"),
        ("other.db", TrackerError, "other.db is no MLflow store"),
        ("old.db", TrackerError, "the tables of old.db are of an old version of MLflow .*mlflow db upgrade"),
        ("folder", TrackerError, "folder is no MLflow store: no folder in it"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_line(
    project: Path, written: str, error: type[Exception], told: str
) -> None:
    (project / "folder").mkdir()
    (project / "text.db").write_text("no database at all, but longer than a header of sqlite's would be" * 20)
    for name, statements in {
        "other.db": ["CREATE TABLE things (a)"],
        "old.db": [
            "CREATE TABLE experiments (experiment_id, name, lifecycle_stage)",
            "CREATE TABLE runs (run_uuid, experiment_id, status, start_time, end_time, lifecycle_stage)",
            "CREATE TABLE tags (key, value, run_uuid)",
            "CREATE TABLE metrics (key, value, timestamp, run_uuid)",
            "INSERT INTO experiments VALUES (1, 'x', 'active')",
            "INSERT INTO runs VALUES ('r', 1, 'FINISHED', 1, 2, 'active')",
        ],
    }.items():
        with closing(sqlite3.connect(project / name)) as connection, connection:
            for statement in statements:
                connection.execute(statement)
    before = sorted(project.iterdir())
    with pytest.raises(error, match=told) as raised:
        MlflowSource(written).top(3, metric="loss")
    assert "\n" not in str(raised.value) and "secret" not in str(raised.value)
    assert sorted(project.iterdir()) == before  # nothing was made


def test_a_locked_store_is_told(shipped: Shipped, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("toolkit.leaderboard.sources.mlflow.connection._SECONDS", 0.01)
    uri = changed(shipped, tmp_path)
    with closing(sqlite3.connect(uri.removeprefix("sqlite:///"), isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        with pytest.raises(TrackerError, match="is locked by another process"):
            MlflowSource(uri).top(1)


@pytest.mark.parametrize("form", [str, "sqlite:///{}".format, "file:{}".format, "file://{}".format])
def test_a_file_has_several_addresses(shipped: Shipped, form: Callable[[Path], str]) -> None:
    assert len(list(MlflowSource(form(shipped[1])).searches())) == 6

"""`--where` and `--sort` against a real table of sqlite, whose matches a person wrote down."""

import math
import random
import re
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from toolkit.errors import ConfigurationError
from toolkit.leaderboard.cells import to_cell
from toolkit.leaderboard.fields import Field, Fields, find_name
from toolkit.leaderboard.where import condition, order

COLUMNS = (
    "experiment",
    "status",
    "epoch",
    "epochs",
    "metrics.validation_loss",
    "metrics.validation_fscore__Bäckereien",
    "params.trainer.optimizer.lr",
    "params.pipeline.head.pooler.type",
    "params.pipeline.head.pooler.bidirectional",
    "params.pipeline.features.word.type",
    "params.my lr/2",
    "params.Größe",
    "params.class.in.0",
)
LR, POOLER, BIDIRECTIONAL = COLUMNS[6:9]
LOSS = "metrics.validation_loss"

# name -> what it has; everything else is missing.
RUNS: dict[str, dict[str, Any]] = {
    "a": {"experiment": "german", "status": "COMPLETED", "epoch": 2, "epochs": 3, LOSS: 0.3, LR: 0.001,
          POOLER: "lstm", BIDIRECTIONAL: True},
    "b": {"experiment": "german-2", "status": "STOPPED", "epoch": 0, "epochs": 1, LOSS: 0.5, LR: 0.01,
          POOLER: "gru", BIDIRECTIONAL: False, "params.Größe": 7},
    "c": {"experiment": "it's", "status": "COMPLETED", "epoch": 1, "epochs": 2, LOSS: math.nan, LR: 1,
          POOLER: "gru", BIDIRECTIONAL: 1},
    "d": {"experiment": "other", "status": "FAILED", "epochs": 0, LR: "auto", POOLER: None},
    "e": {"experiment": "other", "status": "COMPLETED", "epoch": 5, "epochs": 6, LOSS: math.inf,
          "params.my lr/2": 3, "params.class.in.0": "x"},
}  # fmt: skip


def fields(columns: Sequence[str] = COLUMNS) -> Fields:
    return Fields(Field(name, f'"{name}"') for name in columns)


@pytest.fixture(scope="module")
def database() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    named = ", ".join(f'"{name}"' for name in COLUMNS)
    connection.execute(f"CREATE TABLE runs (run TEXT, {named})")
    for run, values in RUNS.items():
        cells = [to_cell(values[name]) if name in values else None for name in COLUMNS]
        connection.execute(f"INSERT INTO runs VALUES ({', '.join('?' * (len(cells) + 1))})", [run, *cells])
    return connection


def matches(database: sqlite3.Connection, text: str) -> str:
    sql, parameters = condition(text, fields())
    return "".join(run for (run,) in database.execute(f"SELECT run FROM runs WHERE {sql}", parameters))


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        # the example that people see first
        ("optimizer.lr < 0.005 and pooler.type == 'lstm' or status == 'STOPPED'", "ab"),
        # numbers: texts, NaN and True are neither below nor above
        ("lr < 0.005", "a"),
        ("lr >= 0.005", "bc"),
        ("lr > -1e9", "abc"),
        ("0.001 < lr < 0.01", ""),
        ("0.001 <= lr <= 0.01", "ab"),
        ("0.005 > lr", "a"),
        ("lr == 1.0", "c"),
        ("lr == .001", "a"),
        ("validation_loss < 1", "ab"),
        ("validation_loss > 0.4", "be"),
        ("metrics.validation_loss == inf", "e"),
        ("validation_loss == nan", "c"),
        ("validation_loss > -inf", "abe"),
        ("lr < 99999999999999999999999", "abc"),
        ("epoch < epochs and lr < validation_loss", "ab"),
        # texts
        ("lr >= 'a'", "d"),
        ("lr == 'auto'", "d"),
        ("experiment == 'it\\'s'", "c"),
        ('experiment = "it\'s"', "c"),
        ("experiment < 'h'", "ab"),
        ("'german' in experiment", "ab"),
        ("'german' not in experiment", "cde"),
        ("experiment == 'x'' OR 1=1 --'", None),
        # True is not 1
        ("bidirectional == True", "a"),
        ("bidirectional", "a"),
        ("bidirectional == 1", "c"),
        ("not bidirectional", "bc"),
        ("bidirectional == false", "b"),
        # missing, and None is missing: every run stands in exactly one of three
        ("pooler.type == 'gru'", "bc"),
        ("pooler.type != 'gru'", "a"),
        ("pooler.type is missing", "de"),
        ("pooler.type is not missing", "abc"),
        ("pooler.type == None or pooler.type IS NULL", "de"),
        ("missing != pooler.type", "abc"),
        ("not pooler.type == 'gru'", "a"),
        ("not (pooler.type == 'gru' or lr < 0.005)", ""),
        ("not (lr < 0.005)", "bc"),
        ("not (0.001 < lr < 0.01)", "abc"),
        ("not not lr < 0.005", "a"),
        ("lr != 1", "abd"),
        # lists
        ("pooler.type in ('gru', 'lstm')", "abc"),
        ("pooler.type IN ['gru']", "bc"),
        ("pooler.type in ('gru')", "bc"),
        ("pooler.type not in ('gru', 'rnn')", "a"),
        ("not pooler.type in ('gru', 'rnn')", "a"),
        ("pooler.type in ('lstm', missing)", "ade"),
        ("pooler.type not in ('lstm', missing)", "bc"),
        ("lr in (1, 'auto', 0.01)", "bcd"),
        ("epoch in ()", ""),
        # spellings
        ("status = 'STOPPED' OR NOT status <> 'FAILED'", "bd"),
        ("`my lr/2` == +3", "e"),
        ("`params.my lr/2` == 3", "e"),
        ("Größe == 7", "b"),
        ("Gro\u0308\u00dfe == 7", "b"),
        ("class.in.0 == 'x'", "e"),
        ("\n  lr < 0.005 \n or status == 'STOPPED'", "ab"),
        ("validation_fscore__Bäckereien is missing and epoch == 2", "a"),
        # `and` binds tighter than `or`
        ("status == 'STOPPED' or status == 'COMPLETED' and lr == 1", "bc"),
        ("(status == 'STOPPED' or status == 'COMPLETED') and lr == 1", "c"),
    ],
)  # fmt: skip
def test_matches(database: sqlite3.Connection, text: str, runs: str | None) -> None:
    if runs is None:
        with pytest.raises(ConfigurationError):
            condition(text, fields())
    else:
        assert matches(database, text) == runs


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "--where: the condition is empty"),
        ("lr <", "--where, column 5: it ends too early"),
        ("lr < 0.1 and", "--where, column 13: it ends too early"),
        ("lr << 3", "--where, column 5: '<' is not understood here"),
        ("(lr < 3", "--where, column 1: a parenthesis stands alone"),
        ("lr < 3)", "--where, column 7: a parenthesis stands alone"),
        ("status == 'STOPPED", "--where, column 11: the ' here is never closed"),
        ("lr < 3 & epoch > 1", "--where, column 8: '&' has no meaning here: write `and`"),
        ("lr < 3ms", "--where, column 6: '3ms' is no number"),
        ("Größe > 1 and lrr < 1", "--where, column 15: no column 'lrr', did you mean lr?"),
        ("'ä' != 'ö' ", "--where, column 1: two values are compared here"),
        ("type == 'lstm'", "--where, column 1: 'type' may be pooler.type or word.type: write more"),
        ("pooler.type == lstm", "a text stands in quotes: 'lstm'"),
        ("pooler.type in (lstm, gru)", "--where, column 17: a value is missing here: a text stands in"),
        ("experiment == german-2", "--where, column 15: a text, a number, True, False or missing"),
        ("lr < True", "--where, column 6: only numbers and texts have an order"),
        ("lr < missing", "--where, column 6: only numbers and texts have an order"),
        ("lr < nan", "--where, column 6: only numbers and texts have an order"),
        ("lr is 3", "--where, column 7: `is` asks for `missing` only"),
        ("'a'", "--where, column 1: a condition is missing here"),
        ("lr in 3 in (1, 2)", "--where, column 7: before `in` and a list stands the name of a column"),
        ("__import__('os').system('true')", "--where, column 17: '.' has no meaning"),
        ("lr(3)", "--where, column 1: a condition is missing here"),
        ("lr if epoch else 3", "--where, column 4: 'if' is not understood"),
        ("lr < f'{1}'", "--where, column 7: \"'{1}'\" is not understood"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_one_line_with_its_place(text: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        condition(text, fields())
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "text",
    ["(" * 1000 + "lr < 1" + ")" * 1000, "not " * 20_000 + "lr < 1", "-" * 50_000 + "1 < lr", "(" * 99_000,
     " or ".join(["lr < 1"] * 600), "lr < 1" * 50_000, "lr < 1 <" * 10_000 + " 2", "[" * 60 + "]" * 60],
)  # fmt: skip
def test_what_is_too_much_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^--where"):
        condition(text, fields())


def test_where_it_is_too_deep_is_told() -> None:
    with pytest.raises(ConfigurationError, match=r"--where, column 51: it is nested too deep"):
        condition("(" * 51 + "lr < 1" + ")" * 51, fields())
    with pytest.raises(ConfigurationError, match=r"--where, column 205: it is nested too deep"):
        condition("not " * 51 + "lr < 1", fields())


def test_whatever_is_typed_is_a_condition_or_one_line(database: sqlite3.Connection) -> None:
    draw = random.Random(7)
    words = [
        r"lr",
        r"pooler.type",
        r"Größe",
        r"<",
        r">=",
        r"==",
        r"=",
        r"and",
        r"or",
        r"not",
        r"in",
        r"is",
        r"(",
        r")",
        r",",
        r"'gru'",
        r"1",
        r"-",
        r".",
        r"missing",
        r"True",
        r"nan",
    ]
    words += ["if", "lambda", ":", "ä", "\x00", "\n", "#", "\\", "'"]
    understood = 0
    for _ in range(3000):
        text = " ".join(draw.choices(words, k=draw.randint(1, 9)))
        try:
            sql, parameters = condition(text, fields())
        except ConfigurationError as error:
            assert str(error).startswith("--where") and "\n" not in str(error), text
        else:
            understood += 1
            database.execute(f"SELECT run FROM runs WHERE {sql}", parameters).fetchall()
    assert understood > 20


def test_as_much_as_may_be_asked_is_answered(database: sqlite3.Connection) -> None:
    assert matches(database, "(" * 49 + "lr < 0.005" + ")" * 49) == "a"
    assert matches(database, " or ".join(["lr < 0.005"] * 500)) == "a"
    assert matches(database, f"status in ({', '.join(map(repr, map(str, range(10_000))))}, 'FAILED')") == "d"


def test_the_conditions_of_the_docs_can_be_asked() -> None:
    page = (Path(__file__).parents[2] / "docs" / "asking.md").read_text(encoding="utf-8")
    [block] = re.findall(r"## Conditions.*?^```\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    known = fields((*COLUMNS, "metrics.training_loss"))
    assert len([condition(line, known) for line in block.splitlines()]) == 5


def test_no_value_stands_in_the_sql() -> None:
    sql, parameters = condition("status == 'DROP' and lr in (17, 'x') and '%' in experiment", fields())
    assert parameters == ["DROP", 17, "x", "%"]
    assert "DROP" not in sql and "17" not in sql and "%" not in sql


@pytest.mark.parametrize(
    ("names", "runs"),
    [
        (["lr"], "abcde"),  # 0.001, 0.01, 1, then the text, then missing
        (["-lr"], "cbade"),
        (["validation_loss", "experiment"], "abecd"),  # NaN behind every number, missing last
        (["-validation_loss"], "ebacd"),
        (["pooler.type", "-epoch"], "cbaed"),  # None is missing
        (["bidirectional"], "cbade"),  # a number before False and True
        (["-status", "-`params.Größe`", "experiment"], "bdace"),
    ],
)  # fmt: skip
def test_order(database: sqlite3.Connection, names: list[str], runs: str) -> None:
    by = ", ".join(" ".join(term) for term in order(names, fields()))
    assert "".join(run for (run,) in database.execute(f"SELECT run FROM runs ORDER BY {by}, run")) == runs


def test_an_unknown_name_to_sort_by() -> None:
    with pytest.raises(ConfigurationError, match="--sort: no column 'losss'; there are: experiment, "):
        order(["-losss"], fields())


def test_the_nearest_reading_of_a_name_wins() -> None:
    known = [
        "epoch",
        "metrics.loss",
        "params.loss",
        "params.a.lr",
        "params.b.a.lr",
        "params.x.epoch",
        "params.lr.y",
    ]
    assert find_name("epoch", known) == "epoch"
    assert find_name("x.epoch", known) == "params.x.epoch"
    assert find_name("params.epoch", known) == "params.x.epoch"
    assert find_name("a.lr", known) == "params.a.lr"  # in full, though b.a.lr ends so too
    assert find_name("b.a.lr", known) == "params.b.a.lr"
    assert find_name("params.loss", known) == "params.loss"
    with pytest.raises(ConfigurationError, match=r"'loss' may be metrics.loss or params.loss: write more"):
        find_name("loss", known)
    with pytest.raises(ConfigurationError, match=r"'lr' may be a.lr or b.a.lr: write more"):
        find_name("lr", known)
    with pytest.raises(ConfigurationError, match="no column 'r'"):
        find_name("r", known)
    with pytest.raises(ConfigurationError, match=r"no column 'zzz'; there are: epoch, metrics.loss"):
        find_name("zzz", known)

import math

import pytest

from toolkit.leaderboard.closeness import Change, changes, pair_in_words, place_in_words


def only(before: str, after: str, name: str = "x.json") -> Change | None:
    found = changes(before.encode(), after.encode(), name)
    assert found is not None
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize(
    ("before", "after", "relative"),
    [
        ("1.0", "1.1", 0.1 / 1.1),
        ("-1.0", "1.0", 2.0),
        ("0.0", "1e-300", 1.0),
        ("NaN", "1.0", None),
        ("Infinity", "-Infinity", None),
        ("1.0", '"1.0"', None),
        ("611942271", "611942272", None),  # seeds within the tolerance are other seeds
        ("1", "1.0", None),
        ("true", "1", None),
        ("null", "0", None),
        ("{}", "[]", None),
    ],
)
def test_values_that_are_not_the_same(before: str, after: str, relative: float | None) -> None:
    for one, other in ((before, after), (after, before)):
        change = only(one, other)
        assert change is not None
        assert change.relative == (None if relative is None else pytest.approx(relative))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("NaN", "NaN"),
        ("-Infinity", "-Infinity"),
        ("0.0", "-0.0"),
        ("1e-4", "0.0001"),
        ('{"a":1,"b":2}', '{"b":2,"a":1}'),
    ],
)
def test_values_that_are_the_same(before: str, after: str) -> None:
    assert only(before, after) is None


@pytest.mark.parametrize(
    ("before", "after", "relative"),
    [
        ("0.5", "0.50000001", 2e-8),
        ("1e-05", "1.00000001e-05", 1e-8),
        ("-2.5e+300", "-2.5000001e+300", 4e-8),
        ("3", "4", None),
        ("1334e2790424", "1335e2790424", None),  # ids of searches, both infinite as numbers
        ("13342790424e-00002", "13342790424e-00003", 0.9),
        ("", "0.5", None),
        ("0.5", "nan", None),
        ("Größe", "Große", None),
    ],
)
def test_cells_of_csv(before: str, after: str, relative: float | None) -> None:
    change = only(f"trial,value\n0,{before}\n", f"trial,value\r\n0,{after}\r\n", "x.csv")
    assert change is not None
    assert place_in_words(change.place) == "line 2, value"
    assert change.relative == (None if relative is None else pytest.approx(relative, rel=1e-3))


def test_columns_and_lines_that_come_and_go() -> None:
    found = changes(b"a,a,b\n1,2,3\n", b"a,a\n1,4\n5,6,7\n\n", "x.csv")
    assert found is not None
    assert [place_in_words(change.place) for change in found] == [
        "columns",
        "line 2, a",
        "line 2, b",
        "line 3, a",
        "line 3, a",
        "line 3, cell 3",
        "line 4, a",
        "line 4, a",
    ]


def test_places_in_json_and_yaml() -> None:
    before, after = b"runs:\n- points: [{x: 1.5}]\n", b"runs:\n- points: [{x: 2.5}, 3]\na.b: 1\n"
    for name in ("x.yaml", "x.YML"):
        found = changes(before, after, name)
        assert found is not None
        assert [place_in_words(change.place) for change in found] == [
            "runs[0].points[0].x",
            "runs[0].points[1]",
            "a.b",
        ]
    assert place_in_words(()) == "the whole file"


def test_keys_with_a_point_are_not_taken_for_nested_ones() -> None:
    found = changes(b'{"a.b": 1, "a": {"b": 2}}', b'{"a.b": 2, "a": {"b": 2}}', "x.json")
    assert found is not None
    assert [change.place for change in found] == [("a.b",)]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"{", "x.json"),
        (b"\xff", "x.csv"),
        (b"a: b: c", "x.yaml"),
        (b"a: 1\na: 2", "x.yaml"),
        (b"x", "x.png"),
        (b"x", "x"),
        (b"[" * 100_000, "x.json"),
        (b'a\n"' + b"x" * 200_000, "x.csv"),
    ],
)
def test_what_cannot_be_read_as_values(content: bytes, name: str) -> None:
    assert changes(content, content, name) is None


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (0.25, 0.3, ("0.25", "0.3")),
        (0.25911317, 0.25911399, ("0.259113", "0.259114")),
        (0.1 + 0.2, 0.3, ("0.30000000000000004", "0.3")),
        (1.0, math.nan, ("1", "nan")),
        (1, True, ("1", "true")),
        (None, "", ("null", "-")),
        ([1, "ä"], {"a": 0.5}, ('[1, "ä"]', '{"a": 0.5}')),
        ("x" * 41, 0, ("x" * 37 + "...", "0")),
    ],
)
def test_pairs_are_told_apart(before: object, after: object, words: tuple[str, str]) -> None:
    assert pair_in_words(before, after) == words

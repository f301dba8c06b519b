"""How a notebook shows a frame of runs."""

import re
from pathlib import Path

import pandas as pd
import pytest

from tests.leaderboard.journals import OTHER_VALIDATION, Trial, write_search
from toolkit import compare
from toolkit.leaderboard.framing.frame import LeaderboardFrame

EVIL = "<script>alert('x')</script>"


def point(loss: float) -> dict[str, float]:
    return {"validation_loss": loss, "validation_fscore__Hotels": 0.5}


@pytest.fixture
def frame(project: Path) -> LeaderboardFrame:
    trials = [
        Trial([point(0.25)], params={"trainer.optimizer.lr": 0.0012345678, f"a.{EVIL}": EVIL}),
        Trial(
            [point(0.5)], status="STOPPED", rung=1, params={"trainer.optimizer.lr": 0.2, f"a.{EVIL}": "$x$"}
        ),
        Trial([], status="FAILED", reason=EVIL),
    ]
    write_search(project / "runs" / "names" / ("a" * 12), trials)
    return compare()


def html(frame: pd.DataFrame) -> str:
    return frame._repr_html_()  # type: ignore[operator]


def header(page: str) -> list[str]:
    return re.findall(r'<th[^>]* title="[^"]*">(.*?)</th>', page)


def rows(page: str) -> list[str]:
    return re.findall(r"<tr.*?</tr>", page.partition("<tbody>")[2], re.DOTALL)


def test_best_is_bold_and_stopped_is_grey(frame: LeaderboardFrame) -> None:
    best, stopped, failed = rows(html(frame))
    assert best.startswith('<tr class="best">')
    assert "<td><strong>0.2500</strong></td>" in best
    assert "<td><strong>0.001235</strong></td>" in best
    assert stopped.startswith('<tr class="stopped">')
    assert "strong" not in stopped + failed
    assert "opacity" in html(frame)


def test_what_nobody_looks_for_is_left_out_unless_asked_for(frame: LeaderboardFrame) -> None:
    titles = header(html(frame))
    assert titles[:-1] == [
        *("rank", "trial", "status", "epoch", "epochs", "reason"),
        *("validation_<wbr>loss", "optimizer.<wbr>lr"),
    ]
    assert "Not shown: 5 columns" in html(frame)
    assert "All runs are of names@aaaa00000000." in html(frame)
    assert header(html(frame.assign(mine=1)))[-1] == "mine"
    chosen = html(frame[["trial", "run_id", "metrics.validation_fscore__Hotels"]])
    assert len(header(chosen)) == 3
    assert "Not shown" not in chosen


def test_hostile_texts_are_escaped_and_left_alone_by_mathjax(frame: LeaderboardFrame) -> None:
    page = html(frame)
    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;") >= 3
    assert "mathjax_ignore" in page
    assert html(frame.rename(columns={"trial": '"><b>'})).count("<b>") == 0


def test_colours_are_the_notebooks_own(frame: LeaderboardFrame) -> None:
    style = html(frame).partition("<style>")[2].partition("</style>")[0]
    assert not re.search(r"#[0-9a-f]{3}|rgb|background|[^-]color", style)


def test_the_order_is_that_of_the_frame(frame: LeaderboardFrame) -> None:
    page = html(frame.sort_values("trial", ascending=False)[["trial"]])
    assert [re.sub("<.*?>", "", row) for row in rows(page)] == ["2", "1", "0"]


def test_as_many_rows_as_pandas_shows(frame: LeaderboardFrame) -> None:
    with pd.option_context("display.max_rows", 2, "display.max_colwidth", 6):
        page = html(frame)
    assert len(rows(page)) == 2
    assert "1 more rows" in page
    assert "COMPL…" in page
    with pd.option_context("display.notebook_repr_html", False):
        assert html(frame) is None


def test_each_table_has_its_headline(frame: LeaderboardFrame, project: Path) -> None:
    other = {"experiment": "other", "data": {"validation": OTHER_VALIDATION}}
    write_search(project / "runs" / "other" / ("b" * 12), [Trial([0.1]), Trial([0.9])], id="b" * 12, **other)
    both = compare()
    heads = [row for row in rows(html(both)) if 'class="headline"' in row]
    assert [re.sub("<.*?>", "", head).partition(" | ")[2][:12] for head in heads] == [
        "data/valid.c",
        "data/other.c",
    ]
    assert "A table of its own: other validation data." in heads[1]
    assert "table" not in header(html(both))
    mixed = html(both.sort_values("metrics.validation_loss"))
    assert "headline" not in mixed.partition("<tbody>")[2]
    assert header(mixed)[0] == "table"


def test_what_is_no_list_of_runs_any_more_is_shown_by_pandas(frame: LeaderboardFrame) -> None:
    for other in (
        frame.groupby("status", observed=True).size().reset_index(),
        frame.groupby("status", observed=True, as_index=False)["trial"].max(),
        frame.describe(),
        frame.T,
        frame.set_index("trial"),
        LeaderboardFrame({"a": [1]}),
    ):
        assert "toolkit-leaderboard" not in html(other)


def test_nothing_is_left(frame: LeaderboardFrame) -> None:
    assert "<tbody>\n</tbody>" in html(frame[frame.status == "RUNNING"])
    assert "<thead><tr></tr></thead>" in html(frame[[]])

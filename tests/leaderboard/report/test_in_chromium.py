"""The report in a real browser, as a reader uses it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.report import made_up_search
from tests.chromium import Chromium
from tests.leaderboard.journals import OTHER_VALIDATION, Trial, write_search
from toolkit.leaderboard import rank
from toolkit.leaderboard.report import report_runs, sampled_scales, write_report
from toolkit.runs import Search
from toolkit.runs.layout import trial_predictions
from toolkit.runs.predictions import Predictions, write_predictions

pytestmark = pytest.mark.slow

NASTY = "<b><img src=x onerror=document.title='broken'></b>"
NO_WEBGL = "document.querySelectorAll('.no-webgl').length"  # what plotly.js shows where it may not compile
SHOWN = (
    "[...document.querySelectorAll('.rows tbody tr[data-run]')].map(row => Number(row.dataset.run.slice(-5)))"
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    chromium = Chromium(tmp_path_factory.mktemp("home"))
    yield chromium
    chromium.close()


def report_of(path: Path, searches: list[Search]) -> str:
    scales = sampled_scales(searches)
    return write_report(path, rank(searches), report_runs(searches), title=NASTY, scales=scales).as_uri()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Two groups of hostile names: stopped and failed runs, and predictions of two runs."""
    folder = tmp_path_factory.mktemp("small")
    trials = [
        Trial(
            [{"validation_loss": 0.9 - 0.05 * number, "validation_accuracy": 0.5 + 0.03 * number}] * 2,
            status="STOPPED" if number % 3 else "COMPLETED",
            params={"lr": 10 ** -(1 + number / 4), NASTY: NASTY if number % 2 else "plain"},
        )
        for number in range(12)
    ]
    failed = Trial(status="FAILED", reason=NASTY)
    search = write_search(folder / "one", [*trials, failed], experiment=NASTY, labels=[NASTY, "Hotels"])
    said = Predictions("data", "model", [NASTY, "Hotels"], [0, 1, 1], [0, 0, 1], [0.9, 0.4, 0.6])
    for number in (3, 7):
        write_predictions(trial_predictions(folder / "one" / "trials", number), said)
    other = write_search(folder / "two", [Trial([0.2])], data={"validation": OTHER_VALIDATION})
    return report_of(folder / "report.html", [search, other])


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> str:
    return report_of(tmp_path_factory.mktemp("large") / "report.html", [made_up_search(20_000)])


def see_everything(browser: Chromium) -> None:
    """Draw each chart, as scrolling past it would."""
    browser.until("[...Chart.all].every(chart => { chart.draw(); return !chart.isStale; })")


@pytest.mark.parametrize(
    ("width", "height", "dark"), [(390, 844, False), (390, 844, True), (1440, 900, True)]
)
def test_every_part_is_drawn(browser: Chromium, small: str, width: int, height: int, dark: bool) -> None:
    browser.complaints.clear()
    browser.requests.clear()
    browser.look(width, height, dark=dark)
    browser.open(small)
    see_everything(browser)
    assert browser.run("document.querySelectorAll('#curves .js-plotly-plot .trace').length") >= 3
    assert browser.run("document.querySelectorAll('#parallel canvas').length") >= 1
    assert browser.run(NO_WEBGL) == 0
    assert browser.run("document.querySelectorAll('#importance .point').length") == 2
    assert browser.run("document.querySelectorAll('#confusion .hm').length") == 2
    assert browser.run("document.documentElement.scrollWidth") <= width  # nothing sticks out
    assert browser.run("document.images.length") == 0
    assert browser.run("document.title") == NASTY
    assert NASTY in browser.run("document.querySelector('h1').textContent")
    assert NASTY in browser.run("document.querySelector('#curves .legend').textContent")
    assert {
        url.partition("?")[0] for url in browser.requests if not url.startswith(("about:", "data:", "blob:"))
    } == {small}
    assert browser.complaints == []


def test_charts_follow_the_theme(browser: Chromium, small: str) -> None:
    colour = "document.querySelector('#curves .xtick text').style.fill"
    browser.look(1440, 900)
    browser.open(small)
    see_everything(browser)
    light = browser.run(colour)
    browser.look(1440, 900, dark=True)
    browser.until(f"Chart.drawAll(), {colour} !== {light!r}")


def test_sorting_filtering_and_picking(browser: Chromium, small: str) -> None:
    browser.look(1440, 900)
    browser.open(small)
    assert browser.run(SHOWN) == [*range(11, -1, -1), 12]
    heading = "[...document.querySelectorAll('.rows th button')].find(b => b.title === 'trial')"
    browser.run(f"{heading}.focus(), {heading}.click()")
    assert browser.run(SHOWN) == list(range(13))
    assert browser.run(f"{heading}.parentElement.getAttribute('aria-sort')") == "ascending"
    browser.run(f"{heading}.click()")
    assert browser.run(SHOWN) == list(range(12, -1, -1))
    browser.run("document.querySelector('input[type=search]').value = 'status=STOPPED lr>0.005'")
    browser.run("document.querySelector('input[type=search]').dispatchEvent(new Event('input'))")
    browser.until(f"{SHOWN}.length < 13")
    assert browser.run(SHOWN) == [5, 4, 2, 1]
    browser.run("document.querySelector('.rows tr[data-run] input').click()")
    see_everything(browser)
    assert browser.run("document.querySelectorAll('.rows tr.picked').length") == 1
    assert "/5" in browser.run(
        "[...document.querySelectorAll('#curves .legendtext')].map(t => t.textContent).join()"
    )


def test_the_address_keeps_the_view(browser: Chromium, small: str) -> None:
    browser.look(1440, 900)
    browser.open(f"{small}#sort=trial&desc=1&where=status%3DFAILED")
    assert browser.run(SHOWN) == [12]
    browser.open(f"{small}#table=1")
    assert browser.run(SHOWN) == [0]
    assert "other validation data" in browser.run("document.querySelector('.reason').textContent")


def test_a_wrong_filter_is_told_and_changes_nothing(browser: Chromium, small: str) -> None:
    browser.open(f"{small}#where=nothere%3D1")
    assert browser.run("document.querySelector('.state.wrong').textContent") == "there is no column nothere"


def test_of_20000_runs_only_those_in_sight_are_elements(browser: Chromium, large: str) -> None:
    browser.complaints.clear()
    browser.look(1440, 900)
    browser.open(large)
    see_everything(browser)
    assert 10 < browser.run("document.querySelectorAll('.rows tbody tr').length") < 80
    last = "document.querySelector('.rows tbody tr[data-run]:nth-last-child(2)')"
    browser.run("document.querySelector('.rows').scrollTop = 1e9")
    browser.until(f"Number({last}.getAttribute('aria-rowindex')) === 20001")
    browser.run("document.querySelector('.rows').scrollTop = 0")
    browser.until("document.querySelector('.rows tr[aria-rowindex=\"2\"]') !== null")
    assert browser.run(NO_WEBGL) == 0
    elements = browser.run("document.getElementsByTagName('*').length")
    assert elements < 12_000
    assert browser.complaints == []

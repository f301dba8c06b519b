"""The page is one file that fetches nothing, and runs nothing but its own scripts."""

import base64
import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.leaderboard.journals import Trial, write_search
from tests.leaderboard.report.reading import Elements, data_in
from toolkit.leaderboard import rank
from toolkit.leaderboard.report import report_runs, write_report
from toolkit.leaderboard.report.page import _SCRIPTS

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "<!--<script>",
    "${title} & \u2028",
]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report in which every name is hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    trials = [
        Trial(
            [{"validation_loss": 0.1 * place, name: 1.0}], params={name: name}, status="FAILED", reason=name
        )
        for place, name in enumerate(HOSTILE)
    ]
    trials += [Trial([{"validation_loss": 0.5, name: 2.0}], params={name: name}) for name in HOSTILE]
    search = write_search(folder / "search", trials, experiment=HOSTILE[0], labels=HOSTILE)
    return write_report(folder / "report.html", rank([search]), report_runs([search]), title=HOSTILE[1])


def test_hostile_names_are_text(report: Path) -> None:
    text = report.read_text(encoding="utf-8")
    page = Elements(text)
    assert not [about for tag, about in page.found if tag == "img" or "onerror" in about]
    assert len(page.scripts) == len(_SCRIPTS) + 2  # plotly.js and the data
    assert data_in(report)["title"] == HOSTILE[1]
    columns = {column["key"]: column for column in data_in(report)["tables"][0]["columns"]}
    assert columns["reason"]["levels"] == HOSTILE


def test_nothing_is_fetched(report: Path) -> None:
    page = Elements(report.read_text(encoding="utf-8"))
    assert not [about for _, about in page.found if "src" in about]
    links = {about["href"] for _, about in page.found if "href" in about}
    assert links == {"#board"}
    ours = [text for about, text in page.scripts if not text.lstrip().startswith("/**\n* plotly.js")]
    assert len(ours) == len(page.scripts) - 1
    assert not [text for text in ours if re.search(r"https?://", text)]


def test_the_policy_allows_these_scripts_and_no_request(report: Path) -> None:
    page = Elements(report.read_text(encoding="utf-8"))
    (policy,) = (about["content"] for _, about in page.found if "http-equiv" in about)
    assert policy is not None
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert not {"connect-src", "frame-src", "font-src", "worker-src"} & rules.keys()
    allowed = re.findall(r"'sha256-([^']+)'", rules["script-src"])
    digests = [
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for about, text in page.scripts
        if about.get("type") is None
    ]
    assert allowed == digests
    assert "unsafe-inline" not in rules["script-src"]


def test_every_script_of_ours_is_in_the_page() -> None:
    folder = Path(sys.modules[write_report.__module__].__file__ or "").parent / "js"
    assert sorted(_SCRIPTS) == sorted(path.stem for path in folder.glob("*.js"))


def test_a_report_of_few_runs_needs_no_heavy_library(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from toolkit.leaderboard.report import write_report; "
        f"write_report(Path({str(tmp_path / 'empty.html')!r}), [], {{}}, title=''); "
        "print([m for m in ('numpy', 'pandas', 'optuna', 'torch', 'ray') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

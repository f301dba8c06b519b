"""What `toolkit evaluate` and `toolkit predict` take for a model."""

from pathlib import Path

import pytest

from toolkit.cli.model_argument import find_model
from toolkit.errors import NotFoundError
from toolkit.runs import SearchFolder
from toolkit.testing.toy import ToyJournal, toy_header

DROPPED = (
    "the model of 0123456789ab-00001 was dropped (keep_models: 5); "
    "`toolkit replay 0123456789ab-00001 --model FILE` trains it again"
)


@pytest.fixture
def folder(project: Path) -> SearchFolder:
    """A search of three trials: a model, one that was dropped, one that is nowhere."""
    header = toy_header()
    journal = ToyJournal(project / "runs" / "toy names" / header.id, header)
    for number in range(3):
        journal.trial(number)
        journal.points(number, range(1))
        journal.end(number)
    journal.writer.append("drop", 1, name="model", reason="keep_models: 5")
    model = journal.folder.trial(0) / "training" / "model.tar.gz"
    model.parent.mkdir(parents=True)
    model.write_text("")
    journal.close()
    return journal.folder


def test_a_file_or_a_run(folder: SearchFolder) -> None:
    model = folder.trial(0) / "training" / "model.tar.gz"
    assert find_model(str(model)) == find_model("toy names/0") == find_model("0123456789ab-00000") == model
    assert find_model("absent.tar.gz") == Path("absent.tar.gz")  # told by whoever reads it


@pytest.mark.parametrize("given", ["toy names/1", "0123456789ab-00001", "the file"])
def test_a_model_that_was_dropped_is_told_with_the_way_back(folder: SearchFolder, given: str) -> None:
    path = folder.trial(1) / "training" / "model.tar.gz"
    with pytest.raises(NotFoundError) as told:
        find_model(str(path.relative_to(Path.cwd())) if given == "the file" else given)
    assert str(told.value) == DROPPED


def test_what_is_nowhere(folder: SearchFolder) -> None:
    with pytest.raises(NotFoundError, match=r"0123456789ab-00002 has no model: there is no .*00002"):
        find_model("toy names/2")
    with pytest.raises(NotFoundError, match="modle: there is no such model file, and no run 'modle'"):
        find_model("modle")


def test_of_a_plain_training_the_file_that_its_journal_names(project: Path) -> None:
    journal = ToyJournal(project / "runs" / "plain" / "ab", toy_header("ab", "plain", job="train"))
    journal.trial(0)
    journal.artifact("model", "model.tar.gz", "", trial=0)
    journal.close()
    assert find_model("plain/0") == journal.folder.path / "model.tar.gz"

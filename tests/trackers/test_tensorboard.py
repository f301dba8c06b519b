"""TensorBoard: tags, times, the HPARAMS page, and what happens to a torn file."""

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from tensorboard.backend.event_processing.data_provider import MultiplexerDataProvider
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer
from tensorboard.context import RequestContext
from tensorboard.plugins.base_plugin import TBContext
from tensorboard.plugins.hparams import api_pb2, backend_context, list_session_groups

from toolkit.runs import Project, SearchFolder, load_search
from toolkit.testing.toy import ToyJournal, toy_header, write_toy_journal
from toolkit.trackers import mirror
from toolkit.trackers.comparison import Difference
from toolkit.trackers.metrics import tensorboard_tag
from toolkit.trackers.verification import verify_mirror


@pytest.fixture
def folder(project: Path) -> SearchFolder:
    header = toy_header(tracking={"tensorboard": {}})
    folder = write_toy_journal(project / "runs" / "toy names" / header.id, header)
    mirror(folder, Project.here())
    return folder


def events(folder: SearchFolder, trial: str) -> EventAccumulator:
    accumulator = EventAccumulator(str(folder.tensorboard / trial))
    accumulator.Reload()
    return accumulator


def session_groups(folder: SearchFolder) -> dict[str, Any]:
    """What the HPARAMS page gets from its own plug-in: run id -> (hyperparameters, status, metrics)."""
    multiplexer = EventMultiplexer()
    multiplexer.AddRunsFromDirectory(str(folder.tensorboard))
    multiplexer.Reload()
    provider = MultiplexerDataProvider(multiplexer, str(folder.tensorboard))
    context = backend_context.Context(TBContext(data_provider=provider))
    request = api_pb2.ListSessionGroupsRequest(
        start_index=0,
        slice_size=100,
        allowed_statuses=[status for status in api_pb2.Status.values() if status != api_pb2.STATUS_UNKNOWN],
        col_params=[api_pb2.ColParams(metric=api_pb2.MetricName(group="", tag="validation/loss"))],
    )
    answer = list_session_groups.Handler(RequestContext(), context, "an experiment", request).run()
    return {group.name: group for group in answer.session_groups}


def test_scalars_stand_in_groups_by_epoch_and_time(folder: SearchFolder) -> None:
    stored = events(folder, "00000")
    assert set(stored.Tags()["scalars"]) == {"training/loss", "validation/loss", "validation/fscore/Ärzte"}
    points = load_search(folder).runs[0].points
    assert [(event.step, event.wall_time) for event in stored.Scalars("validation/loss")] == [
        (point.epoch, point.t / 1000) for point in points
    ]


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("training_loss", "training/loss"),
        ("validation_accuracy", "validation/accuracy"),
        ("best_validation_loss", "best_validation_loss"),
        ("validation_fscore__Ärzte", "validation/fscore/Ärzte"),
        ("precision__Edv", "precision__Edv"),
        ("validation_fscore__a/b", "validation/fscore/a/b"),
        ("train/loss", "train/loss"),
        ("training/loss", "training/loss-2cda6e78"),
        ("validation_fscore/a", "validation/fscore/a-"),
        ("end", "end-"),
        ("loss-0123abcd", "loss-0123abcd-"),
        ("training_", "training_"),
        ("__x", "__x"),
        ("x__", "x__"),
        ("loss", "loss"),
    ],
)
def test_tags(name: str, tag: str) -> None:
    found = tensorboard_tag(name)
    assert found == tag or (tag.endswith("-") and found[:-8] == tag)


def test_no_two_names_share_a_tag() -> None:
    pieces = ("training", "validation", "_", "__", "/", "loss", "a")
    names = {"".join(parts) for count in range(1, 6) for parts in itertools.product(pieces, repeat=count)}
    assert len({tensorboard_tag(name) for name in names}) == len(names)


def test_the_hparams_page_has_every_trial(folder: SearchFolder) -> None:
    groups = session_groups(folder)
    shown = {
        name[-5:]: (
            round(group.hparams["trainer.optimizer.lr"].number_value, 6),
            api_pb2.Status.Name(group.sessions[0].status),
            [round(value.value, 4) for value in group.metric_values if value.name.tag == "validation/loss"],
        )
        for name, group in groups.items()
        if "trainer.optimizer.lr" in group.hparams
    }
    assert shown == {
        "00000": (0.001, "STATUS_SUCCESS", [0.3667]),
        "00001": (0.002, "STATUS_SUCCESS", [1.2]),
        "00002": (0.003, "STATUS_FAILURE", []),
    }
    assert groups["0123456789ab-00003"].hparams["trainer.off"].bool_value is False
    assert groups["0123456789ab-00003"].hparams["pipeline.größe"].string_value == "Maß"


def test_the_end_is_told_in_words(folder: SearchFolder) -> None:
    (event,) = events(folder, "00001").Tensors("end/text_summary")
    told = json.loads(event.tensor_proto.string_val[0])
    assert told == {"status": "STOPPED", "rung": 1, "reason": "worse than the others at rung 1"}


def test_where_a_run_comes_from_is_told(folder: SearchFolder) -> None:
    (event,) = events(folder, "00001").Tensors("lineage/text_summary")
    told = json.loads(event.tensor_proto.string_val[0])
    assert (told["run"], told["seed"], told["commit"], told["dirty"]) == (
        "0123456789ab-00001", 1, "f" * 40, False,
    )  # fmt: skip
    assert told["data"]["training"]["sha256"] == "ab" * 32
    assert told["config"]["trainer"]["num_epochs"] == 3
    assert event.wall_time == load_search(folder).runs[1].started / 1000


def test_parameters_that_change_are_a_text_at_their_epoch(project: Path) -> None:
    journal = ToyJournal(project / "runs" / "x" / "ab", toy_header("ab", tracking={"tensorboard": {}}))
    journal.trial(0)
    journal.change(0, 2, {"trainer.optimizer.lr": 0.5})
    journal.close()
    mirror(journal.folder, Project.here())
    (event,) = events(journal.folder, "00000").Tensors("params/text_summary")
    assert (event.step, json.loads(event.tensor_proto.string_val[0])) == (2, {"trainer.optimizer.lr": 0.5})


def test_a_torn_file_is_set_aside_and_no_longer_read(project: Path) -> None:
    journal = ToyJournal(project / "runs" / "x" / "ab", toy_header("ab", tracking={"tensorboard": {}}))
    journal.trial(0)
    journal.points(0, range(2))
    mirror(journal.folder, Project.here())
    (torn,) = journal.folder.tensorboard.glob("00000/*tfevents*")
    torn.write_bytes(torn.read_bytes()[:-20])
    journal.points(0, range(2, 3))
    journal.end(0)
    journal.close()
    mirror(journal.folder, Project.here())
    assert [event.step for event in events(journal.folder, "00000").Scalars("validation/loss")] == [0, 1, 2]
    superseded = [path.name for path in journal.folder.tensorboard.rglob("*.superseded")]
    assert len(superseded) == 1
    assert "tfevents" not in superseded[0]


def test_whole_trials_are_left_as_they_are(folder: SearchFolder) -> None:
    """A shipper that was killed after it had written everything, but before it had closed the search."""
    before = {path: path.stat().st_mtime_ns for path in folder.tensorboard.rglob("*tfevents*")}
    cursor = folder.cursor("tensorboard")
    cursor.write_text(cursor.read_text().replace("true", "false"))
    mirror(folder, Project.here())
    assert "true" in cursor.read_text()
    assert {path: path.stat().st_mtime_ns for path in folder.tensorboard.rglob("*tfevents*")} == before
    assert len(before) == 4


def test_a_file_torn_off_at_its_beginning_is_a_missing_run(folder: SearchFolder) -> None:
    (file,) = (folder.tensorboard / "00001").glob("*tfevents*")
    file.write_bytes(file.read_bytes()[:100])
    found = verify_mirror(folder, Project.here(), "tensorboard", {})
    assert found.comparison is not None
    assert found.comparison.differences == (Difference("0123456789ab-00001", "missing"),)

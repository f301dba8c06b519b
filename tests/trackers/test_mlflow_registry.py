"""The best model of a search in MLflow's registry: one version a model, an alias that moves to it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
import pytest
from mlflow.models import Model

from tests.cli.models import train_model
from tests.trackers.mlflow_server import running_server
from toolkit.errors import TrackerError
from toolkit.pipeline import Pipeline
from toolkit.runs import Project, Search, Status, load_search
from toolkit.testing.toy import ToyJournal, toy_header
from toolkit.trackers import mirror
from toolkit.trackers._mlflow_registry import Registration, register_best

TEXTS = ["Autohaus Recknagel", "Tiefbau GmbH & Co. KG", "Hotel"]
REQUIRED = {"toolkit": "0.1.0", "torch": "2.13.0", "numpy": "2.4.6"}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train_model(tmp_path_factory.mktemp("a trained model"))


@pytest.fixture(scope="module")
def other_model(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same weights under another name: another archive."""
    path = tmp_path_factory.mktemp("another") / "model.tar.gz"
    return Pipeline.from_pretrained(model).save(path, metrics={"validation_loss": 0.25})


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("a project's root")


@pytest.fixture(scope="module")
def store(root: Path) -> str:
    return f"sqlite:///{root / 'mlflow.db'}"


def journal(root: Path, search_id: str, store: str, model: Path, **fields: Any) -> ToyJournal:
    """A search whose trial 0 is the best one and has the model; its end is not written."""
    provenance = {**toy_header().provenance, "versions": REQUIRED}
    fields = {"tracking": {"mlflow": {"uri": store}}, "provenance": provenance, **fields}
    journal = ToyJournal(root / "runs" / "toy names" / search_id, toy_header(search_id, **fields))
    journal.trial(0)
    journal.points(0, range(3))
    journal.end(0)
    give_model(journal, 0, model)
    return journal


def give_model(journal: ToyJournal, trial: int, model: Path) -> None:
    own = load_search(journal.folder).model(trial)
    own.parent.mkdir(parents=True)
    shutil.copyfile(model, own)
    journal.writer.append("artifact", trial, name="model", path=str(own))


def ended(journal: ToyJournal, root: Path, **end: Any) -> Search:
    journal.close(**end)
    (outcome,) = mirror(journal.folder, Project(root, home=root))
    assert outcome.error is None
    return load_search(journal.folder)


@pytest.fixture(scope="module")
def search(root: Path, store: str, model: Path) -> Search:
    return ended(journal(root, "feedc0ffee21", store, model), root)


@pytest.fixture(scope="module")
def registered(search: Search, root: Path) -> Registration:
    return register_best(search, Project(root, home=root), "names")


@pytest.fixture
def client(store: str) -> mlflow.MlflowClient:
    return mlflow.MlflowClient(tracking_uri=store, registry_uri=store)


def test_the_best_model_gets_a_version_and_the_alias(
    registered: Registration, client: mlflow.MlflowClient
) -> None:
    assert registered == Registration(
        name="names",
        version="1",
        alias="champion",
        is_new=True,
        replaced=None,
        run_id="feedc0ffee21-00000",
        metric="validation_loss",
        value=1.1 / 3,
    )
    version = client.get_model_version_by_alias("names", "champion")
    parent = client.get_run(version.run_id)
    assert (parent.data.tags["toolkit.run"], version.status) == ("feedc0ffee21", "READY")
    assert version.tags["toolkit.run"] == "feedc0ffee21-00000"
    assert version.tags["toolkit.search"] == "feedc0ffee21"
    assert float(version.tags["toolkit.value"]) == 1.1 / 3
    assert version.description == (
        "Best of toy names@feedc0ffee21: trial 0, epoch 2, validation_loss 0.3666666666666667"
    )


def test_the_files_have_signature_example_requirements_and_metadata(
    registered: Registration, client: mlflow.MlflowClient, tmp_path: Path
) -> None:
    version = client.get_model_version("names", "1")
    folder = version.source.rpartition("/models/")[2]
    path = Path(client.download_artifacts(version.run_id, f"models/{folder}", str(tmp_path)))
    about = Model.load(str(path))
    assert about.signature is not None
    assert about.signature.outputs.input_names() == ["labels", "probabilities"]
    assert about.metadata is not None
    assert about.metadata["toolkit.run"] == "feedc0ffee21-00000"
    assert about.flavors["python_function"]["loader_module"] == "toolkit.pyfunc"
    assert list(about.load_input_example(str(path))["text"]) == ["Autohaus Müller", "Bäckerei am Markt"]
    requirements = (path / "requirements.txt").read_text().splitlines()
    assert {"mlops-toolkit==0.1.0", "torch==2.13.0", "numpy==2.4.6"} <= set(requirements)


_ELSEWHERE = """
import json, sys
import mlflow, pandas as pd
texts = json.loads(sys.argv[2])
mlflow.set_tracking_uri(sys.argv[1])
model = mlflow.pyfunc.load_model("models:/names@champion")
frame = pd.DataFrame({"text": texts, "label": [""] * len(texts)})
given = [texts, [{"text": text} for text in texts], frame]
print(json.dumps([model.predict(one) for one in given]))
"""


def predicted_elsewhere(store: str) -> list[Any]:
    """What another process predicts, given texts, dictionaries and a frame."""
    call = [sys.executable, "-c", _ELSEWHERE, store, json.dumps(TEXTS)]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: list[Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.slow
def test_another_process_predicts_to_the_last_bit_what_the_pipeline_does(
    registered: Registration, store: str, model: Path
) -> None:
    pipeline = Pipeline.from_pretrained(model)
    assert predicted_elsewhere(store) == [[pipeline.predict(text) for text in TEXTS]] * 3


def test_a_frame_whose_first_column_are_no_texts_is_refused(
    registered: Registration, client: mlflow.MlflowClient
) -> None:
    source = client.get_model_version("names", "1").source
    loaded = mlflow.pyfunc.load_model(source)
    with pytest.raises(Exception, match="the first column must be 'text', it is 'label'"):
        loaded.predict(pd.DataFrame({"label": ["Hotels"], "text": ["Hotel"]}))


def test_the_same_model_gets_no_second_version(
    registered: Registration, search: Search, root: Path, client: mlflow.MlflowClient
) -> None:
    again = register_best(search, Project(root, home=root), "names")
    assert again == replace(registered, is_new=False)
    assert [v.version for v in client.search_model_versions("name = 'names'")] == [1]


def test_the_alias_moves_to_a_better_model_and_back(
    search: Search, root: Path, store: str, model: Path, other_model: Path, client: mlflow.MlflowClient
) -> None:
    project = Project(root, home=root)
    first = register_best(search, project, "moving", "best")
    other = journal(root, "feedc0ffee22", store, other_model)
    second = register_best(ended(other, root), project, "moving", "best")
    assert (second.version, second.is_new, second.replaced) == ("2", True, "1")
    back = register_best(search, project, "moving", "best")
    assert (back.version, back.is_new, back.replaced) == (first.version, False, "2")
    assert str(client.get_registered_model("moving").aliases["best"]) == "1"


def test_more_trials_leave_the_files_of_the_older_version_as_they_were(
    root: Path, store: str, model: Path, other_model: Path, client: mlflow.MlflowClient
) -> None:
    project = Project(root, home=root)
    begun = journal(root, "feedc0ffee23", store, model)
    register_best(ended(begun, root), project, "growing")
    more = ToyJournal(begun.folder.path, begun.header)
    more.writer.append("resume", num_trials=4)
    more.trial(3)
    more.points(3, range(9))
    more.end(3)
    give_model(more, 3, other_model)
    second = register_best(ended(more, root, best_trial=3), project, "growing")
    assert (second.run_id, second.replaced) == ("feedc0ffee23-00003", "1")
    for number, archive in (("1", model), ("2", other_model)):
        source = client.get_model_version("growing", number).source
        folder = Path(mlflow.artifacts.download_artifacts(source, tracking_uri=store))
        assert (folder / "data" / "model.tar.gz").read_bytes() == archive.read_bytes()


def test_a_trial_without_its_files_is_taken_from_the_run_in_mlflow(
    root: Path, store: str, other_model: Path, client: mlflow.MlflowClient
) -> None:
    search = ended(journal(root, "feedc0ffee24", store, other_model), root)
    shutil.rmtree(search.folder.path / "trials")
    assert register_best(search, Project(root, home=root), "pruned").version == "1"


def test_the_users_own_mlflow_is_left_alone(search: Search, root: Path, registered: Registration) -> None:
    before = (mlflow.get_tracking_uri(), mlflow.get_registry_uri(), mlflow.active_run())
    register_best(search, Project(root, home=root), "quietly")
    assert (mlflow.get_tracking_uri(), mlflow.get_registry_uri(), mlflow.active_run()) == before


def refusal(search: Search, root: Path, name: str = "names", alias: str = "champion") -> str:
    with pytest.raises(TrackerError) as caught:
        register_best(search, Project(root, home=root), name, alias)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_what_cannot_be_registered_is_told_in_one_line(
    search: Search, root: Path, tmp_path: Path, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "toy names@feedc0ffee21"
    assert refusal(replace(search, status=Status.INTERRUPTED), root).startswith(
        f"{address} has no model to register yet: it is INTERRUPTED"
    )
    stranger = replace(search, header=replace(search.header, id="0123"))
    assert (
        refusal(stranger, root) == "toy names@0123 is not in MLflow yet: `toolkit sync --to mlflow` ships it"
    )
    assert "Names cannot contain '/' or ':'" in refusal(search, root, name="a/b")
    assert "'latest' alias name (case insensitive) is reserved" in refusal(search, root, alias="latest")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://me:a-secret-word@127.0.0.1:1")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    away = refusal(search, root)
    assert "could not be registered in MLflow" in away
    assert "a-secret-word" not in away


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_server(tmp_path_factory.mktemp("server")) as url:
        yield url


@pytest.mark.slow
def test_a_server_serves_the_same_model(server: str, model: Path, tmp_path: Path) -> None:
    search = ended(journal(tmp_path, "feedc0ffee25", server, model), tmp_path)
    register_best(search, Project(tmp_path, home=tmp_path), "names")
    pipeline = Pipeline.from_pretrained(model)
    assert predicted_elsewhere(server) == [[pipeline.predict(text) for text in TEXTS]] * 3

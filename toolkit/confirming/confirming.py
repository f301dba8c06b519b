"""Is the winner real? Leaders trained again on fresh seeds, or their kept models, held against each other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isclose
from typing import TYPE_CHECKING

from rich.console import Console

from toolkit.confirming.judging import Contender, Judgement, judge, score_of
from toolkit.confirming.leaders import Field, Leader
from toolkit.confirming.predicting import Predictor
from toolkit.errors import NotFoundError, SearchError
from toolkit.leaderboard import best_point
from toolkit.leaderboard.ranking import why_unranked
from toolkit.runs import Project, Run, Search
from toolkit.runs.predictions import Predictions

if TYPE_CHECKING:
    from toolkit.confirming.retraining import Retrained

# Last digits: the search predicts with one thread, and keeps more of a probability.
_SAME = 1e-3


@dataclass(frozen=True)
class Confirmation:
    """What came of it.

    Attributes:
        seeds: fresh ones of each leader; None where nothing was trained.
        searches: those that trained the leaders again.
        models: of each leader, in their order: (search, run) of the models on fresh seeds that have a score.
        problems: one line for every model that is missing from the numbers, and why.
        failed: whether a fresh seed is among those.
    """

    field: Field
    judgement: Judgement
    seeds: int | None
    searches: Sequence[Search]
    models: Sequence[Sequence[tuple[Search, Run]]]
    problems: Sequence[str]
    failed: bool


def confirm(
    field: Field,
    seeds: int,
    project: Project,
    *,
    workers: int | None = None,
    console: Console | None = None,
) -> Confirmation:
    """Train the leaders again on so many fresh seeds, and hold the results against what the search said.

    Raises:
        DataError: a data file is missing, or is not the recorded one.
        ReplayError: a record does not suffice to train a leader again.
        SearchError: interrupted, or nothing came of the first leader.
    """
    # Imported here: Ray takes seconds, and kept models are judged without it.
    from toolkit.confirming.retraining import retrain

    retrained = retrain(field, seeds, project, workers, console)
    predictor = Predictor(project.root, _say(console))
    problems: list[str] = []
    contenders = [_contender(each, field, predictor, problems) for each in retrained]
    models = [
        [
            (each.search, run)
            for run, score in zip(each.runs, contender.scores, strict=True)
            if score is not None
        ]
        for each, contender in zip(retrained, contenders, strict=True)
    ]
    if not models[0]:
        raise SearchError(f"nothing came of the leader on fresh seeds: {problems[0]}")
    return Confirmation(
        field=field,
        judgement=judge(field, contenders),
        seeds=seeds,
        searches=list({each.search.folder.path: each.search for each in retrained}.values()),
        models=models,
        problems=problems,
        failed=any(len(there) < seeds for there in models),
    )


def _contender(each: "Retrained", field: Field, predictor: Predictor, problems: list[str]) -> Contender:
    """The scores and predictions of a leader's fresh seeds; what is missing is told among the problems."""
    yardstick = field.table.yardstick
    scores: list[float | None] = []
    said: list[Predictions | None] = []
    for seed, run in enumerate(each.runs):
        why, point = why_unranked(run, yardstick.metric), best_point(run, yardstick.metric, yardstick.mode)
        if why is None and point is not None:
            scores.append(float(point.metrics[yardstick.metric]))
            said.append(_predictions(predictor, each.search, run, problems))
        else:
            problems.append(f"{each.leader.name}, seed {seed} ({run.run_id}) {run.status}: {why}")
            scores.append(None)
            said.append(None)
    return Contender(each.leader, scores, said)


def judge_kept(field: Field, project: Project, *, console: Console | None = None) -> Confirmation:
    """Hold the models that the search kept against each other, by what they say of the validation data.

    Leaders whose model is gone are told and left out.

    Raises:
        DataError: the validation file is missing, or is not the recorded one.
        NotFoundError: the first leader's model is gone.
    """
    predictor = Predictor(project.root, _say(console))
    problems: list[str] = []
    contenders = []
    for leader in field.leaders:
        said = _predictions(predictor, leader.search, leader.run, problems)
        if said is not None:
            score = _score_of_kept(leader, said, field.table.yardstick.metric, problems)
            contenders.append(Contender(leader, [score], [said]))
        elif leader is field.leaders[0]:
            raise NotFoundError(f"without the first leader there is nothing to test against: {problems[0]}")
    return Confirmation(field, judge(field, contenders), None, [], [], problems, False)


def _score_of_kept(leader: Leader, said: Predictions, metric: str, problems: list[str]) -> float:
    score = score_of(said, metric)
    if score is None:
        return leader.score
    if not isclose(score, leader.score, rel_tol=_SAME, abs_tol=_SAME):
        problems.append(
            f"{leader.name}: its kept model has {score:.4f}, not {leader.score:.4f}, "
            "for it is of the epoch that is best by the search's own metric"
        )
    return score


def _say(console: Console | None) -> Callable[[str], None]:
    return (lambda line: None) if console is None else (lambda line: console.print(line, soft_wrap=True))


def _predictions(predictor: Predictor, search: Search, run: Run, problems: list[str]) -> Predictions | None:
    try:
        return predictor.of(search, run)
    except NotFoundError as error:
        problems.append(str(error))
        return None

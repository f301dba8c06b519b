"""Who has to prove itself: the first configurations of a leaderboard, each once.

A configuration is what a leader is: two runs that differ by their seed alone are one. A baseline stays in the
picture but has no seeds to try again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from toolkit.configuration.digest import digest_of
from toolkit.errors import JournalError, NotFoundError, SearchError
from toolkit.leaderboard import Row, Table
from toolkit.leaderboard.index import Index, answer, standings
from toolkit.leaderboard.index.finding import find_indexed
from toolkit.leaderboard.index.opening import over_index
from toolkit.leaderboard.question import Question
from toolkit.runs import Project, Run, Search, Status, load_search

RETRAINABLE = ("tune", "train")
"""The jobs whose runs have a configuration that trains again on another seed."""


@dataclass(frozen=True)
class Leader:
    """A run at the head of a leaderboard.

    Attributes:
        score: its value of the table's metric, at its best epoch.
    """

    search: Search
    run: Run
    row: Row
    score: float

    @property
    def name(self) -> str:
        return f"{self.search.experiment}/{self.run.trial}"

    @property
    def epochs(self) -> int:
        """How many epochs it is trained again, at most: as many as it might have had.

        One that was ended from outside, by the scheduler or a person, gets what it had: its score is to be
        confirmed, and it was reached with those.
        """
        given = self.run.config.get("trainer", {}).get("num_epochs")
        whole = self.run.status is Status.COMPLETED and isinstance(given, int)
        return given if whole else len(self.run.points)


@dataclass(frozen=True)
class Field:
    """The leaders of one table, best first.

    Attributes:
        entrants: how many runs had a rank: among so many the leader is the maximum.
        baselines: (name, score) of those that have a rank, best first.
        left_out: one line for each run that stood before the last leader and is none.
    """

    table: Table
    leaders: Sequence[Leader]
    entrants: int
    baselines: Sequence[tuple[str, float]]
    left_out: Sequence[str]


def choose_leaders(
    searches: Sequence[Search], count: int, metric: str | None = None, mode: str | None = None
) -> Field:
    """The first `count` configurations of the leaderboard over these searches.

    Args:
        metric, mode: as of `toolkit.leaderboard.rank`.

    Raises:
        NotFoundError: nothing has a rank, or fewer configurations have one.
        SearchError: the searches cannot be ranked together, a leader's search has not ended, or a leader was
            not trained by this package.
    """
    chosen_from = [search for search in searches if not search.confirms]
    _check_any(searches, chosen_from)
    by_name = {(search.experiment, search.id): search for search in chosen_from}
    return leaders_of(partial(answer, chosen_from), by_name.__getitem__, count, metric, mode)


def find_leaders(
    project: Project,
    addresses: Sequence[str],
    count: int,
    metric: str | None = None,
    mode: str | None = None,
    *,
    every: bool = False,
    unreadable: Callable[[JournalError], None],
) -> Field:
    """The same of the searches that the addresses name, through the index: few journals are read whole.

    Args:
        addresses, every: see `toolkit.runs.find.look_up`.
        unreadable: takes the error of each journal that cannot be read, when there are no addresses.

    Raises:
        BusyError: the index is locked by another process.
        JournalError: a journal that an address names cannot be read.
        NotFoundError, SearchError: besides, no search goes by an address, or there is none.
    """

    def over(index: Index) -> Field:
        found = find_indexed(index, project, addresses, every=every, unreadable=unreadable)
        if not found:
            raise NotFoundError(
                f"nothing to confirm: no search below {project.runs}; results/ alone do not suffice, "
                "`toolkit tune EXPERIMENT.yaml` runs one"
            )
        chosen_from = [search for search in found if not search.fresh_seeds]
        _check_any(found, chosen_from)
        places = {(search.experiment, search.id): search.place for search in chosen_from}

        @cache
        def search_of(name: tuple[str, str]) -> Search:
            return load_search(project.runs / places[name])

        return leaders_of(partial(standings, index, chosen_from), search_of, count, metric, mode)

    return over_index(project.runs, over)


def _check_any(found: Sequence[object], chosen_from: Sequence[object]) -> None:
    if found and not chosen_from:
        raise SearchError("these are leaders on fresh seeds already: name the searches that they come from")


def leaders_of(
    ask: Callable[[Question], list[Table]],
    search_of: Callable[[tuple[str, str]], Search],
    count: int,
    metric: str | None,
    mode: str | None,
) -> Field:
    """The leaders of what answers questions, asked for as many rows as it takes to find them.

    Args:
        search_of: gives the search with an (experiment, id).
    """
    question = Question(metric, mode, top=count, unranked=0)
    while True:
        table = _one_table(ask, question)
        leaders, left_out = _distinct(table, search_of, count)
        if len(leaders) == count or table.more_ranked == 0:
            break
        assert question.top is not None
        question = replace(question, top=4 * question.top)
    measured_by = table.yardstick.metric
    if not leaders:
        raise NotFoundError(f"no run but baselines has a usable {measured_by}: there is nothing to confirm")
    if len(leaders) < count:
        raise NotFoundError(
            f"{count} leaders were asked for, but only {len(leaders)} configurations have a usable "
            f"{measured_by}: ask for --top {len(leaders)}"
        )
    baselines = [row for row in table.ranked if row.job == "baseline"]
    return Field(
        table=table,
        leaders=leaders,
        entrants=len(table.ranked) + table.more_ranked - len(baselines),
        baselines=[(f"{row.experiment}/{row.trial}", float(row.metrics[measured_by])) for row in baselines],
        left_out=left_out,
    )


def _one_table(ask: Callable[[Question], list[Table]], question: Question) -> Table:
    tables = [table for table in ask(question) if table.ranked]
    if not tables:
        raise NotFoundError("there is nothing to confirm: no run has a rank yet")
    if len(tables) > 1:
        every = [table for table in ask(replace(question, top=None)) if table.ranked]
        told = "; ".join(", ".join(dict.fromkeys(row.experiment for row in table.rows)) for table in every)
        raise SearchError(
            f"these searches cannot be ranked together ({tables[1].reason}): name those of one table ({told})"
        )
    return tables[0]


def _distinct(
    table: Table, search_of: Callable[[tuple[str, str]], Search], count: int
) -> tuple[list[Leader], list[str]]:
    """The first so many configurations of the table, and what stood before the last of them."""
    leaders: dict[str, Leader] = {}
    left_out: list[str] = []
    for row in table.ranked:
        if len(leaders) == count:
            break
        if row.job == "baseline":
            continue
        search = search_of((row.experiment, row.search))
        leader = Leader(search, search.runs[row.trial], row, float(row.metrics[table.yardstick.metric]))
        _check(leader)
        twin = leaders.setdefault(_configuration(leader), leader)
        if twin is not leader:
            left_out.append(f"{leader.name} is {twin.name} with another seed")
    return list(leaders.values()), left_out


def _configuration(leader: Leader) -> str:
    """What makes a leader what it is, the seed aside: configuration, data, vocabulary and budget."""
    header, config = leader.search.header, leader.run.config
    trainer = {name: value for name, value in config.get("trainer", {}).items() if name != "random_seed"}
    return digest_of(
        {
            "pipeline": config.get("pipeline"),
            "trainer": trainer,
            "vocabulary": header.spec.get("vocabulary"),
            "training": header.data.get("training", {}).get("sha256"),
            "epochs": leader.epochs,
        }
    )


def _check(leader: Leader) -> None:
    header = leader.search.header
    if header.job not in RETRAINABLE:
        origin = "plain Ray Tune" if header.job == "ray" else f"a job {header.job!r}"
        raise SearchError(
            f"{leader.name} comes from {origin}: nothing here trains it again; "
            "name searches of `toolkit tune`"
        )
    if leader.search.status is Status.RUNNING:
        raise SearchError(
            f"{leader.search.experiment}@{leader.search.id}, of {leader.name}, has not ended: "
            "wait for it, or go on with it by the command that began it"
        )

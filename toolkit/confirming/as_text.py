"""A confirmation for people: one line for each leader, and what follows from them in sentences."""

from collections.abc import Iterator, Sequence

from toolkit.confirming.confirming import Confirmation
from toolkit.confirming.judging import Luck, Verdict
from toolkit.confirming.sealed_split import Opening
from toolkit.leaderboard.columns import MISSING, metric_in_words
from toolkit.leaderboard.statistics import CONFIDENCE, Interval
from toolkit.leaderboard.wording import headline


def as_lines(confirmation: Confirmation, opening: Opening | None) -> Iterator[str]:
    """The lines, without line feeds."""
    field, judgement = confirmation.field, confirmation.judgement
    yield headline(field.table)
    yield ""
    yield from _aligned(_table(confirmation))
    yield ""
    for line in field.left_out:
        yield f"Left out: {line}."
    for name, score in field.baselines:
        yield f"{name} is a baseline: it has no seed and stays at {metric_in_words(score)}."
    for line in confirmation.problems:
        yield f"Note: {line}."
    yield from _who_wins(judgement.verdicts, fresh=confirmation.seeds is not None)
    if judgement.luck is not None:
        yield from _of_luck(judgement.verdicts[0], judgement.luck)
    if confirmation.seeds is None:
        yield (
            "Nothing was trained: the same rows that chose these models judge them here, so the luck of the "
            "choice is still in these numbers. Without --no-retrain it is measured."
        )
    yield from _of_the_test(opening)


def _table(confirmation: Confirmation) -> list[list[str]]:
    reach = f"{CONFIDENCE:.0%} interval"
    fresh = confirmation.seeds is not None
    titles = ["rank", "run", "search"]
    titles += ["seeds", "mean", reach, "luck"] if fresh else ["model", reach]
    titles += ["best", "behind", reach, "McNemar"]
    return [titles, *(_row(verdict, fresh) for verdict in confirmation.judgement.verdicts)]


def _row(verdict: Verdict, fresh: bool) -> list[str]:
    there = sum(score is not None for score in verdict.scores)
    counted = str(there) if there == len(verdict.scores) else f"{there} of {len(verdict.scores)}"
    mean, interval = _number(verdict.mean), _interval(verdict.interval)
    measured = [counted, mean, interval, _signed(verdict.luck)] if fresh else [mean, interval]
    return [
        str(verdict.leader.row.rank),
        verdict.leader.name,
        _number(verdict.leader.score),
        *measured,
        MISSING if verdict.probability is None else f"{verdict.probability:.0%}",
        _signed(verdict.behind),
        _interval(verdict.behind_interval),
        MISSING if verdict.test is None else _p(verdict.test.p_holm),
    ]


def _number(value: float | None) -> str:
    return metric_in_words(value)


def _decimals(value: float) -> str:
    """Four of them, also of next to nothing: ends and differences stand beside scores."""
    return f"{value:.4f}" if abs(value) < 1e5 else f"{value:.3e}"


def _signed(value: float | None) -> str:
    return MISSING if value is None else f"{value:+.4f}"


def _interval(interval: Interval | None) -> str:
    return MISSING if interval is None else f"{_decimals(interval.low)} to {_decimals(interval.high)}"


def _p(value: float) -> str:
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell.ljust(width) if place == 1 else cell.rjust(width)  # names to the left, numbers to the right
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def _who_wins(verdicts: Sequence[Verdict], *, fresh: bool) -> Iterator[str]:
    known = [verdict for verdict in verdicts if verdict.probability is not None]
    if len(known) < 2:
        return
    first = verdicts[0]
    best = max(known, key=lambda verdict: verdict.probability or 0)
    where = "on fresh seeds" if fresh else "by its kept model"
    if best is first:
        yield (
            f"{first.leader.name} is the likeliest best of these {where} too, with probability "
            f"{first.probability:.0%}."
        )
    else:
        yield (
            f"{best.leader.name} is the likeliest best of these {where}, not {first.leader.name}: with "
            f"probability {best.probability:.0%} against {first.probability:.0%}."
        )


def _of_luck(first: Verdict, luck: Luck) -> Iterator[str]:
    if first.luck is not None:
        told = (
            "it had no luck in the search" if first.luck <= 0 else f"{_decimals(first.luck)} of it was luck"
        )
        yield (
            f"{first.leader.name} scored {_number(first.leader.score)} in the search and "
            f"{_number(first.mean)} on fresh seeds: {told}."
        )
    if luck.entrants == 1:
        return  # nobody chose
    yield (
        f"The best of {luck.entrants} equal configurations would look {_decimals(luck.expected)} better than "
        f"it is, with the deviation of {_decimals(luck.deviation)} that seeds make."
    )
    if luck.lead_then is not None and luck.lead_now is not None:
        now = "" if luck.lead_now >= 0 else " behind the best"
        yield (
            f"Its lead was {_decimals(luck.lead_then)} in the search; "
            f"on fresh seeds it is {_decimals(abs(luck.lead_now))}{now}."
        )


def _of_the_test(opening: Opening | None) -> Iterator[str]:
    if opening is None:
        return
    yield ""
    yield f"Test split {opening.path} ({opening.sha256[:8]}), {opening.rows} rows, opened:"
    rows = [["", "run", "metric", "mean", f"{CONFIDENCE:.0%} interval"]]
    for score in opening.scores:
        rows.append(["", score.name, score.metric, _number(score.mean), _interval(score.interval)])
    yield from _aligned(rows)

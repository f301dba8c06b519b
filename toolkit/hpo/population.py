"""Population based training, which a `TuneExperiment` cannot be run with: refused before the first epoch.

It gives a trial another trial's configuration and weights while it runs. Our trials are told by their
configuration which one they are, and a search whose trials depend on when others report is not reproducible.
"""

import inspect

from ray.tune.execution.tune_controller import TuneController
from ray.tune.schedulers import PopulationBasedTraining, PopulationBasedTrainingReplay, TrialScheduler

from toolkit.errors import SearchError


def refuse_changing_parameters(scheduler: TrialScheduler | None) -> None:
    """Refuse a scheduler that changes parameters on the way.

    Raises:
        SearchError: says what can be done instead.
    """
    if isinstance(scheduler, PopulationBasedTraining | PopulationBasedTrainingReplay):
        raise SearchError(
            f"{type(scheduler).__name__} changes a trial's parameters while it runs, which a TuneExperiment "
            "cannot: give ASHAScheduler, MedianStoppingRule or no scheduler. A training of your own that "
            "changes its parameters can say so in its journal, by lines of the kind params"
        )


def scheduler_in_charge() -> TrialScheduler | None:
    """The scheduler of the `tune.run` that is setting our callback up; None where nobody can be asked.

    Ray shows it to no callback, and experiments are not shown to schedulers of Ray's own: so this looks for
    Ray's controller among those who called.
    """
    frame = inspect.currentframe()
    while frame is not None:
        caller = frame.f_locals.get("self")
        if isinstance(caller, TuneController):
            return getattr(caller, "_scheduler_alg", None)
        frame = frame.f_back
    return None

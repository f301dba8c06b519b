"""Which epoch is the best so far, and when it is time to stop."""

import math
from dataclasses import dataclass

from toolkit.configuration import TrainerConfiguration


@dataclass
class Best:
    """Watches one metric over the epochs.

    NaN is worse than every number, so an epoch whose metric is NaN never becomes the best one unless
    it is the first.
    """

    smaller_is_better: bool
    patience: int | None
    epoch: int | None = None
    value: float = math.nan
    epochs_without: int = 0

    @classmethod
    def of(cls, config: TrainerConfiguration) -> "Best":
        """Direction and patience of the configuration."""
        return cls(config.smaller_is_better, config.patience)

    def update(self, epoch: int, value: float) -> bool:
        """Take the value of an epoch; whether it is the best so far."""
        improved = self.epoch is None or self._better(value)
        if improved:
            self.epoch, self.value, self.epochs_without = epoch, value, 0
        else:
            self.epochs_without += 1
        return improved

    @property
    def exhausted(self) -> bool:
        """Whether the patience is at its end."""
        return self.patience is not None and self.epochs_without >= self.patience

    def _better(self, value: float) -> bool:
        if math.isnan(self.value):
            return not math.isnan(value)
        return value < self.value if self.smaller_is_better else value > self.value

"""What whoever looks into the index's file must know of it, without loading what reads journals."""

FILE_NAME = "index.sqlite"
VERSION = 2
TRIAL_BITS = 32
"""A run's number is that of its search, followed by so many bits for its trial."""


def run_number(search: int, trial: int) -> int:
    return (search << TRIAL_BITS) + trial

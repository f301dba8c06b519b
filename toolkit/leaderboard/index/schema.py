"""What lies in the index: a row a search, a run and a point, and a column for each metric and hyperparameter.

A wide table is what makes a filter over a million runs a matter of tenths of a second. So each name that is
reported or configured gets a column of its own when it is first seen, up to `MOST_COLUMNS`; names beyond
that, and metrics of single labels (`validation_fscore__Elektriker`), share a JSON column (`more`).

A run holds the hyperparameters in which it differs from the first run of its search; that one's stand once,
in `search.shared`. NULL in a run's column therefore means "as in `shared`", and `ABSENT` that the run has no
such hyperparameter.
"""

import sqlite3

from toolkit.leaderboard.index_file import TRIAL_BITS, VERSION, run_number

__all__ = ["ABSENT", "MOST_COLUMNS", "TRIAL_BITS", "VERSION", "Fields", "create", "run_number"]

MOST_COLUMNS = 1_500
"""Of metrics and hyperparameters together; sqlite takes 2,000 columns a table."""

ABSENT = b""

# Lower scores are better: the value of the metric, negative where its direction is max. NULL has no rank.
_TABLES = """
CREATE TABLE search (
  number INTEGER PRIMARY KEY,
  place TEXT NOT NULL UNIQUE,      -- absolute path of its folder, or what a source calls it
  id TEXT NOT NULL,
  experiment TEXT NOT NULL,
  job TEXT NOT NULL,
  metric TEXT NOT NULL,
  mode TEXT NOT NULL,
  status TEXT NOT NULL,
  started INTEGER NOT NULL,
  validation TEXT,                 -- SHA-256
  validation_path TEXT,
  labels TEXT NOT NULL,            -- JSON list
  fresh_seeds INTEGER NOT NULL,    -- whether it trains leaders of other searches again
  header TEXT NOT NULL,            -- JSON, the first line of the journal as it counts now
  state TEXT NOT NULL,             -- JSON: what else the journal's next lines may change
  file TEXT NOT NULL,              -- inode, size and mtime of the journal as it was read to its end
  offset INTEGER NOT NULL,         -- bytes of the journal that are in here
  counts TEXT NOT NULL,            -- JSON: status -> number of runs
  best REAL,                       -- the lowest score of its runs
  shared TEXT NOT NULL,            -- JSON: hyperparameters of its first run: dotted path -> value
  sampled TEXT NOT NULL,           -- JSON list of paths
  varying TEXT NOT NULL,           -- JSON list of paths in which runs differ from `shared`
  others TEXT NOT NULL,            -- JSON list of paths that its first run does not have
  metrics TEXT NOT NULL            -- JSON list of names, as they first came
);
CREATE TABLE run (
  number INTEGER PRIMARY KEY,      -- (search << 32) + trial
  search INTEGER NOT NULL,
  trial INTEGER NOT NULL,
  run_id TEXT,                     -- NULL where it follows from the search's id and the trial
  status TEXT NOT NULL,
  score REAL,                      -- by the search's own metric at its best epoch
  epoch INTEGER,                   -- that epoch
  epochs INTEGER NOT NULL,
  rung INTEGER,
  unranked TEXT,                   -- why it has no rank
  training TEXT,                   -- digits of the SHA-256 of the training data
  "commit" TEXT,                   -- with + where the code had changes
  seconds REAL,
  started INTEGER NOT NULL,
  ended INTEGER,
  state TEXT NOT NULL,             -- JSON: what the next lines need of it
  more TEXT                        -- JSON: hyperparameters without a column
);
CREATE INDEX run_order ON run (search, score, trial);
CREATE TABLE point (
  run INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  step INTEGER NOT NULL,
  t INTEGER NOT NULL,
  seconds REAL,
  last INTEGER NOT NULL,
  more TEXT,                       -- JSON: metrics without a column
  PRIMARY KEY (run, epoch)
) WITHOUT ROWID;
CREATE TABLE field (
  number INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,              -- m: metric, p: hyperparameter
  name TEXT NOT NULL,
  place TEXT,                      -- its column; NULL where it is in `more`
  UNIQUE (kind, name)
);
"""


def create(database: sqlite3.Connection) -> None:
    """Make the tables in an empty database."""
    for statement in _TABLES.split(";\n"):
        database.execute(statement)
    database.execute(f"PRAGMA user_version = {VERSION}")


class Fields:
    """Which metric and hyperparameter stands in which column; a new name gets one."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self.metrics: dict[str, str | None] = {}
        self.params: dict[str, str | None] = {}
        self.read()

    def read(self) -> None:
        """Take in what the file says now: another process may have added some."""
        self.metrics.clear()
        self.params.clear()
        for kind, name, place in self._database.execute(
            "SELECT kind, name, place FROM field ORDER BY number"
        ):
            (self.metrics if kind == "m" else self.params)[name] = place

    def metric(self, name: str) -> str | None:
        """The column of a metric; None where it has none. Needs a transaction that writes."""
        if name not in self.metrics:
            self.metrics[name] = self._add("m", name, ("run", "point"))
        return self.metrics[name]

    def param(self, path: str) -> str | None:
        """The column of a hyperparameter; None where it has none. Needs a transaction that writes."""
        if path not in self.params:
            self.params[path] = self._add("p", path, ("run",))
        return self.params[path]

    def _add(self, kind: str, name: str, tables: tuple[str, ...]) -> str | None:
        columns = sum(place is not None for known in (self.metrics, self.params) for place in known.values())
        of_label = kind == "m" and "__" in name
        place = None if of_label or columns >= MOST_COLUMNS else f"{kind}{columns}"
        self._database.execute("INSERT INTO field (kind, name, place) VALUES (?, ?, ?)", (kind, name, place))
        if place is not None:
            for table in tables:
                self._database.execute(f"ALTER TABLE {table} ADD COLUMN {place}")
        return place

"""Any MLflow store, of our runs and of others: a database by SQL, a server by its API, a folder by its files.

A database is read without MLflow, which takes four seconds to import.
"""

from toolkit.leaderboard.sources.mlflow.source import MlflowSource, from_mlflow, opened

__all__ = ["MlflowSource", "from_mlflow", "opened"]

"""MLflow databases as older versions left them, made by MLflow's own migrations."""

from alembic import command
from mlflow.store.db import utils as tables
from mlflow.store.tracking.dbmodels.initial_models import Base

# Left to itself MLflow 3.17 migrates both without being asked, since tables are missing in both.
REVISIONS = {"of MLflow 2": "7f2a7d5fae7d", "the last but one": "75868b020152"}


def make_old_store(uri: str, revision: str) -> None:
    """Make the tables of that revision in an empty database."""
    engine = tables.create_sqlalchemy_engine(uri)
    Base.metadata.create_all(engine)
    config = tables._get_alembic_config(uri)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def revision_of(uri: str) -> str:
    engine = tables.create_sqlalchemy_engine(uri)
    try:
        return tables._get_schema_version(engine)
    finally:
        engine.dispose()

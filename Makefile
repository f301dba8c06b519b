# Everything a newcomer needs: `make repro` and `make test`. The path of the clone may hold spaces
# and apostrophes: every path here is relative.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
STAMP  := $(VENV)/.setup-done
EXTRAS := $(VENV)/.extras-done

export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
# No telemetry of any library unless the user turns it on.
export DVC_NO_ANALYTICS ?= 1
export RAY_USAGE_STATS_ENABLED ?= 0
export MLFLOW_DISABLE_TELEMETRY ?= true
export WANDB_ERROR_REPORTING ?= false
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV

.PHONY: help setup repro test test-slow lint
help:
	@echo "make repro      search, track and rank: the whole way on the embedded data"
	@echo "make test       lint, types and tests"
	@echo "make test-slow  clones, servers and a browser"
	@echo "make setup      only make .venv with the pinned dependencies"

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("toolkit needs Python 3.11 or newer, $(PYTHON) is %d.%d: call make PYTHON=python3.11" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@echo "installing the pinned dependencies into $(VENV) (two to three minutes the first time)"
	@$(PY) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

# The tracker that plugs in is for the slow tests alone, so nobody waits for it in `make setup`.
$(EXTRAS): $(STAMP)
	@$(PY) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,trackio]'
	@touch $@

repro: $(STAMP)
	@$(PY) -m dvc pull --quiet data.dvc
	@$(PY) -m dvc repro
	@$(PY) -m toolkit compare --top 10
	@$(PY) -m toolkit ui --where
	@$(PY) -m toolkit verify || true  # without git or a commit there is nothing to hold them against

lint: $(STAMP)
	@$(PY) -m ruff check toolkit toolkit_trackio tests benchmarks
	@$(PY) -m ruff format --check toolkit toolkit_trackio tests benchmarks
	@$(PY) -m mypy

test: lint
	@$(PY) -m dvc pull --quiet data.dvc
	@$(PY) -m pytest -m "not slow" tests

test-slow: $(EXTRAS)
	@$(PY) -m dvc pull --quiet data.dvc
	@$(PY) -m pytest -m slow tests

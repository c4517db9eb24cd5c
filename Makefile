# `make` alone lists what there is.

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
MAKEFLAGS += --no-print-directory

# The first that is new enough and really runs: a version manager may leave names behind that only print a complaint.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3 python3.14 python; do \
	$$python -c '$(NEW_ENOUGH)' >/dev/null 2>&1 && echo $$python && break; done)

BIN := .venv/bin
# of the tests, each with a database of its own; 0: this one alone, where all would share the one they are told
PROCESSES ?= $(if $(HEXMART_TEST_DATABASE_URL),0,2)
INSTALLED := .venv/.installed

# Every command that is started reads some six hundred modules: what they were compiled to is kept, whatever the environment says.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: install
install: $(INSTALLED)  ## make .venv with exactly what requirements.lock names

$(INSTALLED): requirements.lock pyproject.toml
	@if ! $(or $(PYTHON),false) -c '$(NEW_ENOUGH)' 2>/dev/null; then
		echo "Hexmart needs Python 3.11 or newer: install one, or name it with 'make $(or $(MAKECMDGOALS),install) PYTHON=/path/to/python3.11'." >&2
		exit 1
	fi
	if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then
		echo "$(PYTHON) cannot make virtual environments: install its venv package (on Debian and Ubuntu: apt install python3-venv)." >&2
		exit 1
	fi
	test -x $(BIN)/python && $(BIN)/python -c '$(NEW_ENOUGH)' && $(BIN)/python -m pip --version >/dev/null || $(PYTHON) -m venv --clear .venv
	echo "Installing what requirements.lock names into .venv ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.PHONY: demo
demo: $(INSTALLED)  ## a running platform with three brands in it, nothing else needed
	@exec $(BIN)/hexmart demo

.PHONY: demo-reset
demo-reset: $(INSTALLED)  ## throw the demo's data away and begin anew
	@exec $(BIN)/hexmart demo --reset

.PHONY: serve
serve: $(INSTALLED)  ## the web application
	@exec $(BIN)/hexmart serve

.PHONY: worker
worker: $(INSTALLED)  ## the worker: events, jobs, webhooks
	@exec $(BIN)/hexmart worker

.PHONY: migrate
migrate: $(INSTALLED)  ## bring the database up to date, plugins included
	@exec $(BIN)/hexmart migrate

# in their order: by the number of their tests, those files would come last that have one long test
.PHONY: test
test: $(INSTALLED)  ## every test, by two processes; PROCESSES=4 on a larger machine
	@$(BIN)/pytest -n $(PROCESSES) --dist loadfile --no-loadscope-reorder

.PHONY: lint
lint: $(INSTALLED)  ## style, format, types, direction of imports
	@$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: format
format: $(INSTALLED)  ## let ruff mend what it can
	@$(BIN)/ruff check --fix
	$(BIN)/ruff format

.PHONY: schema
schema: $(INSTALLED)  ## print schema/schema.graphql and the plugins' parts of it anew
	@$(BIN)/python -m hexmart.snapshots

.PHONY: docs
docs: $(INSTALLED)  ## write what docs/ says of errors, rules and permissions anew
	@$(BIN)/python -m hexmart.reference

.PHONY: bench
bench: $(INSTALLED)  ## the benchmarks
	@$(BIN)/python -m bench

.PHONY: proof
proof: $(INSTALLED)  ## the long runs, half an hour: crowds over HTTP, faults several times larger than in the tests, 50,000 documents
	@$(BIN)/python -m tests.proof

.PHONY: proof-clean
proof-clean:  ## from a fresh clone, as root and as a new user: demo, tour, restart, tests
	@tests/proof_clean.sh

.PHONY: lock
lock: $(INSTALLED)  ## resolve the ranges in pyproject.toml into requirements.lock anew
	@$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --upgrade \
		--no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet -o requirements.lock

.PHONY: clean
clean:  ## remove .venv and caches; the data in .hexmart stays
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

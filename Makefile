# The two commands: `make run` serves the app with a ready demo market; `make test` checks and tests everything.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.PHONY: help run setup setup-test test lint unit pages browser bench demo clean

PYTHON ?= $(shell for v in python3.11 python3.12 python3.13 python3; do \
	"$$v" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && { echo "$$v"; break; }; done)
BIN := .venv/bin
PORT ?= 8501
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

help:  ## What can be asked of this Makefile
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: setup  ## Serve the app at http://localhost:8501 (PORT=… to change it)
	$(BIN)/python -m mtaf_core demo
	$(BIN)/streamlit run streamlit_app.py --server.port $(PORT)

setup: .venv/.product  ## Make .venv with the pinned product

.venv/.product: requirements.txt requirements/compact.txt requirements/constraints.txt
	@test -n "$(PYTHON)" || { echo "MTAF needs Python 3.11, 3.12 or 3.13; install one, or say which: make PYTHON=/path/to/python3.11"; exit 2; }
	$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	$(PIP) -r requirements.txt -c requirements/constraints.txt
	$(PIP) --no-deps -r requirements/compact.txt
	@touch $@

setup-test: .venv/.test  ## Add what tests need, Chromium included

.venv/.test: .venv/.product requirements/dev.txt
	$(PIP) -r requirements/dev.txt -c requirements/constraints.txt
	@command -v chromium >/dev/null || { \
	  if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null \
	      || echo "Chromium could not be installed: browser tests will be skipped and say so."; \
	  else echo "Chromium is not installed and cannot be from here: browser tests will be skipped and say so."; fi; }
	@touch $@

test: setup-test lint  ## Format, lint, types, floors, unit, page and browser tests
	$(BIN)/python -m pytest

lint: setup-test  ## Format, lint, types and floors only
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: setup-test  ## Tests without a browser
	$(BIN)/python -m pytest -m "not browser"

browser: setup-test  ## Only the tests that drive a real browser
	$(BIN)/python -m pytest -m browser

bench: setup-test  ## Measure the speed and memory figures of docs/BENCHMARKS.md (an hour)
	$(BIN)/python -m benchmarks.speed
	$(BIN)/python -m benchmarks.reasoning
	$(BIN)/python -m benchmarks.editing
	$(BIN)/python -m benchmarks.importing
	$(BIN)/python -m benchmarks.training
	$(BIN)/python -m benchmarks.exploring

demo: setup  ## Simulate, render, extract and train the shipped demo market again (about half an hour)
	$(BIN)/python -m mtaf_core demo --rebuild --ship --workspace build/demo

clean:  ## Remove the virtual environment and caches; workspaces stay
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

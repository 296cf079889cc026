# make demo   install what running needs and watch the embedded booking platform
# make test   install what testing needs and run the tests
# make lint   format, lints, types, import directions
# make bench  cost and lag beside plain aiohttp and blackbox_exporter; time to page beside Prometheus and Alertmanager
# make matrix every fault of the sandbox against every kind of check, as a table
# make pairs  every two faults of the sandbox at once: which cause is named, and which one once that is repaired
# make soak   200 rounds of every kind without a fault, 1,000 kills at any moment: nothing found, nothing left; and 1,000
#             lives of daemon and receivers that are killed, fail and hang: everybody told, once and in order

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# Hashes are required and the project itself is built without fetching anything.
PIP    := $(BIN)/pip --disable-pip-version-check --quiet

.PHONY: demo test lint format bench matrix soak pairs runbooks lock clean
.DEFAULT_GOAL := demo

demo: $(VENV)/.run
	@$(BIN)/monitor demo $(DEMO_ARGS)

# Most tests wait for servers: two processes take half the time of one. A file of tests may share what it looks at, so
# it stays with one process.
test: $(VENV)/.dev
	@$(BIN)/python -m tests.tools
	$(BIN)/pytest --numprocesses=2 --dist=loadfile $(TEST_ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev
	@$(BIN)/python -m tests.tools
	$(BIN)/python -m tests.bench $(BENCH_ARGS)

matrix: $(VENV)/.dev
	@$(BIN)/python -m tests.matrix $(MATRIX_ARGS)

# Two faults at a time, of all that can coexist: half an hour for each half of the corpus.
pairs: $(VENV)/.dev
	@$(BIN)/python -m tests.diagnosis $(PAIRS_ARGS)

runbooks: $(VENV)/.run
	@$(BIN)/python -m monitor.diagnosis.runbook dashboards/runbooks

soak: $(VENV)/.dev
	@$(BIN)/python -m tests.soak $(SOAK_ARGS)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "monitor needs Python 3.11 or newer; name one: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; exit 1; }

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "installing monitor into $(VENV) …"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	@echo "installing monitor and its tests into $(VENV) …"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.run

# The lock files hold no address of any registry; uv is needed for this target only.
lock:
	uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 \
	  --group build pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 \
	  --group dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) .build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

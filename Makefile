# make run        the platform with its demo world on http://127.0.0.1:8000 (another port: make run PORT=8080)
# make test       the tests (on PostgreSQL: make test DB=postgresql; some of them: make test ARGS="tests/learning -k progress")
# make journeys   the tests in Chromium, each on every screen (make test takes one screen of each)
# make check      style, types, architecture, templates, catalogues
# make bench      the benchmarks
# make torture    kill a process a thousand times while it saves, hands in and marks (DB=postgresql: on PostgreSQL)
# make messages   new sentences into the catalogues
# make lock       newest versions into the locks (needs uv and npm)
# make screenshots, make clean
#
# Needs python3 with its venv module, make and git; nothing else.

PYTHON ?= python3
PORT ?= $(or $(KLASTERIS_PORT),8000)
DB ?= sqlite
JOBS ?= auto
BIN = .venv/bin
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCK = uv pip compile --quiet pyproject.toml --extra postgres --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate
BUNDLED := $(shell find frontend app/locale \( -name node_modules -o -name '*.mo*' \) -prune -o -type f -print 2>/dev/null)

run: .venv/.ok
	KLASTERIS_PORT=$(PORT) $(BIN)/klasteris serve --demo

test: .venv/.test
	KLASTERIS_TEST_DB=$(DB) $(BIN)/python -m pytest --numprocesses $(JOBS) --dist worksteal $(ARGS)

journeys: .venv/.test
	KLASTERIS_TEST_DB=$(DB) KLASTERIS_SCREENS=every $(BIN)/python -m pytest --numprocesses $(JOBS) tests/journeys $(ARGS)

bench: .venv/.test
	KLASTERIS_TEST_DB=$(DB) $(BIN)/python -m tests.benchmarks $(ARGS)

torture: .venv/.test
	KLASTERIS_TEST_DB=$(DB) $(BIN)/python -m tests.assessment.faults.torture $(ARGS)

check: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python -m tests.catalogues

screenshots: .venv/.test
	$(BIN)/python -m tests.screenshots $(ARGS)

messages: .venv/.test
	$(BIN)/python -m tests.catalogues --update

# Hosts are kept out of the locks, so that they say what is installed and not from where.
lock:
	$(LOCK) --upgrade --output-file requirements.lock
	$(LOCK) --upgrade --constraint requirements.lock --group test --output-file requirements-dev.lock
	cd frontend && npm install --package-lock-only --ignore-scripts

clean:
	rm -rf .venv app/static/dist frontend/node_modules
	find app/locale -name '*.mo' -delete

.venv/.deps: requirements.lock
	$(PYTHON) -m venv .venv
	$(PIP) --require-hashes -r requirements.lock
	touch $@

.venv/.ok: .venv/.deps pyproject.toml hatch_build.py $(BUNDLED)
	$(PIP) --no-deps --editable .
	touch $@

.venv/.test: .venv/.ok requirements-dev.lock
	$(PIP) --require-hashes -r requirements-dev.lock
	touch $@

.PHONY: run test journeys bench torture check screenshots messages lock clean

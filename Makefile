# The two main commands are `make run` and `make test`. Both build .venv first, from the committed locks.
VENV   ?= .venv
BIN    := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null && $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

# One process of pytest for each core. All tests of a file run in one process, since they share what the file sets up.
PYTEST := $(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

.PHONY: run test test-all coverage test-wheel test-release lint types docs docs-serve reference shown check lock clean
run: $(BIN)/.installed
	$(BIN)/commentariat run

# Without the tests that tests/long_tests.py names, and without those that CONTRIBUTING.md lists as slow.
test: $(BIN)/.installed-dev
	$(PYTEST) -m "not long and not slow and not release"

# With both. CI runs it.
test-all: $(BIN)/.installed-dev
	$(PYTEST) -m "not release" --durations 20

# The same, and a report of the lines that no test reaches.
coverage: $(BIN)/.installed-dev
	$(PYTEST) -m "not release" --cov --cov-report=term:skip-covered

# Tests against the wheel, without the slow ones. It is installed with access to the packages of .venv, and the tests run in a copy
# of the project without its own packages. A wheel differs from the checkout only if it lacks a file, so these are the
# whole runs, and the tests of the folders that read templates; tests of files that are not in the wheel are left out.
WHEEL := build/wheel
test-wheel: $(BIN)/.installed-dev
	rm -rf $(WHEEL) && mkdir -p $(WHEEL)/copy
	$(BIN)/python -m hatchling build --target wheel --directory $(WHEEL)
	$(BIN)/python -m venv --without-pip $(WHEEL)/venv
	$(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' > `echo $(WHEEL)/venv/lib/python3.*`/site-packages/of_venv.pth
	$(BIN)/python -m pip --disable-pip-version-check --python $(WHEEL)/venv/bin/python install --no-deps --no-index $(WHEEL)/*.whl
	git ls-files -z -- ':!flows' ':!tasks' ':!models' ':!warehouse' ':!training' ':!commentariat' ':!tests/training' \
		':!tests/test_wheel.py' ':!tests/test_project_rules.py' ':!tests/test_imports_run_one_way.py' \
		':!tests/flows/cli/test_export_training.py' \
		':!tests/documents/test_site.py' | tar --null -T - -cf $(WHEEL)/copy.tar
	tar -xf $(WHEEL)/copy.tar -C $(WHEEL)/copy
	cd $(WHEEL)/copy && $(PYTEST:$(BIN)/%=../venv/bin/%) -m "not slow and not release" tests/journeys tests/flows/explorer tests/flows/report tests/test_commentariat.py

# The tests of every combination of a process that can end and a step at which it ends; they take an hour or more.
test-release: $(BIN)/.installed-dev
	$(BIN)/python -m pytest -m release

lint: $(BIN)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(BIN)/.installed-dev
	$(BIN)/mypy

# Builds the documents as a site in build/site. It fails on a broken link or anchor, and on a page that is in no menu.
# Not with --quiet: mkdocs then counts no warnings, and --strict refuses nothing.
docs: $(BIN)/.installed-dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

# The pages that are generated from the code: command line, configuration, data dictionary, saved queries.
reference: $(BIN)/.installed-dev
	$(BIN)/python -m documents

# Writes the outputs that the README, the tutorial and the notebook show again, with the present model.
shown: $(BIN)/.installed-dev
	$(BIN)/python -m documents.refresh

docs-serve: $(BIN)/.installed-dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs serve

check: lint types docs test

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "commentariat needs Python 3.11 or newer with venv; set PYTHON=/path/to/python3" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# --no-deps: the lock names every package, so pip resolves nothing and installs no other package.
$(BIN)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(BIN)/.installed-dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $(BIN)/.installed $@

# Needs uv. The locks name versions and hashes and no index, so they work with any mirror.
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet pyproject.toml
lock:
	$(LOCK) -o requirements.lock
	$(LOCK) --group dev -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage*

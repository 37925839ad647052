# Every target makes and refreshes .venv itself; only python3 (3.11 or newer) and make
# are needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
RUN_STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
WORKERS ?= 3

.PHONY: install demo test quick check bench format lock clean

install: $(RUN_STAMP)

demo: $(RUN_STAMP)
	$(BIN)/gatehouse demo

# Files are begun in the order of tests/conftest.py, the slow ones first.
test: $(DEV_STAMP)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

quick: $(DEV_STAMP)
	$(BIN)/python -m pytest -m quick

check: $(DEV_STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

# Each prints what it measures; docs/benchmarks.md says how to read it.
bench: $(DEV_STAMP)
	for each in decoding reading storing acks; do \
	  $(BIN)/python -m benchmarks.$$each || exit 1; \
	done

format: $(DEV_STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Pin names, versions and hashes; never an address to download from.
lock: $(DEV_STAMP)
	$(PIP) install 'pip-tools>=7.6,<8'
	for extra in "" dev; do \
	  lock=requirements$${extra:+-$$extra}.lock; \
	  $(BIN)/pip-compile -q --generate-hashes --no-header --no-annotate \
	    --strip-extras --allow-unsafe $${extra:+--extra $$extra} \
	    --build-deps-for editable -o $$lock pyproject.toml || exit 1; \
	  sed -i -e '/^--/d' -e '/^$$/d' $$lock; \
	done

clean:
	rm -rf $(VENV) build test-output *.egg-info

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Gatehouse needs Python 3.11 or newer; set PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): requirements.lock pyproject.toml | $(BIN)/python
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): requirements-dev.lock $(RUN_STAMP)
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

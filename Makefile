# Everything a fresh machine needs: Python >= 3.11 and make. All else is installed into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

.PHONY: help setup browser demo test verify benchmark docs format clean

help:
	@echo "make demo       set up, evaluate the bundled real measurements, write reports in both languages"
	@echo "make test       set up, check format, types and room order, run all tests"
	@echo "make verify     the long checks (kill tests, fuzzing, browser)"
	@echo "make benchmark  speed and size against plain DuckDB and Polars"
	@echo "make docs       build the documentation site into build/docs"

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c "import sys; assert sys.version_info >= (3, 11), 'Diwen needs Python 3.11 or newer, this is ' + sys.version"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[test,browser,docs]"
	@touch $(STAMP)

setup: $(STAMP)

# The pages are tested in headless Chromium where there is one or it can be installed.
browser:
ifeq ($(CHROMIUM),)
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	fi || true
	@command -v chromium >/dev/null || echo "no Chromium here: the browser tests will be skipped"
endif

demo: setup
	$(BIN)/diwen demo

test: setup browser
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 2 -m "not verify"

verify: setup browser
	$(BIN)/pytest -n 2 -m "verify"

benchmark: setup
	$(BIN)/python -m benchmarks

docs: setup
	$(BIN)/python -m docs.build

format: setup
	$(BIN)/ruff format src tests benchmarks
	$(BIN)/ruff check --fix src tests benchmarks

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

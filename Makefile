# Everything happens in .venv; each target installs what it lacks.
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
DEMO := demo

.PHONY: demo demo-curate demo-train test test-slow browser lint types contract format docs speed clean

demo: demo-curate demo-train

demo-curate: $(VENV)/.base
	$(BIN)/skyscene demo --out $(DEMO)

demo-train: $(VENV)/.bench
	-$(BIN)/bench weights get  # without a network the table says which cells lack them
	$(BIN)/bench run mdgan --budget smoke --out $(DEMO)/runs

test: $(VENV)/.dev lint types contract browser
	-$(BIN)/bench weights get  # without a network, what needs them is skipped
	$(BIN)/python -m pytest -n 2

# Chromium clicks through a study in the tests; where it is missing they are skipped and say so.
browser:
	@if [ "$$CI" = true ] && [ "$$(id -u)" = 0 ] && [ -f /etc/debian_version ] && ! command -v chromedriver >/dev/null; then \
	  apt-get -qq update && apt-get -qq install -y --no-install-recommends chromium chromium-driver >/dev/null; \
	fi || true

test-slow: $(VENV)/.dev
	$(BIN)/python -m pytest -m slow -n 0

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

contract: $(VENV)/.dev
	$(BIN)/lint-imports

docs: $(VENV)/.dev
	$(BIN)/python tools/commands_page.py

speed: $(VENV)/.dev
	$(BIN)/python -m benchmarks.speed --write-readme

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(VENV)/bin/python:
	python3 -m venv $(VENV)

$(VENV)/.base: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) -e .
	touch $@

$(VENV)/.bench: $(VENV)/.base
	$(PIP) -e '.[bench,study]'
	touch $@

$(VENV)/.dev: $(VENV)/.base
	$(PIP) -e '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) $(DEMO) .mypy_cache .ruff_cache .pytest_cache

# Two commands are all the set-up: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q

.PHONY: demo test test-slow lint docs clean browser

demo: $(VENV)/.installed
	$(BIN)/testimony analyze corpus/ -o results/
	@echo "report: $(CURDIR)/results/report.html"

test: $(VENV)/.installed-test browser lint
	$(BIN)/python -m pytest -n 2 -m "not slow"

test-slow: $(VENV)/.installed-test browser
	$(BIN)/python -m pytest -m slow

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/mypy

docs: $(VENV)/.installed-test
	$(BIN)/python tests/docs/reference.py
	$(BIN)/mkdocs build --strict

# Debian's Chromium: the tests of the report open it in a real browser.
browser:
	@command -v chromium >/dev/null || { apt-get update -q && apt-get install -y -q --no-install-recommends chromium; } \
		|| { echo "make: the tests of the report need Debian's package chromium; install it as root: apt-get install chromium" >&2; exit 1; }

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) install -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-test: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) install -c constraints.txt -e '.[test,dask]'
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) results build dist .pytest_cache .ruff_cache .mypy_cache

# The two commands: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3
PORT ?= 8000
UV_VERSION := 0.13.9
BIN := .venv/bin
# uv does not read pip's configuration: pass on a local wheel folder where one is set.
export UV_FIND_LINKS := $(or $(UV_FIND_LINKS),$(PIP_FIND_LINKS))
export PYTHONWARNINGS :=

.PHONY: help install run chat test test-slow check lint format bench screenshots llama lock clean

help: ## what each target does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

install: .venv/.installed ## build the environment in .venv

.venv/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Deskmate needs Python 3.11 or newer: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --link-mode copy -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@# Load the serving modules once: Python keeps them compiled, and the first start is quick.
	@cd "$$(mktemp -d)" && env -u PYTHONDONTWRITEBYTECODE CHAINLIT_APP_ROOT="$$PWD" \
		$(CURDIR)/$(BIN)/python -W ignore -c "import assistant.desk, assistant.channels.terminal, chainlit.server, chainlit.cli" \
		>/dev/null 2>&1 || true
	@touch $@

run: install ## open the web chat on http://127.0.0.1:8000 (PORT= changes it)
	$(BIN)/deskmate web --port $(PORT)

chat: install ## chat in this terminal
	$(BIN)/deskmate chat

test: install ## the whole suite but what is marked slow
	$(BIN)/python -m pytest -m "not slow"

test-slow: install ## the large seeded runs: crashes, hostile sequences
	$(BIN)/python -m pytest -m slow

check: lint test ## format, lint, types, contracts, then the tests

lint: install ## format, lint, types and contracts alone
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/pyright
	$(BIN)/lint-imports

format: install ## rewrite the code in the house format
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench: install ## the measurements behind the figures
	$(BIN)/deskmate bench

screenshots: install ## make docs/screenshots again in a real browser
	$(BIN)/python -m tests.browser.screenshots

llama: install ## compile the optional in-process Llama (several minutes)
	CMAKE_ARGS="-DGGML_NATIVE=OFF -DLLAVA_BUILD=OFF" CMAKE_BUILD_PARALLEL_LEVEL=2 \
		$(BIN)/uv pip install --python $(BIN)/python --editable ".[llama]"

lock: ## resolve pyproject.toml into requirements.lock again
	$(BIN)/uv pip compile pyproject.toml --group dev --python-version 3.11 --prerelease=if-necessary \
		--no-emit-find-links --no-emit-index-url --no-header --quiet --output-file requirements.lock
	sed -i -E 's/^(torch==[0-9.]+)\+.*/\1/' requirements.lock

clean: ## remove what the targets built
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

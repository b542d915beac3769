PY ?= python3
BIN := .venv/bin
PYTEST_WORKERS ?= 2

.PHONY: demo run test check bench pictures
.DEFAULT_GOAL := demo

.venv/run: setup.cfg pyproject.toml
	@test -x $(BIN)/python || $(PY) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e . && touch $@

.venv/test: .venv/run
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[test]' && touch $@

demo: .venv/run
	$(BIN)/pos demo

run: .venv/run
	$(BIN)/pos serve

test: .venv/test
	$(BIN)/pytest -n $(PYTEST_WORKERS) --dist worksteal

check: .venv/test
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(MAKE) test

bench: .venv/test
	$(BIN)/python -m bench

pictures: .venv/test
	$(BIN)/python -m tests.pictures

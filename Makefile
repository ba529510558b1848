# Verbs of the project. Each creates what it needs; pre-commit and CI call these same verbs.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
SHARED := ../shared
DATA   ?= data

# The published files beside the checkout, where they lie there; otherwise they are downloaded.
FROM   := $(if $(wildcard $(SHARED)/published),--from $(SHARED)/published,)

.DEFAULT_GOAL := help
.PHONY: help study replicate test cover check fix format lint types unit bench gallery notebooks docs site vendor lock licences clean

help: ## list the verbs
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(STAMP): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(STAMP)

study: $(STAMP) ## the main job: crawl, build, analyse and report on the embedded sample
	$(BIN)/hf-carbon study --source sample --out $(DATA)

replicate: $(STAMP) ## published numbers of the 2023 study beside recomputed ones
	$(BIN)/hf-carbon replicate $(FROM)

check: format lint types test cover site ## format, lint, strict types, tests, coverage

fix: $(STAMP) ## format, and mend what can be mended by itself
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format .

format: $(STAMP) ## say which files are not formatted
	$(BIN)/ruff format --check .

lint: $(STAMP) ## style, docstrings, complexity
	$(BIN)/ruff check .

types: $(STAMP) ## strict static types
	$(BIN)/mypy

test: $(STAMP) ## all tests; those on real data are skipped, and say so, where it does not lie beside the checkout
	$(BIN)/pytest -n 2 --dist loadfile -rs --durations=12

cover: $(STAMP) ## the tests that need no real data, and how much of the code they run
	HF_CARBON_SHARED=absent $(BIN)/pytest -n 2 --dist loadfile -q --cov --cov-report=term:skip-covered --cov-fail-under=90

unit: $(STAMP) ## quick tests only
	$(BIN)/pytest -n 2 --dist loadfile -m "not slow and not browser"

bench: $(STAMP) ## measure, and write benchmarks/README.md from the measurements
	$(BIN)/python -m benchmarks

gallery: $(STAMP) ## a contact sheet of every figure of the replication
	$(BIN)/hf-carbon study --source published $(FROM) --out $(DATA)
	$(BIN)/python -m analysis.report.gallery $(DATA)/processed/published-2023-*

notebooks: $(STAMP) ## run the notebooks anew and keep their output
	$(BIN)/python -m docs.execute_notebooks

docs: $(STAMP) ## write the generated pages and the committed replication anew
	$(BIN)/python -m docs.generate
	$(BIN)/python -m docs.generate_commands
	$(BIN)/python -m docs.generate_validation

site: $(STAMP) ## build the documentation as pages, strictly
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build

vendor: $(STAMP) ## fetch the explorer's third-party files anew, pinned by SHA-256
	$(BIN)/python -m docs.vendor

lock: ## resolve the dependencies anew (needs uv)
	uv pip compile pyproject.toml --group dev --extra notebooks --extra cluster --universal --python-version 3.11 \
		--generate-hashes --no-strip-extras --no-emit-index-url --no-header -o requirements.lock

licences: $(STAMP) ## list the licences of what runs; fail on GPL, AGPL or none; SINCE=DAY names quiet dependencies
	$(BIN)/python -m docs.licences $(if $(SINCE),--quiet-since $(SINCE),)

clean: ## remove what can be made again (not data/raw)
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage* mutants data/processed/*/

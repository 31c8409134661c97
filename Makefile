# Needs python3.11 (or 3.12) and make; everything else is installed into .venv by itself.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3)
BIN := .venv/bin
READY := .venv/.ready
SHARED ?= ../shared
# The question of `make run`; a name with spaces is quoted: make run INTERVENTION='"vitamin D"' OUTCOME=
INTERVENTION ?= "vitamin D"
OUTCOME ?= exacerbation
# The pages to measure speed on: the real ones, where they lie beside the checkout.
PAGES ?= $(firstword $(wildcard $(SHARED)/corpora/vitamindwiki) corpus)
# ACCEPT=1 writes what was measured or printed into the documentation.
ACCEPT ?=
export OMP_NUM_THREADS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

SECONDS ?= 600
.PHONY: run test test-ray kgx check bench scale faults fuzz regexes golden accuracy lock wheel clean help
.DEFAULT_GOAL := help

help:  ## say what can be made
	@sed -n 's/^\([a-z-]*\):.*##/  make \1\t/p' Makefile

$(READY): requirements.lock pyproject.toml
	@echo "Setting up .venv (once, about a minute) ..."
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' \
		|| { echo "clinev needs Python 3.11 or 3.12; name one with: make PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation -e .
	@touch $(READY)

run: $(READY)  ## build the sample corpus and answer one question from it
	@$(BIN)/kg build corpus -o kg-out
	@echo; echo 'kg effects $(INTERVENTION) $(OUTCOME)'; echo
	@$(BIN)/kg effects $(INTERVENTION) $(OUTCOME)

test: $(READY)  ## run all tests
	@$(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist loadfile

test-ray: $(READY)  ## test --engine ray on a cluster of two nodes, started here (needs clinev[ray])
	@CLINEV_TEST_RAY=1 $(BIN)/python -m pytest -q tests/cluster

kgx: $(READY)  ## check the KGX export of the sample corpus with kgx (CLINEV_KGX names a Python that has it)
	@test -n "$(CLINEV_KGX)" || { echo "make kgx CLINEV_KGX=python-with-kgx: see tests/validate_kgx.py"; exit 1; }
	@$(BIN)/kg build corpus --model fast -o kg-out
	@$(BIN)/kg export -o kg-out --format kgx -t kg-out.kgx.json
	@$(BIN)/kg export -o kg-out --format kgx --registered -t kg-out.kgx-registered.json
	@code=0; for file in kg-out.kgx.json kg-out.kgx-registered.json; do \
		$(CLINEV_KGX) -I tests/validate_kgx.py $$file 2>/dev/null || code=1; rm -f $$file; done; exit $$code

check: $(READY)  ## ruff and mypy --strict
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy --strict

bench: $(READY)  ## measure speed, as ratios within one run; write it down with ACCEPT=1
	@$(BIN)/python -m benchmarks.startup $(if $(ACCEPT),--write)
	@OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.speed $(PAGES) $(if $(ACCEPT),--write)

scale: $(READY)  ## measure growth, rebuilds, graph writing and questions at size; write it down with ACCEPT=1
	@$(BIN)/python -m benchmarks.scale $(if $(ACCEPT),--write)

faults: $(READY)  ## kill builds, fill disks, turn back the clock: what came of it (some minutes; needs Linux)
	@$(BIN)/python -m tests.faults

fuzz: $(READY)  ## give the readers and the number grammar mutated bytes for SECONDS (600)
	@$(BIN)/python -m tests.faults.fuzz --seconds $(SECONDS)

regexes: $(READY)  ## time every regular expression on strings of 1 MB made to slow it down (long)
	@$(BIN)/python -m tests.faults.regexes

golden: $(READY)  ## what changed in the sample corpus's records and in the README's output; accept it with ACCEPT=1
	@$(BIN)/python -m tests.golden $(if $(ACCEPT),--accept)
	@$(BIN)/python -m tests.readme $(if $(ACCEPT),--accept)

accuracy: $(READY)  ## score every annotated set beside the published figures; write it down with ACCEPT=1
	@$(BIN)/python -m benchmarks.accuracy $(SHARED) $(if $(ACCEPT),--write)

lock: $(READY)  ## pin the newest versions that pyproject.toml allows
	@$(BIN)/pip-compile --quiet --upgrade --extra dev --strip-extras --allow-unsafe --generate-hashes \
		--no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-annotate \
		--output-file requirements.lock pyproject.toml

wheel: $(READY)  ## build the wheel
	@$(BIN)/python -m pip wheel -qq --no-deps --no-build-isolation -w dist .

clean:  ## remove the environment and everything that was built
	rm -rf .venv kg-out build dist

# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The one front door. Needs make, python3 and apt; everything else is brought by tools/bootstrap.
# A comment after two signs is the help text of a target.

MAKEFLAGS += --no-builtin-rules
RUN := tools/run
DEMO_DEBIAN ?= 13
JOBS ?= 2
# These run by name alone, as in `make molecule SCENARIOS=backup`: they take many minutes.
BY_NAME := backup ha_kills monitoring shards
SCENARIOS ?= $(filter-out $(BY_NAME),$(patsubst extensions/molecule/%/molecule.yml,%,$(wildcard extensions/molecule/*/molecule.yml)))
export DEMO_DEBIAN JOBS

.DEFAULT_GOAL := help
.PHONY: help demo demo-stop test lint sanity units packaging molecule coverage bench docs pins clean

help: ## show this
	@awk -F ':[^#]*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

demo: ## a mail server in a container, a message sent and read (DEMO_DEBIAN=12 or 13)
	@$(RUN) tools/bootstrap python $(DEMO_DEBIAN)
	@$(RUN) tools/demo/run

demo-stop: ## stop and remove the server of the demo
	@$(RUN) tools/demo/stop

test: ## everything: lint, sanity, units, packaging, molecule, coverage
	@$(RUN) tools/bootstrap python checks 12 13
	@$(RUN) tools/test lint,sanity,units,packaging molecule coverage

lint: ## style, types, documentation, shell (seconds)
	@$(RUN) tools/bootstrap python checks
	@$(RUN) tools/lint

sanity: ## Ansible's own tests of a collection
	@$(RUN) tools/bootstrap python checks
	@$(RUN) tools/sanity

units: ## unit tests (seconds)
	@$(RUN) tools/bootstrap python
	@$(RUN) tools/coverage units

packaging: ## build the tarball, install it elsewhere, run it from there
	@$(RUN) tools/bootstrap python 13
	@$(RUN) flock .testbed/locks/packaging pytest tests/packaging

molecule: ## scenarios on Debian 12 and 13 (SCENARIOS="default drift", JOBS=2)
	@$(RUN) tools/bootstrap python 12 13
	@printf '%s\n' $(SCENARIOS) | xargs -P $(JOBS) -I {} $(RUN) tools/run-scenario {}

coverage: ## the coverage of plugins/ by units and molecule together
	@$(RUN) tools/coverage report

bench: ## benchmarks against the best peer, into build/benchmarks.json (ONLY=name)
	@$(RUN) tools/bootstrap python 13
	@$(RUN) flock .testbed/locks/bench python tests/benchmarks/run.py $(ONLY)

docs: ## HTML pages of modules and roles, into build/docs
	@$(RUN) tools/bootstrap python checks
	@$(RUN) tools/build-docs

pins: ## renew requirements-test.txt from requirements-test.in
	@$(RUN) tools/bootstrap python
	@{ sed -n 1,2p requirements-test.in; echo '# Made from requirements-test.in by `make pins`.'; \
	$(RUN) uv pip compile -q --universal --python-version 3.11 --no-annotate --no-header requirements-test.in; \
	} >requirements-test.txt.new
	@mv requirements-test.txt.new requirements-test.txt

clean: ## remove containers, networks and everything that was built (images and .venv stay)
	@$(RUN) tools/clean

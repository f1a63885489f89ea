# The two commands of the README are `make demo` and `make test`. Everything else is for developers.

DATA ?= ../shared/data
OUT ?= target/demo
export CARGO_TERM_COLOR ?= auto

.PHONY: demo demo-real test test-long vectors mutants bench bench-own instructions header examples help

help: ## What there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# A command of the program, where ARGS begins with one: `compare` or `cancel-plan`.
COMMAND = $(filter compare cancel-plan,$(firstword $(ARGS)))

demo: ## The main job on drop400, or on INPUT=folder, then the rules side by side and a cancel plan; options with ARGS='…'
	@.ci/install rust
	@echo "building the demo…" >&2; cargo build -q --release -p allocator-examples --bin allocator-demo
	@cargo run -q --release -p allocator-examples --bin allocator-demo -- $(if $(COMMAND),,--with-plan) $(ARGS) \
		$(if $(INPUT),"$(INPUT)") $(if $(filter compare,$(COMMAND)),,--out "$(OUT)")

demo-real: ## The main job on real order streams below DATA=folder, compared with what is expected
	@.ci/install rust
	@cargo run -q --release -p allocator-examples --bin demo-real -- "$(DATA)"

test: ## Everything a change must pass
	@.ci/test

test-long: ## The long suites: a million random cases, ten million lines, planted bugs
	@ALLOCATOR_LONG=1 .ci/test-long

vectors: ## Run a vector file of any documented form: FILE=path
	@cargo run -q --release -p allocator-runner --bin vectors -- "$(FILE)"

mutants: ## Plant each committed bug and see the named test fail
	@.ci/mutants

bench: ## Time the kernel against NumPy, pandas, Polars, DuckDB and sorting: N=lines, ROUNDS=5, ONLY=scenario
	@N="$(N)" ROUNDS="$(ROUNDS)" ONLY="$(ONLY)" .ci/bench

bench-own: ## Time our own functions in finer detail (criterion)
	@cargo bench -p allocator-benches --features timing

instructions: ## Count instructions and write the counts that `make test` holds them against
	@UPDATE_INSTRUCTIONS=1 .ci/instructions

header: ## Write the C headers anew
	@UPDATE_HEADER=1 cargo test -q -p allocator-ffi --test header

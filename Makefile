# Everything a developer or a newcomer runs. `make help` lists it.
#
# Each target installs what it lacks and says so; on Debian and Ubuntu that needs root or sudo.

SHELL := /bin/bash
.DEFAULT_GOAL := help
CARGO ?= cargo

.PHONY: help
help: ## Show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build-deps
build-deps:
	@scripts/install-build-deps.sh

.PHONY: test-deps
test-deps: build-deps
	@scripts/install-test-servers.sh
	@scripts/install-bench-peers.sh

.PHONY: run
run: build-deps ## Build and start the server on http://127.0.0.1:8000 (ARGS="--port 0" and the like)
	$(CARGO) run --release --bin connection-manager -- $(ARGS)

.PHONY: demo
demo: test-deps ## Show the main job on throw-away SSH and FTP servers, then leave it running
	$(CARGO) build --release -p connection-http --bin connection-manager \
	  -p connection-tests --bin demo-servers
	@scripts/demo.sh

.PHONY: test
test: test-deps ## Run every test against real servers on loopback
	$(CARGO) test --workspace --all-targets
	$(CARGO) test --workspace --doc

.PHONY: soak
soak: test-deps ## Move gigabytes over one SSH connection, past every exchange of keys (minutes)
	TMPDIR=/dev/shm $(CARGO) test -p connection-core --lib -- --ignored --nocapture \
	  --test-threads=1 ssh::tests::soak

.PHONY: check
check: build-deps ## Formatting, lints, documentation, dependency directions, stale files
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --document-private-items
	$(CARGO) test --workspace --test architecture --test openapi
	@scripts/check-dependencies.sh

# With ARGS it measures what they say and prints it; without, everything, and writes the report.
.PHONY: bench
bench: test-deps ## Measure beside OpenSSH, Paramiko, rclone, lftp and curl, write BENCHMARKS.md
	$(CARGO) build --release --workspace --bin connection-manager --bin bench
	target/release/bench $(if $(ARGS),$(ARGS),--output BENCHMARKS.md)

.PHONY: bench-quick
bench-quick: test-deps ## Try that all of the bench works, with small sizes; the figures mean nothing
	$(CARGO) build --workspace --bin connection-manager --bin bench
	target/debug/bench --quick $(ARGS)

.PHONY: openapi
openapi: build-deps ## Write frontend-contract/openapi.json anew from the code
	$(CARGO) run --bin connection-manager -- --print-openapi > frontend-contract/openapi.json.new
	mv frontend-contract/openapi.json.new frontend-contract/openapi.json

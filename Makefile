# Muster's commands. Each installs what it lacks first (scripts/setup.sh).

PROGRAM = $${CARGO_TARGET_DIR:-target}/release/muster
export PATH := $(PATH):$(HOME)/.cargo/bin

.PHONY: run test chaos fuzz bench scan fmt clean

# Builds Muster and starts it on 127.0.0.1:8080 with demo data and its own PostgreSQL under ./data.
run:
	@scripts/setup.sh run
	cargo build --release --locked
	@exec $(PROGRAM) serve --demo --data ./data

# Format, lints, then every test, those in a browser too.
test:
	@scripts/setup.sh test
	cargo fmt --check
	cargo clippy --all-targets --locked -- -D warnings
	cargo test --locked

# 50,000 receivers while workers, database and mail server break (`make test` has 2,000).
chaos:
	@scripts/setup.sh test
	MUSTER_CHAOS_RECEIVERS=50000 cargo test --locked --test suite sending::chaos -- --nocapture

# Every call of the APIs with whatever its schema allows and does not, for ten minutes (`make test`: one).
fuzz:
	@scripts/setup.sh test
	MUSTER_FUZZ_SECONDS=600 MUSTER_FUZZ_SEED=$$(date +%Y%m%d) cargo test --locked --test suite api::fuzz -- --nocapture

# Speed and memory beside this machine's limits.
bench:
	@scripts/setup.sh run
	cargo bench --locked --bench muster

# wapiti and sqlmap against a demo of its own, for at most 15 minutes; what they found.
scan:
	@scripts/setup.sh run
	@scripts/scan.sh

fmt:
	cargo fmt

# What was built; the data stays.
clean:
	cargo clean
	rm -rf node_modules .api-tools

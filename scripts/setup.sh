#!/usr/bin/env bash
# Installs what this machine lacks, and says what it cannot install. Changes nothing when all is there.
#
#   scripts/setup.sh run    what `make run` needs: make, a C compiler, Rust, PostgreSQL's server programs
#   scripts/setup.sh test   that, and what the tests need: rustfmt, clippy, Chromium with its driver, Kannel,
#                           aiosmtpd, axe-core, the API tests' Python packages
#   scripts/setup.sh make   make alone
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PATH:${HOME:-}/.cargo/bin"
export DEBIAN_FRONTEND=noninteractive

say() { echo "setup: $*"; }
fail() { echo "setup: $*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# Runs a command as root; fails without a word when this user may not.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif have sudo && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
    sudo --preserve-env=DEBIAN_FRONTEND "$@"
  else
    return 1
  fi
}

# install WHAT PACKAGE…: Debian's packages; elsewhere, or without the right to, a message that says what is missing.
install() {
  local what=$1
  shift
  have apt-get || fail "missing: $what. Install it and start again (on Debian and Ubuntu: apt-get install $*)"
  say "missing: $what. Installing $*"
  as_root true || fail "missing: $what, and this user may not install it. As root: apt-get install $*"
  local try=(as_root apt-get install -y -q --no-install-recommends "$@")
  "${try[@]}" || { as_root apt-get update -q && "${try[@]}"; } || fail "apt-get could not install $*"
}

has_postgres() {
  have initdb && have postgres && return
  local bin
  for bin in /usr/lib/postgresql*/*/bin /usr/lib/postgresql*/bin /usr/pgsql*/bin /usr/libexec/postgresql* \
    /usr/local/pgsql*/bin /usr/local/opt/postgresql*/bin /opt/homebrew/opt/postgresql*/bin \
    /Applications/Postgres.app/Contents/Versions/*/bin; do
    [ -x "$bin/initdb" ] && [ -x "$bin/postgres" ] && return
  done
  return 1
}

# Muster runs a private cluster, so the package shall not make and start one of its own.
install_postgres() {
  local config=/etc/postgresql-common/createcluster.conf
  if have apt-get && [ ! -e "$config" ]; then
    install "PostgreSQL" postgresql-common
    as_root sed -i -E 's/^#? *create_main_cluster *=.*/create_main_cluster = false/' "$config"
  fi
  install "PostgreSQL's server" postgresql
  has_postgres || fail "PostgreSQL was installed, but its programs initdb and postgres are not where they are looked for"
}

has_browser() { { have chromium || have chromium-browser || have google-chrome; } && have chromedriver; }

has_kannel() { [ -x /usr/sbin/bearerbox ] && [ -x /usr/sbin/smsbox ] && [ -x /usr/lib/kannel/test/fakesmsc ]; }

# Debian's Python has it; another that comes first in the path may too.
has_mail_server() {
  have openssl && { python3 -c 'import aiosmtpd' || /usr/bin/python3 -c 'import aiosmtpd'; } 2>/dev/null
}

# A Python of their own, so that nothing of the system's is touched.
need_api_tools() {
  cmp -s tests/api-tools.txt .api-tools/installed.txt && return
  python3 -c 'import venv, ensurepip' 2>/dev/null || install "Python's venv" python3 python3-venv
  say "fetching the API tests' Python packages"
  rm -rf .api-tools
  python3 -m venv .api-tools
  .api-tools/bin/python -m pip install --quiet --disable-pip-version-check -r tests/api-tools.txt
  cp tests/api-tools.txt .api-tools/installed.txt
}

need_make() { have make || install "make" make; }

need_for_run() {
  need_make
  have cc || have gcc || have clang || install "a C compiler" gcc libc6-dev
  have cargo || fail "missing: Rust. Install it from https://rustup.rs (Rust 1.89 or newer), then start again"
  # With DATABASE_URL Muster uses that server and starts none.
  [ -n "${1:-}" ] || has_postgres || install_postgres
}

need_for_test() {
  need_for_run
  cargo fmt --version >/dev/null 2>&1 || fail "missing: rustfmt. Run: rustup component add rustfmt"
  cargo clippy --version >/dev/null 2>&1 || fail "missing: clippy. Run: rustup component add clippy"
  has_browser || install "Chromium and its driver" chromium chromium-driver
  has_browser || fail "chromium and chromedriver were installed, but are not in PATH"
  has_kannel || install "Kannel and its fake SMSC" kannel kannel-extras
  has_mail_server || install "the tests' mail server" python3 python3-aiosmtpd openssl
  has_mail_server || fail "aiosmtpd was installed, but neither python3 nor /usr/bin/python3 finds it"
  have npm || install "npm" nodejs npm
  # npm notes what it installed; older than the lock file, it is out of date.
  if [ ! -e node_modules/axe-core/axe.min.js ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    say "fetching the tests' npm packages"
    npm ci --ignore-scripts --no-audit --no-fund
  fi
  need_api_tools
}

case "${1:-}" in
  make) need_make ;;
  run) need_for_run "${DATABASE_URL:-}" ;;
  test) need_for_test ;;
  *) fail "usage: scripts/setup.sh run|test|make" ;;
esac

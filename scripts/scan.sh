#!/usr/bin/env bash
# Looks for holes with two known scanners, against a demo of its own on a free port, signed in: wapiti (crawls, then tries
# injections of every kind on what it found) and sqlmap (tries SQL on addresses with parameters). Prints what they found and
# fails if anything was; everything ends within MINUTES (15).
#
#   scripts/scan.sh            the debug or release build that is there, or a debug build
#   MINUTES=30 scripts/scan.sh
set -euo pipefail
cd "$(dirname "$0")/.."
export DEBIAN_FRONTEND=noninteractive PATH="$PATH:${HOME:-}/.cargo/bin"
minutes=${MINUTES:-15}

say() { echo "scan: $*"; }
fail() { echo "scan: $*" >&2; exit 2; }
have() { command -v "$1" >/dev/null 2>&1; }

install() {
  local package=$1
  have "$package" && return
  if have apt-get && apt-get install -y -q --no-install-recommends "$package" >/dev/null 2>&1; then return; fi
  # not every release of Debian has both: in a virtual environment of its own
  [ -d target/scan-tools ] || python3 -m venv target/scan-tools || fail "python3-venv is missing"
  target/scan-tools/bin/pip install -q "${2:-$package}" >/dev/null || fail "$package could not be installed"
}
install wapiti wapiti3
install sqlmap
export PATH="$PWD/target/scan-tools/bin:$PATH"

program=${CARGO_TARGET_DIR:-target}/release/muster
[ -x "$program" ] || program=${CARGO_TARGET_DIR:-target}/debug/muster
[ -x "$program" ] || cargo build --locked
work=$(mktemp -d /tmp/muster-scan.XXXXXX)
chmod 755 "$work"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
base=http://127.0.0.1:$port
"$program" serve --demo --data "$work/data" --listen "127.0.0.1:$port" >"$work/server.log" 2>&1 &
server=$!
stop() {
  kill "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  rm -rf "$work/data"
}
trap stop EXIT
for _ in $(seq 120); do curl -sf "$base/healthz" >/dev/null && break; sleep 0.5; done
curl -sf "$base/healthz" >/dev/null || fail "the demo did not start: $(tail -3 "$work/server.log")"

# signs in as the demo's Admin and prints the Cookie header
cookie() {
  local jar=$work/jar token
  token=$(curl -s -c "$jar" "$base/sign-in" | sed -n 's/.*name="csrf" value="\([^"]*\)".*/\1/p' | head -1)
  curl -s -o /dev/null -b "$jar" -c "$jar" --data-urlencode "csrf=$token" --data-urlencode email=admin@example.com \
    --data-urlencode password=muster-demo "$base/sign-in"
  awk '!/^# / && NF >= 7 { sub(/^#HttpOnly_/, ""); printf "%s%s=%s", sep, $6, $7; sep = "; " }' "$jar"
}
cookies=$(cookie)
curl -s -o /dev/null -w '%{http_code}' -H "Cookie: $cookies" "$base/" | grep -q 200 || fail "signing in did not work"

say "wapiti, for at most $((minutes * 2 / 3)) minutes"
# those of this version that need nothing outside
known=$(wapiti --list-modules 2>/dev/null | awk '/^\t[a-z_]+/ { print $1 }')
modules=$(for name in backup blindsql cookieflags crlf csp exec file htaccess http_headers methods permanentxss redirect \
  shellshock sql timesql xss; do grep -qx "$name" <<<"$known" && printf '%s,' "$name"; done)
timeout $((minutes * 40)) wapiti -u "$base/" --scope folder -H "Cookie: $cookies" \
  -x "$base/sign-out*" -x "$base/my-account/*" -x "$base/static/*" -x "$base/settings/dashboard-users/*" \
  -m "${modules%,}" --skip csrf --flush-session --store-session "$work/session" --max-scan-time $((minutes * 12)) \
  --max-attack-time $((minutes * 2)) -S normal --max-links-per-page 60 -d 5 --max-files-per-dir 12 --max-parameters 12 \
  --no-bugreport -v 1 -f json -o "$work/wapiti.json" >"$work/wapiti.log" 2>&1 || true
[ -s "$work/wapiti.json" ] || fail "wapiti left no report: $(tail -3 "$work/wapiti.log")"

say "sqlmap, for at most $((minutes / 3)) minutes"
cookies=$(cookie)
cat >"$work/addresses" <<ADDRESSES
$base/members?q=anna&group=1&blocked=no
$base/user-support?q=anna
$base/campaigns?q=coffee&status=live&kind=coupon&group=1
$base/settings/user-groups?q=club&state=active&type=public
$base/settings/user-groups/1?q=anna&at=2026-01-01T00:00
$base/settings/audit-log?q=member&about=member&from=2026-01-01&to=2030-01-01
$base/settings/channels/outbox?q=49&channel=sms&state=outbox&purpose=coupon&campaign=1
$base/campaigns/1/deliveries?q=anna&state=seen&group=1
$base/campaigns/1/codes?q=AB&state=free
ADDRESSES
timeout $((minutes * 20)) sqlmap -m "$work/addresses" --batch --headers "Cookie: $cookies" --dbms PostgreSQL --level 2 --risk 1 \
  --technique BEUSTQ --threads 4 --timeout 10 --retries 1 --smart --disable-coloring --output-dir "$work/sqlmap" \
  >"$work/sqlmap.log" 2>&1 || true

curl -sf "$base/healthz" >/dev/null || fail "the server did not survive: $(tail -5 "$work/server.log")"
echo
python3 - "$work/wapiti.json" <<'PYTHON'
import json, sys
report = json.load(open(sys.argv[1]))
pages = report.get("infos", {}).get("crawled_pages_nbr", "?")
print(f"wapiti: {pages} pages crawled")
for kind in ("vulnerabilities", "anomalies"):
    for name, found in sorted(report[kind].items()):
        for one in found:
            print(f"  {kind[:-1]} {name}: {one['method']} {one['path']} {one.get('parameter') or ''} {one['info'][:160]}")
count = sum(len(found) for kind in ("vulnerabilities", "anomalies") for found in report[kind].values())
print(f"wapiti: {count} findings")
PYTHON
injectable=$(grep -cE "is vulnerable|Type: .*(blind|query|error|stacked)" "$work/sqlmap.log" || true)
tested=$(grep -cE "testing URL|URL [0-9]+:" "$work/sqlmap.log" || true)
echo "sqlmap: $tested addresses begun, $injectable parameters that can be injected"
errors=$(grep -cE "ERROR|internal error|panicked" "$work/server.log" || true)
echo "server: $errors errors in its log"
echo "all of it: $work"
found=$(python3 -c 'import json, sys; r = json.load(open(sys.argv[1])); print(sum(len(f) for k in ("vulnerabilities", "anomalies") for f in r[k].values()))' "$work/wapiti.json")
[ "$found" -eq 0 ] && [ "$injectable" -eq 0 ] && [ "$errors" -eq 0 ]

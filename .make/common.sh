# Sourced by the other scripts: POSIX sh, nothing here does work by itself.
# shellcheck shell=sh
cd "$(dirname "$0")/.." || exit 1
VENV=${SV_VENV:-.venv}
BIN=$VENV/bin

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# The system's own python3 first: its venv package has a name that never changes.
find_python() {
  for candidate in python3 python3.13 python3.12 python3.11; do
    if has "$candidate" && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      PYTHON=$candidate
      return
    fi
  done
  fail "Python 3.11 or newer is needed. On Debian or Ubuntu: sudo apt-get install python3"
}

# WeasyPrint draws PDFs with these libraries; without them only the PDF pages would fail, and late.
has_pango() {
  "$PYTHON" - <<'PY'
import ctypes, ctypes.util, sys
for soname, name in (("libpango-1.0.so.0", "pango-1.0"), ("libpangoft2-1.0.so.0", "pangoft2-1.0"), ("libharfbuzz-subset.so.0", "harfbuzz-subset")):
    try:
        ctypes.CDLL(soname)
    except OSError:
        if not ctypes.util.find_library(name):
            sys.exit(1)
PY
}
PANGO_PACKAGES="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"

missing_for_run() {
  "$BIN/python" -c '' 2>/dev/null || "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || printf '%s ' "$PYTHON-venv"
  has_pango || printf '%s ' "$PANGO_PACKAGES"
}

# Install system packages as root, otherwise name them in one line and stop.
install_packages() {
  [ "$#" -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ] || ! has apt-get; then
    fail "System packages are missing. On Debian or Ubuntu: sudo apt-get install $*"
  fi
  say "Installing system packages: $*"
  # A package that comes with a service would start it; the tests start their own.
  quiet_services=/usr/sbin/policy-rc.d
  if [ -e "$quiet_services" ]; then quiet_services=; else printf '#!/bin/sh\nexit 101\n' >"$quiet_services"; chmod +x "$quiet_services"; fi
  apt_log=$(mktemp)
  apt_status=0
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >"$apt_log" 2>&1 || apt_status=$?
  [ -z "$quiet_services" ] || rm -f "$quiet_services"
  [ "$apt_status" = 0 ] || tail -n 15 "$apt_log" >&2
  rm -f "$apt_log"
  [ "$apt_status" = 0 ] || fail "These system packages could not be installed: $*"
}

stamp_is() { [ "$(cat "$VENV/.stamps/$1" 2>/dev/null)" = "$2" ]; }
stamp() { mkdir -p "$VENV/.stamps" && printf '%s\n' "$2" >"$VENV/.stamps/$1"; }
sum_of() { cat "$@" | sha256sum | cut -d ' ' -f 1; }

make_venv() {
  "$BIN/python" -c '' 2>/dev/null && return 0
  say "Making a Python environment in $VENV…"
  "$PYTHON" -m venv --clear "$VENV" || fail "The Python environment could not be made in $VENV."
}

# install_requirements NAME: the pinned files of requirements/NAME.txt, every one checked against its hash.
install_requirements() {
  wanted=$(sum_of "requirements/$1.txt")
  stamp_is "$1" "$wanted" && return 0
  total=$(grep -c '^[A-Za-z0-9].*==' "requirements/$1.txt")
  say "Installing $total Python packages (requirements/$1.txt)…"
  mkdir -p "$VENV/.stamps"
  pip_log=$VENV/.stamps/pip.log
  : >"$pip_log"
  {
    "$BIN/python" -m pip install --disable-pip-version-check --no-input --require-hashes \
      -r "requirements/$1.txt" 2>&1 || echo "PIP-FAILED"
  } | tee "$pip_log" | awk -v total="$total" '/^Collecting /{ n++; if (n % 20 == 0) { print "  " n " of about " total; fflush() } }
      /^Installing collected packages/{ print "  fetched, unpacking"; fflush() }'
  if grep -q '^PIP-FAILED$' "$pip_log"; then
    grep -v '^PIP-FAILED$' "$pip_log" | tail -n 12 >&2
    fail "The Python packages could not be installed. The whole log is in $pip_log."
  fi
  stamp "$1" "$wanted"
  # What tests need includes what the site needs.
  [ "$1" != test ] || stamp base "$(sum_of requirements/base.txt)"
}

# Sourced after common.sh: a throw-away PostgreSQL and Redis on unix sockets, gone when the script ends, however it ends.
# shellcheck shell=sh

postgres_bin() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

missing_for_services() {
  [ -n "$(postgres_bin)" ] || has initdb || printf 'postgresql '
  has redis-server || printf 'redis-server '
}

stop_services() {
  trap - EXIT INT TERM HUP
  [ -z "${REDIS_PID:-}" ] || kill "$REDIS_PID" 2>/dev/null || true
  [ ! -f "$WORK/pg/postmaster.pid" ] || as_postgres "$PGBIN/pg_ctl" -D "$WORK/pg" -m immediate stop >/dev/null 2>&1 || true
  wait 2>/dev/null || true
  rm -rf "$WORK"
}

# Sets WORK (removed at the end), PG_URL, REDIS_URL.
start_services() {
  # A short path: a unix socket's may have 107 characters.
  WORK=$(mktemp -d /tmp/sv.XXXXXX)
  trap stop_services EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  chmod 755 "$WORK"
  PGBIN=$(postgres_bin)
  [ -n "$PGBIN" ] || PGBIN=$(dirname "$(command -v initdb)")
  mkdir "$WORK/pg" "$WORK/sock"
  [ "$(id -u)" != 0 ] || chown postgres "$WORK/pg" "$WORK/sock"
  as_postgres "$PGBIN/initdb" -D "$WORK/pg" -U sv -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$WORK/initdb.log" 2>&1 ||
    { tail -n 5 "$WORK/initdb.log" >&2; fail "PostgreSQL could not make a database."; }
  # fsync only where durability is what a benchmark measures: PG_OPTIONS takes it back.
  as_postgres "$PGBIN/pg_ctl" -D "$WORK/pg" -w -l "$WORK/pg/log" -o "-c listen_addresses='' -k $WORK/sock ${PG_OPTIONS--F}" start >/dev/null ||
    { tail -n 5 "$WORK/pg/log" >&2; fail "PostgreSQL did not start."; }
  redis-server --port 0 --unixsocket "$WORK/redis.sock" --save '' --appendonly no --dir "$WORK" >"$WORK/redis.log" 2>&1 &
  REDIS_PID=$!
  tries=0
  until [ -S "$WORK/redis.sock" ]; do
    tries=$((tries + 1))
    [ "$tries" -le 100 ] && kill -0 "$REDIS_PID" 2>/dev/null || { tail -n 5 "$WORK/redis.log" >&2; fail "Redis did not start."; }
    sleep 0.1
  done
  PG_URL="postgres://sv@/postgres?host=$WORK/sock"
  REDIS_URL="redis+socket://$WORK/redis.sock"
}

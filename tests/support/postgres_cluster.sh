#!/usr/bin/env bash
# Runs a Postgres of its own for tests: data and Unix socket in a temporary folder, no TCP, and nothing durable unless
# MASTHEAD_DURABLE_POSTGRES is set. Prints that folder once connections are accepted, and stops and removes everything when its standard input
# ends: so it never outlives whoever started it, however that died.
set -eu
trap '' INT HUP PIPE

bin=$(pg_config --bindir 2>/dev/null || true)
if [ ! -x "$bin/initdb" ]; then bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -1); fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/masthead-postgres.XXXXXX")
as=()
if [ "$(id -u)" = 0 ]; then  # Postgres refuses to run as root.
  user=nobody
  if id postgres >/dev/null 2>&1; then user=postgres; fi
  chown "$user" "$folder"
  as=(setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups)
fi
server=
stop() {
  if [ -n "$server" ]; then kill -QUIT "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 1' TERM

durable=off
if [ -n "${MASTHEAD_DURABLE_POSTGRES:-}" ]; then durable=on; fi

cd /
"${as[@]}" "$bin/initdb" -D "$folder/data" -U masthead -A trust -E UTF8 --no-locale -N >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
"${as[@]}" "$bin/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c fsync="$durable" -c synchronous_commit="$durable" \
  -c full_page_writes="$durable" -c wal_level=minimal -c max_wal_senders=0 -c max_connections=300 -c shared_buffers=128MB \
  -c max_wal_size=4GB -c checkpoint_timeout=1h -c autovacuum_naptime=10s </dev/null >>"$folder/log" 2>&1 &
server=$!
for _ in $(seq 300); do
  if "$bin/pg_isready" -q -h "$folder" -U masthead -d postgres; then break; fi
  if ! kill -0 "$server" 2>/dev/null; then cat "$folder/log" >&2; exit 1; fi
  sleep 0.05
done
echo "$folder"
exec >&- 3<&0
cat <&3 >/dev/null &  # In the background, so that signals are heeded meanwhile.
wait $! || true

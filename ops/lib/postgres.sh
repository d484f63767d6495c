# shellcheck shell=bash disable=SC2034,SC2154
# A private cluster of PostgreSQL (15 or later). Uses $dir. Sourced by private-server, never run.

postgres_bin() {
  local newest
  newest=$(printf '%s\n' /usr/lib/postgresql/*/bin/pg_ctl | sort -V | tail -n 1)
  if [ -x "$newest" ]; then
    case $newest in */[0-9]/* | */1[0-4]/*) die "PostgreSQL 15 or later is needed; the newest here is $newest." ;; esac
    dirname "$newest"
  elif command -v pg_ctl >/dev/null; then
    dirname "$(realpath "$(command -v pg_ctl)")"
  else
    die "PostgreSQL is not installed." "Debian: apt-get install postgresql"
  fi
}

# The password is left out where there is none: in a cluster of the platform, and in one that an older release made.
postgres_where() {
  local password=$dir/secret/password
  printf 'Host=127.0.0.1;Port=%s;Database=postgres;Username=postgres%s\n' "$(cat "$dir/port")" \
    "$([ ! -s "$password" ] || printf ';Password=%s' "$(cat "$password")")"
}

postgres_data() { printf '%s/data\n' "$(realpath "$dir/place")"; }

# The file outlives a power cut, and its number may be another program's by then; the server's current folder is its
# data. The look is its own user's, because root in a container may not see where another user's program is.
postgres_pid() {
  local data pid
  data=$(postgres_data)
  pid=$(head -n 1 -- "$data/postmaster.pid" 2>/dev/null) || return 0
  if "${as_server[@]}" test "/proc/$pid/cwd" -ef "$data"; then printf '%s\n' "$pid"; fi
}

postgres_runs() { [ -n "$(postgres_pid)" ]; }

# A server that runs tells its port in its file's fourth line.
postgres_recall_port() {
  sed -n 4p "$(postgres_data)/postmaster.pid" >"$dir/port.new" && mv -f "$dir/port.new" "$dir/port"
}

# PostgreSQL takes any program of its own user for the server before it, and does not start. So that program's number
# makes room for one that no process has; the rest of the file is left for PostgreSQL to look at.
postgres_forget_pid() {
  local file
  file=$(postgres_data)/postmaster.pid
  [ ! -e "$file" ] || "${as_server[@]}" sed -i "1s/.*/$(cat /proc/sys/kernel/pid_max)/" "$file"
}

# The folder of the data gets its name last, so that no half of a cluster is ever taken for one. The superuser is made
# with a password, which only a cluster for tests keeps.
postgres_make() {
  local data
  data=$(postgres_data).new
  "${as_server[@]}" rm -rf -- "$data"
  make_secret "$dir/secret/password"
  write_for_server "$data.password" <"$dir/secret/password"
  # Ids are compared byte by byte, which every index of theirs does at each look.
  "${as_server[@]}" "$bin/initdb" -D "$data" -A scram-sha-256 --pwfile="$data.password" -U postgres -E UTF8 \
    --locale=C.UTF-8 --lc-collate=C --no-instructions >"$dir/initdb.log" 2>&1 || postgres_failed "$dir/initdb.log"
  "${as_server[@]}" rm -f "$data.password"
  postgres_admit "$data"
  {
    echo "listen_addresses = '127.0.0.1'"
    echo "max_connections = 300"
    # Room for the books' hot pages without taking the tests' or the broker's memory on a small machine.
    echo "shared_buffers = 512MB"
    echo "max_wal_size = 2GB"
    echo "log_timezone = 'UTC'"
    echo "timezone = 'UTC'"
    # A cluster made for tests alone need not survive a power cut. A crash or an immediate stop of the server is
    # another matter: the system's page cache outlives it, so those lose nothing even then.
    if [ "${ISF_SERVER_FSYNC:-on}" = off ]; then
      echo "fsync = off"
      echo "full_page_writes = off"
    fi
  } | "${as_server[@]}" tee -a "$data/postgresql.conf" >/dev/null || postgres_failed "$dir/initdb.log"
  "${as_server[@]}" mv -T "$data" "$(postgres_data)"
}

# Who may come in, for the data folder $1: each with a password over the loopback address; the superuser by the socket
# alone, and there only the server's own user, who has the data folder, in which the socket is, to itself. In a cluster
# for tests the superuser comes in with its password as well.
postgres_admit() {
  local data=$1 superuser=scram-sha-256 user=postgres
  if [ "$(id -u)" != 0 ]; then user=$(id -un); fi
  if [ "${ISF_SERVER_FOR:-tests}" = platform ]; then
    superuser=reject
    rm -rf "$dir/secret"
  fi
  printf '%s\n' 'local all postgres peer map=server' "host all postgres 127.0.0.1/32 $superuser" \
    'host all all 127.0.0.1/32 scram-sha-256' | write_for_server "$data/pg_hba.conf"
  printf 'server "%s" postgres\n' "$user" | write_for_server "$data/pg_ident.conf"
}

postgres_start() {
  local bin data
  bin=$(postgres_bin)
  data=$(postgres_data)
  made_now=false
  [ -e "$data" ] || made_now=true
  cd /
  signal_server CONT
  if postgres_runs; then
    [ -s "$dir/port" ] || postgres_recall_port
    [ "${ISF_SERVER_FOR:-tests}" = platform ] || return 0
  fi
  # An older release's cluster let everybody in. The platform's is closed at each start, while it is down.
  if [ "$made_now" = false ] && [ "${ISF_SERVER_FOR:-tests}" = platform ]; then
    postgres_end fast
    postgres_admit "$data"
  fi
  trap undo_start EXIT
  need_disk_space "$dir" 300
  make_folder
  data=$(postgres_data)
  if [ "$made_now" = true ]; then postgres_make; fi
  postgres_forget_pid
  [ -s "$dir/port" ] || take_port "$dir/port"
  # A port may be taken between the look and the start, or since the last run: then another is taken.
  for _ in 1 2 3 4 5; do
    "${as_server[@]}" truncate -s 0 "$data/../log" 2>/dev/null || true
    if "${as_server[@]}" "$bin/pg_ctl" start -w -t 60 -s -D "$data" -l "$data/../log" \
      -o "-p $(cat "$dir/port") -k ." >"$dir/start.log" 2>&1 9>&- </dev/null; then
      trap - EXIT
      return 0
    fi
    grep -q 'Address already in use' "$data/../log" || break
    take_port "$dir/port"
  done
  show_tail "$dir/start.log"
  postgres_failed "$data/../log"
}

postgres_failed() {
  show_tail "$1"
  if grep -q 'No space left on device' "$1"; then die "the disk is full; free some space and try again."; fi
  die "the private PostgreSQL in $dir did not start."
}

postgres_stop() { postgres_end fast; }
postgres_kill() { postgres_end immediate; }

postgres_end() {
  local bin
  bin=$(postgres_bin)
  cd /
  postgres_runs || return 0
  "${as_server[@]}" "$bin/pg_ctl" stop -s -w -t 60 -m "$1" -D "$(postgres_data)" >&2 ||
    "${as_server[@]}" "$bin/pg_ctl" stop -s -w -t 30 -m immediate -D "$(postgres_data)" >&2
}

# psql and its kin against this cluster, as its superuser and the server's own user: the program's name comes first. The
# socket is reached as the current folder's, because its path may be longer than a socket's name can be.
postgres_ctl() {
  local bin program
  bin=$(postgres_bin)
  program=$1
  shift
  cd "$(postgres_data)" || die "the files of the cluster in $dir are gone."
  PGHOST=/proc/self/cwd PGPORT=$(cat "$dir/port") PGUSER=postgres exec "${as_server[@]}" "$bin/$program" "$@"
}

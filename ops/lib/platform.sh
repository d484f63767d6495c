# shellcheck shell=bash disable=SC2034,SC2154,SC2094
# The parts of ops/run and ops/stop: the database, the broker, the hosts and nginx. Sourced, never run.

services=(funds support invoicing ledger reconciliation statements)
private=$root/ops/lib/private-server

name_places() {
  port=${ISF_PORT:-5080}
  if ! [[ $port =~ ^[1-9][0-9]{0,4}$ ]] || [ "$port" -gt 65535 ]; then die "ISF_PORT=$port is not a port."; fi
  home=$(realpath -m -- "${ISF_HOME:-$root}")
  state=$home/.isf/run
  logs=$home/.isf/log
  mkdir -p "$state" "$logs" || die "cannot write to $home/.isf."
  host=$root/services/Host/Isf.Host/bin/Release/net10.0/Isf.Host.dll
  export ISF_HOME=$home
  name_database "$home"
}

# The lock is held as long as this command runs, and closed (8<&-) in everything that outlives it.
need_one_run() {
  local file
  exec 8<"$state"
  flock -n 8 || die "another ops/run is at work in $home/.isf." "ops/stop ends it."
  for file in "$state"/*.keeper "$state"/*.process "$state/supervisor"; do
    if process_runs "$file"; then
      die "the platform runs already in $home/.isf; ops/stop ends it."
    fi
  done
  rm -f "$state"/*.keeper "$state"/*.process "$state/supervisor"
}

need_port() {
  ! port_is_open "$1" || die "port $1 is in use by another program." "Choose another:  ISF_PORT=5081 ops/run"
}

# The owner may make roles (one for each service) and is no superuser. Its password goes in on standard input, and into
# no log of the server's, not even when the statement fails.
start_database() {
  [ -z "${ISF_DATABASE:-}" ] || return 0
  step "starting the private PostgreSQL"
  make_database_secrets "${services[@]}" || die "cannot write to $secrets."
  ISF_SERVER_FOR=platform "$private" postgres start "$home/.isf/postgres" >/dev/null 8<&- || exit 1
  local sql=("$private" postgres ctl "$home/.isf/postgres" psql -X -q -A -t -v ON_ERROR_STOP=1)
  if [ -z "$("${sql[@]}" -c "select 1 from pg_roles where rolname = 'isf_owner'")" ]; then
    "${sql[@]}" -c 'create role isf_owner login createrole' || exit 1
  fi
  "${sql[@]}" <<<"set log_min_error_statement = panic; set log_statement = none;
    alter role isf_owner password '$(password_in "$secrets/owner.pgpass")'" || exit 1
  if [ -z "$("${sql[@]}" -c "select 1 from pg_database where datname = 'isf'")" ]; then
    "${sql[@]}" -c 'create database isf owner isf_owner' || exit 1
  fi
}

start_broker() {
  [ -z "${ISF_RABBITMQ:-}" ] || return 0
  step "starting the private RabbitMQ"
  ISF_SERVER_FOR=platform "$private" rabbitmq start "$home/.isf/rabbitmq" >/dev/null 8<&- || exit 1
  ISF_RABBITMQ="amqp://isf@127.0.0.1:$(cat "$home/.isf/rabbitmq/port")/"
  ISF_RABBITMQ_PASSWORD_FILE=$home/.isf/rabbitmq/secret/password
}

# The owner is known to ops/migrate alone: what is started afterwards does not hear of it.
migrate() {
  step "migrating the database"
  if [ -n "${ISF_DATABASE:-}" ] && [ -z "${ISF_DATABASE_OWNER:-}" ]; then
    say "ISF_DATABASE_OWNER is not set, so the database is taken as it is."
  elif ! apart_log=$logs/migrate.log run_apart "$root/ops/migrate"; then
    show_tail "$logs/migrate.log" 30
    die "the database could not be migrated (see above)."
  fi
  unset ISF_DATABASE_OWNER
}

# name, signal, command: kept running in a session of its own. In the foreground it ends with ops/run, however that ends.
keep() {
  local name=$1 signal=$2 apart=(setsid)
  shift 2
  [ "$detach" = true ] || apart+=(setpriv --pdeathsig TERM --)
  : >"$logs/$name.log"
  "${apart[@]}" "$root/ops/lib/keep-running" "$state/$name.process" "$logs/$name.log" "$signal" "$@" \
    </dev/null >>"$logs/$name.log" 2>&1 8<&- &
  remember_process $! "$state/$name.keeper" && disown
}

# name, port, services, transport
start_host() {
  local passwords=$1 database
  [ "$3" != all ] || passwords=services
  database=${ISF_DATABASE:-$(private_database "$passwords")} || exit 1
  ISF_PORT=$2 ISF_SERVICES=$3 ISF_TRANSPORT=$4 ISF_DATABASE=$database ISF_RABBITMQ=${ISF_RABBITMQ:-} \
    ISF_RABBITMQ_PASSWORD_FILE=${ISF_RABBITMQ_PASSWORD_FILE:-} keep "$1" TERM dotnet "$host"
}

wait_until_ready() {
  local name=$1 at=$2
  for _ in $(seq 1 480); do
    if ! process_runs "$state/$name.keeper" || grep -qs 'ended by itself' "$logs/$name.log"; then
      show_tail "$logs/$name.log" 30
      die "$name ended while it was starting (see above)."
    fi
    if curl -fs -o /dev/null --max-time 5 "http://127.0.0.1:$at/health/ready"; then return 0; fi
    sleep 0.25
  done
  show_tail "$logs/$name.log" 30
  die "$name was not ready after two minutes."
}

start_one() {
  step "starting the six services in one process"
  start_host host "$port" all memory
  wait_until_ready host "$port"
}

start_six() {
  local service ports=() i
  step "starting the six services as six processes"
  for service in "${services[@]}"; do
    ports+=("$(free_port)")
    start_host "$service" "${ports[-1]}" "$service" rabbitmq
  done
  for i in "${!services[@]}"; do wait_until_ready "${services[$i]}" "${ports[$i]}"; done
  start_nginx "${ports[@]}"
}

# The template's places in the order of $services, then nginx in the foreground of its own session.
start_nginx() {
  local i edits=(-e "s|@PORT@|127.0.0.1:$port|")
  mkdir -p "$state/nginx"
  # No one process knows the whole interface; the golden copy does.
  cp "$root/services/Host/Isf.Host/openapi.v1.json" "$state/nginx/openapi.v1.json" || die "the interface's copy is gone."
  for i in "${!services[@]}"; do edits+=(-e "s|@${services[$i]^^}@|127.0.0.1:$1|") && shift; done
  # As root the workers stay root: they read under .isf/ alone, in a folder that no other user may be able to enter.
  if [ "$(id -u)" = 0 ]; then edits+=(-e '1i user root;'); fi
  sed "${edits[@]}" "$root/ops/nginx.conf.template" >"$state/nginx/nginx.conf"
  keep nginx QUIT /usr/sbin/nginx -p "$state/nginx" -c "$state/nginx/nginx.conf" -e "$logs/nginx.log"
  wait_until_ready nginx "$port"
}

# Runs until ops/run is told to stop, or somebody ends what keeps the hosts running.
watch_hosts() {
  local file
  while true; do
    for file in "$state"/*.keeper; do
      process_runs "$file" && continue
      die "what keeps $(basename "$file" .keeper) running was ended; everything is being stopped."
    done
    sleep 2 &
    wait $! || true
  done
}

# In order: no new requests, then the hosts together, then what they stand on. Only what was started here. Each keeper
# tells its process to end; one that has not ended in time, or has lost its keeper, is ended here.
stop_all() {
  trap '' INT TERM HUP
  trap - EXIT
  local file pid
  end_running
  end_keeper "$state/nginx.keeper"
  end_process "$state/nginx.process" TERM 5
  for file in "$state"/*.keeper; do end_keeper "$file"; done
  for file in "$state"/*.process; do end_process "$file" TERM 40; done
  for file in "$state"/*.keeper; do end_process "$file" KILL 5; done
  for kind in rabbitmq postgres; do
    if [ -e "$home/.isf/$kind/isf-private-server" ]; then "$private" "$kind" stop "$home/.isf/$kind" || true; fi
  done
  rm -rf -- "$state/nginx"
  rm -f "$state/supervisor"
}

# Told to end, its process told by it; not waited for.
end_keeper() {
  local pid
  process_runs "$1" || return 0
  read -r pid _ <"$1"
  kill -TERM "$pid" 2>/dev/null || true
}

# shellcheck shell=bash disable=SC2034,SC2154
# The servers of ops/test (and ops/bench): those that were named, containers, or private instances. Sourced, never run;
# $root is the repository, $folder this run's own.

# Sets $kind, and adds to $wanted what has to be installed for it. PostgreSQL always is: tests also look at the server
# that ops/run makes of it.
choose_servers() {
  kind=private
  wanted+=(postgresql)
  if [ "${containers:-}" = 1 ]; then
    kind=containers
    unset ISF_TEST_POSTGRES ISF_TEST_RABBITMQ ISF_TEST_POSTGRES_CONTROL ISF_TEST_RABBITMQ_CONTROL
    export ISF_TEST_SERVERS=containers
    "$root/ops/lib/engine" answers && return 0
    engine=$root/.isf/engine
    (need_packages podman runc debootstrap) || no_containers "podman could not be installed"
    return 0
  fi
  if "$root/ops/lib/engine" answers; then
    kind=containers
    return 0
  fi
  [ -n "${ISF_TEST_RABBITMQ:-}" ] || wanted+=(rabbitmq-server)
}

# In the background, while the build runs. Where an engine answers, the tests start their own containers. An engine is
# made in a session of its own: `finish` ends it half-way where it has to, while private servers are quickly there.
start_servers() {
  trap - EXIT INT TERM HUP
  if [ -n "${engine:-}" ]; then
    exec setsid "$root/ops/lib/engine" start "$engine" $$ >"$folder/engine.name"
  elif [ "$kind" = private ]; then
    start_private
  fi
}

# fsync is off unless asked for: what the tests break is the server's process, never the machine's power,
# and the system's page cache outlives a process. For the same reason its files are in memory where there is room: each
# test makes a database of some 1,400 files and drops it, which on a disk takes half of the server's time.
start_private() {
  local place=disk
  umask 077 # the servers' lines hold passwords
  [ "${ISF_TEST_FSYNC:-off}" != off ] || place=memory
  if [ -z "${ISF_TEST_POSTGRES:-}" ]; then
    ISF_SERVER_FSYNC=${ISF_TEST_FSYNC:-off} ISF_SERVER_IN=$place \
      "$root/ops/lib/private-server" postgres start "$folder/postgres" >"$folder/postgres.name" || return 1
  fi
  if [ -z "${ISF_TEST_RABBITMQ:-}" ]; then
    "$root/ops/lib/private-server" rabbitmq start "$folder/rabbitmq" >"$folder/rabbitmq.name" || return 1
  fi
}

wait_for_servers() {
  wait "$servers" && return 0
  [ -z "${engine:-}" ] || no_containers "an engine could not be made (see above)"
  die "the tests' servers did not start (see above)."
}

# Nothing that a test says is wrong: there is no container to ask it in. The exit code tells the two apart.
no_containers() {
  say "No containers: $1."
  exit 3
}

name_servers() {
  if [ -n "${engine:-}" ]; then name_engine; elif [ "$kind" = private ]; then name_private; fi
  export ISF_TEST_FOLDER=$folder
  # What tests leave in the temporary folder goes with the run, servers included. A socket's path is at most 107 long.
  if [ "${#folder}" -le 50 ]; then
    mkdir -p "$folder/tmp"
    export TMPDIR=$folder/tmp
  fi
}

name_private() {
  [ -n "${ISF_TEST_POSTGRES:-}" ] || ISF_TEST_POSTGRES=$(cat "$folder/postgres.name")
  [ -n "${ISF_TEST_RABBITMQ:-}" ] || ISF_TEST_RABBITMQ=$(cat "$folder/rabbitmq.name")
  export ISF_TEST_POSTGRES ISF_TEST_RABBITMQ
  # For a test that stops and starts servers: it makes its own with this script, under this folder.
  export ISF_TEST_POSTGRES_CONTROL=$root/ops/lib/private-server
  export ISF_TEST_RABBITMQ_CONTROL=$root/ops/lib/private-server
  step "PostgreSQL and RabbitMQ are up"
}

# What a killed run leaves goes with the engine, which has no image of Testcontainers' own cleaner.
name_engine() {
  DOCKER_HOST=$(cat "$folder/engine.name")
  export DOCKER_HOST TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1 TESTCONTAINERS_RYUK_DISABLED=true
  export ISF_TEST_POSTGRES_IMAGE=localhost/isf-postgres ISF_TEST_RABBITMQ_IMAGE=localhost/isf-rabbitmq
  step "a container engine is up: $("$root/ops/lib/engine" podman "$engine" --version)"
}

# The tests of a project count to the servers that it says it took. What it was given by this run is private.
declare -A by_servers=()
count_servers() {
  local list=$folder/servers/$1 taken='no server'
  if [ -s "$list" ]; then
    grep '^none: ' "$list" | cut -d ' ' -f 2- | sort -u >>"$folder/no-containers" || true
    taken=$({ grep -v '^none: ' "$list" || true; } | sort | paste -sd ';' | sed 's/;/, /g')
    if [ -e "$folder/postgres.name" ]; then taken=${taken/PostgreSQL as given/PostgreSQL private}; fi
    if [ -e "$folder/rabbitmq.name" ]; then taken=${taken/RabbitMQ as given/RabbitMQ private}; fi
  fi
  by_servers[${taken:-no server}]=$((${by_servers[${taken:-no server}]:-0} + $2))
}

# Some tests had one, or none wanted any: then what failed has failed.
had_containers() {
  [ ! -s "$folder/no-containers" ] || grep -qsh ' in a container$' "$folder"/servers/*
}

tell_servers() {
  local taken line=
  [ ! -s "$folder/no-containers" ] || sort -u "$folder/no-containers" | sed 's/^/Servers: /' >&2
  while read -r taken; do
    line+="${line:+; }${by_servers[$taken]} tests on $taken"
  done < <(printf '%s\n' "${!by_servers[@]}" | sort)
  say "Servers: $line"
}

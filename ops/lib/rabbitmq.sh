# shellcheck shell=bash disable=SC2034,SC2154
# A private RabbitMQ of the distribution's package. Uses $dir. Sourced by private-server, never run.

rabbitmq_bin=/usr/lib/rabbitmq/bin
quiet_schedulers="+sbwt none +sbwtdcpu none +sbwtdio none"

# A broker that an older release made has RabbitMQ's own guest, until it is started for the platform.
rabbitmq_where() {
  local user=guest:guest
  if [ -s "$dir/secret/password" ]; then user=isf:$(cat "$dir/secret/password"); fi
  printf 'amqp://%s@127.0.0.1:%s/\n' "$user" "$(cat "$dir/port")"
}

# Put before a command: all that RabbitMQ and Erlang look up in their environment, pointed into the folder.
# The busy waiting of Erlang's schedulers is switched off: it would take a small machine's cores from the hosts.
rabbitmq_prepare() {
  local place
  place=$(realpath "$dir/place")
  in_broker=("${as_server[@]}" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
    HOME="$place" RABBITMQ_HOME="$rabbitmq_home" RABBITMQ_NODENAME=isf@localhost
    RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT="$(cat "$dir/port")"
    RABBITMQ_DIST_PORT="$(cat "$dir/dist-port")"
    ERL_EPMD_PORT="$(cat "$dir/epmd-port")" ERL_EPMD_ADDRESS=127.0.0.1
    RABBITMQ_MNESIA_BASE="$place/data" RABBITMQ_LOG_BASE="$place/log" RABBITMQ_PID_FILE="$place/pid"
    RABBITMQ_ENABLED_PLUGINS_FILE="$place/enabled_plugins" RABBITMQ_CONFIG_FILE="$place/rabbitmq.conf"
    RABBITMQ_CONF_ENV_FILE=/dev/null RABBITMQ_GENERATED_CONFIG_DIR="$place/config"
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1} $quiet_schedulers")
}

# The package's folder, beside the scripts that /usr/lib/rabbitmq/bin points to.
rabbitmq_home_of_package() {
  [ -x "$rabbitmq_bin/rabbitmq-server" ] ||
    die "RabbitMQ is not installed." "Debian: apt-get install rabbitmq-server"
  dirname "$(dirname "$(realpath "$rabbitmq_bin/rabbitmq-server")")"
}

rabbitmq_make() {
  local place
  place=$(realpath "$dir/place")
  "${as_server[@]}" mkdir -p "$place/data" "$place/log" "$place/config"
  if [ ! -e "$place/.erlang.cookie" ]; then
    od -An -N 16 -t x1 /dev/urandom | tr -d ' \n' | "${as_server[@]}" tee "$place/.erlang.cookie" >/dev/null
    "${as_server[@]}" chmod 400 "$place/.erlang.cookie"
  fi
  [ -e "$place/enabled_plugins" ] || echo '[].' | "${as_server[@]}" tee "$place/enabled_plugins" >/dev/null
  # A small write-ahead log: the quorum queues of a test or a small office do not need half a gigabyte of it.
  {
    printf '%s\n' 'log.file.level = warning' 'raft.wal_max_size_bytes = 67108864' 'disk_free_limit.absolute = 200MB'
    if [ -s "$dir/secret/password" ]; then
      printf '%s\n' 'default_user = isf' "default_pass = $(cat "$dir/secret/password")"
    fi
  } | write_for_server "$place/rabbitmq.conf"
}

# A broker that an older release made gets a user with a password in place of guest. The password is kept last: what was
# broken off is done again at the next start.
rabbitmq_close() {
  [ "${ISF_SERVER_FOR:-tests}" = platform ] && [ ! -s "$dir/secret/password" ] || return 0
  local secret
  secret=$(new_secret)
  {
    rabbitmq_ctl -q add_user isf <<<"$secret" || rabbitmq_ctl -q change_password isf <<<"$secret"
    rabbitmq_ctl -q set_permissions isf '.*' '.*' '.*' && rabbitmq_ctl -q delete_user guest
  } >"$dir/close.log" 2>&1 || {
    show_tail "$dir/close.log"
    die "the private RabbitMQ in $dir has no password, and could not be given one."
  }
  write_secret "$dir/secret/password" <<<"$secret"
}

# A broker that answers the protocol's header with a first frame takes connections; an open port alone does not say so.
rabbitmq_answers() {
  local first
  port_is_open "$(cat "$dir/port")" || return 1
  first=$( (
    exec 3<>"/dev/tcp/127.0.0.1/$(cat "$dir/port")"
    printf 'AMQP\x00\x00\x09\x01' >&3
    timeout 3 head -c 1 <&3 | od -An -t u1
  ) 2>/dev/null | tr -d ' ') || return 1
  [ "$first" = 1 ]
}

rabbitmq_pid() { if rabbitmq_runs; then cut -d' ' -f1 "$dir/broker.pid"; fi; }

rabbitmq_runs() { process_runs "$dir/broker.pid"; }

rabbitmq_start() {
  local rabbitmq_home
  rabbitmq_home=$(rabbitmq_home_of_package)
  signal_server CONT
  if is_ours && rabbitmq_runs && rabbitmq_answers; then
    rabbitmq_close
    return 0
  fi
  made_now=false
  is_ours || made_now=true
  # One that runs and does not answer, or whose ports were lost, would keep another from its place.
  rabbitmq_end_all TERM
  trap 'rabbitmq_end_all KILL; undo_start' EXIT
  need_disk_space "$dir" 500
  make_folder
  if [ "$made_now" = true ]; then make_secret "$dir/secret/password"; fi
  [ -s "$dir/port" ] || take_port "$dir/port"
  for _ in 1 2 3; do
    rabbitmq_try_start && trap - EXIT && rabbitmq_close && return 0
    rabbitmq_end_all KILL
    grep -qsE 'eaddrinuse|already in use' "$dir/start.log" "$dir"/place/log/* || break
    take_port "$dir/port"
  done
  show_tail "$dir/start.log"
  show_tail "$dir/place/log/isf@localhost.log"
  if grep -qs 'enospc' "$dir/start.log" "$dir"/place/log/*; then
    die "the disk is full; free some space and try again."
  fi
  die "the private RabbitMQ in $dir did not come up within 90 seconds." \
    "Look whether 'localhost' is in /etc/hosts and whether memory is short; then try again."
}

rabbitmq_try_start() {
  cd /
  take_port "$dir/dist-port"
  process_runs "$dir/epmd.pid" || take_port "$dir/epmd-port"
  rabbitmq_prepare
  rabbitmq_make
  "${as_server[@]}" rm -f "$(realpath "$dir/place")/log/isf@localhost.log"
  if ! process_runs "$dir/epmd.pid"; then
    # Started here and not by the broker, which would leave it behind with a pid that nobody knows.
    setsid "${in_broker[@]}" epmd -port "$(cat "$dir/epmd-port")" -address 127.0.0.1 \
      >"$dir/epmd.log" 2>&1 </dev/null 9>&- &
    remember_process $! "$dir/epmd.pid" && disown
  fi
  # RUNNING_UNDER_SYSTEMD makes the package's script exec Erlang, so that the pid is the broker's own.
  setsid "${in_broker[@]}" RUNNING_UNDER_SYSTEMD=true "$rabbitmq_bin/rabbitmq-server" \
    >"$dir/start.log" 2>&1 </dev/null 9>&- &
  remember_process $! "$dir/broker.pid" && disown
  for _ in $(seq 1 360); do
    rabbitmq_runs || return 1
    if rabbitmq_answers; then return 0; fi
    sleep 0.25
  done
  return 1
}

# $1: how the broker is asked to go. Its epmd outlives it and is ended by its own pid.
rabbitmq_end_all() {
  end_process "$dir/broker.pid" "$1" 30
  end_process "$dir/epmd.pid" TERM 5
}

rabbitmq_stop() { rabbitmq_end_all TERM; }
rabbitmq_kill() { end_process "$dir/broker.pid" KILL 10; }

rabbitmq_ctl() {
  local rabbitmq_home program=rabbitmqctl
  rabbitmq_home=$(rabbitmq_home_of_package)
  case ${1:-} in rabbitmq-*) program=$1 && shift ;; esac
  cd /
  rabbitmq_prepare
  "${in_broker[@]}" "$rabbitmq_bin/$program" "$@"
}

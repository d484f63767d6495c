# shellcheck shell=bash disable=SC2034,SC2154
# Processes that a file remembers, and commands run apart. Sourced, never run.

# True while the process that a file names still runs and is the same one (a pid may be given to another program).
# The file holds "pid start-time", both from /proc.
# Only with what bash has built in: a Ctrl-C that ended a program asked in between would make a live process look gone.
remember_process() {
  local process_state process_started
  look_at_process "$1" || true
  printf '%s %s\n' "$1" "$process_started" >"$2"
}
process_runs() {
  local pid='' started='' process_state process_started
  [ -e "$1" ] && read -r pid started <"$1" && [ -n "$started" ] || return 1
  look_at_process "$pid" && [ "$process_started" = "$started" ] && [ "$process_state" != Z ]
}
look_at_process() {
  local stat='' fields
  process_state='' process_started=''
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  read -r -a fields <<<"${stat##*) }"
  process_state=${fields[0]} process_started=${fields[19]}
}

# Ends a remembered process: the signal, then SIGKILL when it has not gone in time.
end_process() {
  local file=$1 signal=$2 seconds=$3 pid
  if process_runs "$file"; then
    read -r pid _ <"$file"
    kill "-$signal" "$pid" 2>/dev/null || true
    for _ in $(seq 1 $((seconds * 10))); do
      process_runs "$file" || break
      sleep 0.1
    done
    if process_runs "$file"; then kill -KILL "$pid" 2>/dev/null || true; fi
    for _ in $(seq 1 50); do
      process_runs "$file" || break
      sleep 0.1
    done
  fi
  rm -f "$file"
}

# Runs a command in a session of its own, so that all it starts can be ended together when we are broken off.
# Its output goes to the file that $apart_log names, if any: redirected here and not by the caller, so that what a
# trap says meanwhile is still seen.
run_apart() {
  local verdict=0
  if [ -n "${apart_log:-}" ]; then
    setsid "$@" </dev/null >"$apart_log" 2>&1 &
  else
    setsid "$@" </dev/null &
  fi
  running=$!
  wait "$running" || verdict=$?
  running=
  return "$verdict"
}

end_running() {
  [ -n "${running:-}" ] || return 0
  kill -TERM -- "-$running" 2>/dev/null || return 0
  sleep 1
  kill -KILL -- "-$running" 2>/dev/null || true
}

# A process and all that it started and that still runs, itself first.
family_of() {
  local parent=$1 stat fields line
  printf '%s\n' "$parent"
  for stat in /proc/[0-9]*/stat; do
    { read -r line <"$stat"; } 2>/dev/null || continue
    read -r -a fields <<<"${line##*) }"
    if [ "${fields[1]}" = "$parent" ]; then family_of "${line%% *}"; fi
  done
}

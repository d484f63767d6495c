# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# What ops/run says at its end: the sample's person, the address and how to get a token. Sourced, never run.

load_sample() {
  step "loading the sample"
  if ! run_apart "$root/ops/sample/load" "http://127.0.0.1:$port"; then
    die "the sample could not be loaded (see above)." "ops/run --no-sample starts without it; logs are in $logs."
  fi
}

print_summary() {
  # shellcheck source=/dev/null
  . "$root/ops/sample/ids.sh"
  step "ready"
  printf '\nThe platform is at http://127.0.0.1:%s  (its interface: /openapi/v1.json)\n' "$port"
  if [ -n "${ISF_AUTH_AUTHORITY:-}" ]; then
    printf '\nTokens come from %s.\n' "$ISF_AUTH_AUTHORITY"
    return 0
  fi
  # Tokens themselves are printed by ops/token alone: what is said here may be kept in a log.
  printf '\nTokens, each good for a day:\n'
  say_token holder-admin --holder "$SAMPLE_HOLDER"
  say_token holder-finance --holder "$SAMPLE_HOLDER"
  say_token holder-care --holder "$SAMPLE_HOLDER"
  say_token person --holder "$SAMPLE_HOLDER" --person "$SAMPLE_PERSON"
  say_token supporter --holder "$SAMPLE_HOLDER" --user "$SAMPLE_SUPPORTER"
  say_token council --council "$SAMPLE_COUNCIL"
  say_token auditor --holder "$SAMPLE_HOLDER"
  # A command line can be read by every user of the machine, so the token goes to curl in a pipe.
  printf '\nTry:  %s | sed "s/^/Authorization: Bearer /" |\n        curl -H @- http://127.0.0.1:%s/v1/funds\n' \
    "ops/token --role holder-finance --holder $SAMPLE_HOLDER" "$port"
}

say_token() { printf '  ops/token --role %s\n' "$*"; }

# shellcheck shell=bash disable=SC2034,SC2154
# The parts of ops/test, ops/bench and ops/mutate. Sourced, never run; $root is the repository, $folder this run's own.

# Others see by it that this run is alive.
make_run_folder() {
  mkdir -p "$folder"
  remember_process $$ "$folder/run"
}

# What a run left that was killed before it could clear up: the process that its folder names is no more.
clear_stale_runs() {
  local old
  for old in "$root"/.isf/test-* "$root"/.isf/bench-* "$root"/.isf/mutate-*; do
    [ -d "$old" ] || continue
    process_runs "$old/run" && continue
    # One that names none yet may have begun this moment.
    [ -s "$old/run" ] || [ -z "$(find "$old" -maxdepth 0 -mmin -1)" ] || continue
    remove_servers "$old"
    rm -rf -- "$old"
  done
}

# Also those that a test made for itself under ISF_TEST_FOLDER and did not get to remove.
remove_servers() {
  local mark
  find "$1" -name isf-private-server -type f 2>/dev/null | while read -r mark; do
    "$root/ops/lib/private-server" "$(cat "$mark")" remove "$(dirname "$mark")" </dev/null || true
  done
}

# The programs of one file under ops/, which no project builds.
check_programs() {
  local log=$folder/programs.log program
  step "building the programs under ops/"
  while read -r program; do
    apart_log=$log run_apart dotnet build "$program" -v q --nologo --disable-build-servers && continue
    grep -E 'error|warning' "$log" | sort -u | head -n 60 >&2 || tail -n 40 "$log" >&2
    die "${program#"$root"/} does not build (see above)."
  done < <(grep -rl '^#!/usr/bin/env dotnet' "$root/ops" --include='*.cs' | sort)
}

# The layout and the style of every C# file; the programs under ops/ belong to no project. Analyzers ran in the build.
check_format() {
  local log=$folder/format.log
  step "checking the format of the code"
  if ! apart_log=$log run_apart bash -c 'dotnet format whitespace "$0" --no-restore --verify-no-changes &&
    dotnet format style "$0" --no-restore --verify-no-changes &&
    dotnet format whitespace "$1" --folder --verify-no-changes' "$root/IsfPlatform.sln" "$root/ops"; then
    grep -E 'error|warning' "$log" | sort -u | head -n 60 >&2 || tail -n 40 "$log" >&2
    die "the code is not formatted (see above)." "Mend it with:  dotnet format IsfPlatform.sln"
  fi
}

# Every test project of the solution, those that need no server first; with --fast, those alone.
test_projects() {
  local order='House Domain Contracts Feature Story' name
  local all
  all=$(grep -o '"tests\\[^"]*\.Tests\.csproj"' "$root/IsfPlatform.sln" | tr -d '"\r' | sed 's|\\|/|g' | sort)
  [ "$fast" = 0 ] || all=$(grep -E '/Isf\.(House|Domain|Contracts)\.Tests\.csproj$' <<<"$all")
  for name in $order; do grep "/Isf\.$name\.Tests\.csproj$" <<<"$all" || true; done
  grep -vE "/Isf\.(${order// /|})\.Tests\.csproj$" <<<"$all" || true
}

# One project: its output as it comes, then its counts from the result file. A run that ends badly without naming a
# failed test (a crashed test host, say) counts as one failure.
run_project() {
  local project=$1 name result verdict=0 counters total ran ok
  shift
  name=$(basename "$project" .csproj)
  result=$folder/results/$name.trx
  step "$name"
  run_apart dotnet test "$root/$project" --no-build --nologo -c Release --results-directory "$folder/results" \
    --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=$(verbosity_of "$name")" \
    --blame-hang-timeout 10m --blame-hang-dump-type none "$@" || verdict=$?
  counters=$(grep -o '<Counters [^>]*>' "$result" 2>/dev/null) || counters=
  total=$(counter total) ran=$(counter executed) ok=$(counter passed)
  passed=$((passed + ok)) skipped=$((skipped + total - ran)) failed=$((failed + ran - ok))
  if [ "$verdict" != 0 ] && [ "$ran" = "$ok" ]; then
    say "$name ended with code $verdict though no test failed."
    failed=$((failed + 1))
  fi
  count_servers "$name" "$ran"
  if [ "$total" = 0 ]; then
    say "$name ran no test."
    empty=$((empty + 1))
  fi
}

# Counts as one failure if some answer that the interface's description names was produced by no test.
check_description() {
  step "comparing the description of the interface with what the tests saw"
  (cd "$root" && apart_log='' run_apart dotnet run ops/lib/described.cs -- "$ISF_TEST_SEEN") || failed=$((failed + 1))
}

# The failed tests of every project with what each said, gathered from the result files: the reader of a long log
# finds them together, at its end.
tell_failures() {
  local result
  for result in "$folder"/results/*.trx; do
    [ -f "$result" ] || continue
    awk '
      /<UnitTestResult / { lines = 0; told = 0; if (/ outcome="Failed"/) { told = 1
        name = $0; sub(/.* testName="/, "", name); sub(/" .*/, "", name); print "  FAILED  " name } }
      /<\/UnitTestResult>/ { told = 0 }
      told && /<Message>/ { saying = 1 }
      told && saying && lines < 30 { line = $0; gsub(/<[^>]*>/, "", line); sub(/^ */, "          ", line); print line; lines++ }
      /<\/StackTrace>/ { saying = 0 }
    ' "$result" | sed 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&#xD;//g; s/&#xA;/ /g; s/&amp;/\&/g' | cut -c1-400
  done
}

# The ten tests that took longest, so that whoever waits sees for what.
tell_slowest() {
  local results=("$folder"/results/*.trx)
  [ -f "${results[0]}" ] || return 0
  step "What took longest"
  { grep -ho '<UnitTestResult [^>]*>' "${results[@]}" || true; } |
    sed 's/.* testName="\([^"]*\)".* duration="\([^"]*\)".*/\2 \1/' | sort -r | awk 'NR <= 10' |
    sed 's/^\([0-9:]*\.[0-9]\)[0-9]* /  \1  /; s/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' | cut -c1-200
}

counter() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"${counters:-<Counters $1=\"0\" >}"; }

# The pure ones say thousands of names in seconds; the slow ones show each test as it passes.
verbosity_of() { case $1 in *.Feature.* | *.Story.*) echo normal ;; *) echo minimal ;; esac; }

# Ends what this run started, whatever state it is in.
finish() {
  trap '' INT TERM HUP
  trap - EXIT
  end_running
  if [ -n "${servers:-}" ] && [ -n "${engine:-}" ]; then kill -TERM -- "-$servers" 2>/dev/null || true; fi
  if [ -n "${servers:-}" ]; then wait "$servers" 2>/dev/null || true; fi
  remove_servers "$folder"
  if [ -n "${engine:-}" ]; then "$root/ops/lib/engine" stop "$engine" $$ </dev/null || true; fi
  rm -rf -- "$folder"
  rmdir "$root/.isf" 2>/dev/null || true
}

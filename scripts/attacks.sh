#!/usr/bin/env bash
# Runs every attack of docs/ATTACKS.md and prints what happened, a line each. Writes nothing.
set -euo pipefail

if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
  cat <<'TEXT'
usage: scripts/attacks.sh [--list]

Runs the test behind each row of docs/ATTACKS.md, crate by crate, and prints a line for each: `refused` when the attack
met what the table says, `GOT IN` when not. Fails when one got in, when a row's test is not there, or when a test of a
folder `attacks` has no row.
  --list   print the attacks and their tests, run nothing
TEXT
  exit 0
fi

cd "$(dirname "$0")/.."
readonly cargo=${CARGO:-cargo}
failures=0

# attack <tab> what happens <tab> crate <tab> test
rows=$(awk -F ' *\\| *' '/^\| .*`[a-z]+ [a-z_0-9:]+` \|$/ {
  split(substr($4, 2, length($4) - 2), at, " "); print $2 "\t" $3 "\t" at[1] "\t" at[2]
}' docs/ATTACKS.md)
readonly rows

if [ "${1:-}" = --list ]; then
  printf '%s\n' "$rows"
  exit 0
fi

mapfile -t crates < <(cut -f 3 <<<"$rows" | sort -u)
for crate in "${crates[@]}"; do
  mapfile -t tests < <(awk -F '\t' -v crate="$crate" '$3 == crate { print $4 }' <<<"$rows")
  present=$($cargo test --locked --quiet --package "$crate" --test it -- --list | sed -n 's/: test$//p')
  while read -r test; do
    if [ -n "$test" ] && ! printf '%s\n' "${tests[@]}" | grep -qxF "$test"; then
      printf 'NO ROW   %s %s: add one to docs/ATTACKS.md\n' "$crate" "$test"
      failures=$((failures + 1))
    fi
  done < <(grep '\battacks::' <<<"$present" || true)
  # One that does not hold must not hide the others: what each says is read from the output.
  said=$($cargo test --locked --package "$crate" --test it -- --exact "${tests[@]}" 2>&1 || true)
  while IFS=$'\t' read -r attack outcome _ test; do
    # The list of failures at the end: a verdict beside a test's name may be torn apart by what its processes write.
    if ! grep -qxF "$test" <<<"$present"; then
      printf 'NO TEST  %s: there is no %s %s\n' "$attack" "$crate" "$test"
      failures=$((failures + 1))
    elif grep -qE "^    $test\$" <<<"$said" || ! grep -q '^test result:' <<<"$said"; then
      printf 'GOT IN   %s: not %s (%s %s)\n' "$attack" "$outcome" "$crate" "$test"
      failures=$((failures + 1))
    else
      printf 'refused  %s: %s\n' "$attack" "$outcome"
    fi
  done < <(awk -F '\t' -v crate="$crate" '$3 == crate' <<<"$rows")
  grep -E '^(thread .* panicked|assertion)' -A 3 <<<"$said" >&2 || true
done

count=$(wc -l <<<"$rows")
if [ "$failures" -gt 0 ]; then
  echo "$failures of $count attacks are not as docs/ATTACKS.md says" >&2
  exit 1
fi
echo "$count attacks, all as docs/ATTACKS.md says"

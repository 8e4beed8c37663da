#!/usr/bin/env bash
# Gives each place where bytes of strangers are read first whatever libFuzzer thinks of.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/fuzz.sh [--dry-run] [TARGET...]

Runs cargo-fuzz on each target (default: all of fuzz/fuzz_targets) for FUZZ_SECONDS (default 300), beginning with the kept
corpus fuzz/corpus/TARGET, to which nothing is added: new inputs lie in the cache. Fails at the first input that breaks a
promise and says where it lies; copy it into the corpus, and `cargo test -p fuzzing` fails with it until that is mended.
An input may take 10 seconds and 1 GiB.
  --dry-run   say what would be done

Needs cargo-fuzz (TOOLS, default ~/.cache/e2i/tools; `make fuzz` builds it) and a nightly toolchain. No sanitizer: what is
tried is safe Rust, so that panics, aborts, memory and time are what can be found.
TEXT
}

dry_run=no
case "${1:-}" in
  --help | -h) usage && exit 0 ;;
  --dry-run) dry_run=yes && shift ;;
  -*) usage >&2 && exit 64 ;;
esac
cd "$(dirname "${BASH_SOURCE[0]}")/../fuzz"
readonly cache="${XDG_CACHE_HOME:-$HOME/.cache}/e2i" seconds="${FUZZ_SECONDS:-300}"
readonly tools="${TOOLS:-$cache/tools}"

if [ $# -gt 0 ]; then
  targets=("$@")
else
  mapfile -t targets < <(basename --suffix .rs -a fuzz_targets/*.rs)
fi
if ! cargo +nightly --version >/dev/null 2>&1; then
  echo "fuzz.sh: libFuzzer needs a nightly toolchain. Type: rustup toolchain install nightly --profile minimal" >&2
  exit 1
fi
if [ ! -x "$tools/bin/cargo-fuzz" ] && [ "$dry_run" = no ]; then
  echo "fuzz.sh: there is no $tools/bin/cargo-fuzz. Type: scripts/ensure-tools.sh $tools cargo-fuzz" >&2
  exit 1
fi

# Flags of its own: beside the project's build it would make that begin anew.
export PATH="$tools/bin:$PATH" CARGO_TARGET_DIR="${FUZZ_TARGET_DIR:-$cache/fuzz-target}"
run() {
  if [ "$dry_run" = yes ]; then
    echo "would run: $*"
  else
    "$@"
  fi
}
run cargo +nightly fuzz build --fuzz-dir . --sanitizer none
for target in "${targets[@]}"; do
  found="$cache/fuzz-corpus/$target"
  mkdir -p "$found"
  echo "== $target, $seconds s"
  run cargo +nightly fuzz run --fuzz-dir . --sanitizer none "$target" "$found" "corpus/$target" -- \
    -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=65536 -print_final_stats=1 -verbosity=0
done

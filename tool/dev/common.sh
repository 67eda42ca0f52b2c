# Sourced by the scripts beside it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Prints the comment block at the top of the calling script, for -h.
usage() {
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "tool/dev/$(basename "$0")"
  exit "${1:-0}"
}
case "${1:-}" in -h | --help) usage ;; esac

# The build directory of an LLVM version.
build_dir() { if [ "$1" = 22 ]; then echo build; else echo "build-$1"; fi; }

say() { echo "== $*" >&2; }

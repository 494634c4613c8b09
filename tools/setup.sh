# Sourced by ./run and ./test: installs missing packages and builds. It prints only to standard error. It needs $root, the
# repository. If `fixed` is set, builds run under this command. If `for_tests` is set, packages for tests are installed too, and fetch_axe
# fetches what no package of Debian has.

say() { printf 'tend: %s\n' "$*" >&2; }
stop() { say "$@"; exit 1; }

packages() { grep -hv '^#' "$root/tools/packages.txt" ${for_tests:+"$root/tools/test_packages.txt"}; }

missing_packages() {
  local installed
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' $(packages) 2>/dev/null | sed -n 's/^installed //p')
  packages | grep -vxF -e "$installed" || true
}

install_packages() {
  if ! command -v dpkg-query apt-get >/dev/null; then
    [ -n "${TEND_NO_SETUP:-}" ] && return
    say "this system has no apt; tend needs what these Debian packages hold:"
    packages | sed 's/^/  /' >&2
    stop "install them (g++ 12 or newer, cmake 3.25 or newer), then run this again with TEND_NO_SETUP=1"
  fi
  local missing as_root=""
  missing=$(missing_packages)
  [ -z "$missing" ] && return
  [ -n "${TEND_NO_SETUP:-}" ] && stop "missing packages:" $missing
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || stop "not root and no sudo: have these packages installed:" $missing
    as_root="sudo"
  fi
  say "installing" $missing
  local log; log=$(mktemp)
  if ! { $as_root env DEBIAN_FRONTEND=noninteractive apt-get update &&
         $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    stop "these packages could not be installed:" $missing
  fi
  rm -f "$log"
}

# Fetches axe-core (tools/axe.txt) into build/axe for the tests of pages. Where it cannot, these tests fail and say so.
fetch_axe() {
  local folder="$root/build/axe" python
  [ -f "$folder/axe.min.js" ] && return
  for python in /usr/bin/python3 python3; do
    if "$python" -m pip --version >/dev/null 2>&1; then break; fi
  done
  mkdir -p "$folder"
  say "fetching axe-core"
  "$python" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes \
      -r "$root/tools/axe.txt" -d "$folder" >&2 &&
    "$python" -c 'import glob, sys, zipfile; print(zipfile.ZipFile(glob.glob(sys.argv[1] + "/*.whl")[0]).read("axe_playwright_python/axe.min.js").decode())' \
      "$folder" >"$folder/axe.new" && mv "$folder/axe.new" "$folder/axe.min.js" || say "axe-core could not be fetched"
}

# Forwards ninja's lines and shows progress: on a terminal in one line, otherwise at every tenth of the steps.
show_progress() {
  local line tenth=-1 done_so_far all before=0
  while IFS= read -r line; do
    printf '%s\n' "$line"
    [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] || continue
    done_so_far=${BASH_REMATCH[1]} all=${BASH_REMATCH[2]}
    [ "$all" = "$before" ] || tenth=-1   # cmake's own steps come first
    before=$all
    [ "$all" -gt 2 ] || continue
    if [ -t 2 ]; then
      printf '\rtend: building: %d of %d steps ' "$done_so_far" "$all" >&2
    elif [ $((10 * done_so_far / all)) -gt "$tenth" ]; then
      tenth=$((10 * done_so_far / all))
      say "building: $done_so_far of $all steps"
    fi
  done
  [ ! -t 2 ] || printf '\r\033[K' >&2
}

# build PRESET [TARGET...]: shows its progress, and errors if there are any. Only one build of a tree runs at a time.
build() {
  local preset=$1 folder="$root/build/$1"; shift
  mkdir -p "$folder"
  exec 9>"$folder/.lock"
  flock 9
  local log="$folder/.log" started="$folder/.started" command=(cmake --build "$folder" --parallel "$(nproc)")
  [ $# -gt 0 ] && command+=(--target "$@")
  touch "$started"
  if [ ! -f "$folder/build.ninja" ]; then
    say "configuring build/$preset"
    (cd "$root" && cmake --preset "$preset") >"$log" 2>&1 || { tail -n 30 "$log" >&2; rm -f "$folder/CMakeCache.txt"; stop "cmake failed; see $log"; }
  fi
  say "building build/$preset"
  ${fixed[@]+"${fixed[@]}"} "${command[@]}" 2>&1 9>&- | show_progress >"$log" || { grep -E -A 12 'error|FAILED' "$log" | head -n 60 >&2; stop "the build failed; see $log"; }
  mv "$started" "$folder/.built"
  exec 9>&-
}

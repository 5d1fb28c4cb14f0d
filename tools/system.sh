# shellcheck shell=bash
# `require_system` checks what the system must offer before .venv can be made, and installs it;
# `require_browser` does so for what tests in a browser need.
# Sourced by setup.sh, whose say, stop, quietly and $temporary it uses.
#
# It tries what matters instead of looking for packages: a cairo built by hand is as good as an
# installed one.

# --- Python ---------------------------------------------------------------------------------------

read -r oldest newest < <(
  sed -n 's/^requires-python = ">=3\.\([0-9]*\),<3\.\([0-9]*\)"$/\1 \2/p' pyproject.toml
) || stop "pyproject.toml: requires-python must have the form >=3.A,<3.B, which is read here."
newest=$((newest - 1))

newest_first() {
  local minor
  for ((minor = newest; minor >= oldest; minor--)); do echo "python3.$minor"; done
}

is_suitable() { # is_suitable COMMAND: it runs (a shim may not) and is of a version we support
  "$1" -c "import sys; sys.exit(not (3, $oldest) <= sys.version_info[:2] <= (3, $newest))" \
    2>/dev/null
}

is_complete() { # is_complete COMMAND: Debian keeps venv and the headers in packages of their own
  "$1" -c '
import ensurepip, pathlib, sys, sysconfig, venv
sys.exit(not pathlib.Path(sysconfig.get_path("include"), "Python.h").is_file())' 2>/dev/null
}

path_of() { # path_of COMMAND: its full path outside any virtual environment, which may be removed
  "$1" -c 'import sys; print(sys._base_executable)'
}

find_python() { # set python to the newest suitable one
  local name
  for name in $(newest_first) python3; do
    if is_suitable "$name" && is_complete "$name"; then
      python=$(path_of "$name")
      return
    fi
  done
  return 1
}

take_given_python() { # set python to the one that the user asks for
  is_suitable "$PYTHON" ||
    stop "PYTHON=$PYTHON is not a Python from 3.$oldest to 3.$newest. Without PYTHON=, one is found."
  is_complete "$PYTHON" ||
    stop "PYTHON=$PYTHON lacks venv or its headers. Without PYTHON=, a complete one is found."
  # Read by setup.sh.
  # shellcheck disable=SC2034
  python=$(path_of "$PYTHON")
}

# --- What pycairo and manimpango are compiled with ------------------------------------------------

has_compiler() {
  # shellcheck disable=SC2154  # setup.sh makes $temporary
  printf '#include <stdio.h>\nint main(void) { return puts("") < 0; }\n' >"$temporary/try.c"
  cc "$temporary/try.c" -o "$temporary/try" 2>/dev/null
}

has_libraries() { pkg-config --exists cairo pangocairo 2>/dev/null; }

# --- What tests of pages run in -------------------------------------------------------------------

has_browser() { # as tests/watch/browser/conftest.py looks for it
  local name
  for name in chromium chromium-browser google-chrome; do
    if command -v $name >/dev/null; then return; fi
  done
  [[ $(uname) == Darwin && -d "/Applications/Google Chrome.app" ]]
}

# --- The whole ------------------------------------------------------------------------------------

require_system() { # set python, after installing what is missing or saying how
  find_missing
  install_missing rendering
  find_missing
  still_missing
}

require_browser() {
  missing=""
  has_browser || missing=" browser"
  install_missing tests
  ! has_browser || missing=""
  still_missing
}

install_missing() { # install_missing PURPOSE
  [[ -n $missing ]] || return 0
  say_missing "$1"
  if [[ $(uname) == Darwin ]]; then
    install_with_brew
  elif command -v apt-get >/dev/null; then
    install_with_apt
  else
    stop "Install that in this system's own way, then type the same again."
  fi
}

still_missing() {
  [[ -z $missing ]] || stop "Installed, but still not found:$missing. Install it by hand."
}

find_missing() { # set missing to words out of: python compiler libraries
  missing=""
  if [[ -n ${PYTHON-} ]]; then
    take_given_python
  else
    find_python || missing+=" python"
  fi
  has_compiler || missing+=" compiler"
  has_libraries || missing+=" libraries"
}

say_missing() { # say_missing PURPOSE
  local word
  say "This system lacks, for $1:"
  for word in $missing; do
    case $word in
    python) say "  Python 3.$oldest to 3.$newest with venv and headers: pagereel runs on it" ;;
    compiler) say "  a C compiler: pycairo and manimpango are compiled with it" ;;
    browser) say "  Chromium: tests show pages in it" ;;
    libraries) say "  cairo and pango with headers, pkg-config: these two are compiled against them" ;;
    esac
  done
}

# --- Debian and Ubuntu ----------------------------------------------------------------------------

install_with_apt() {
  local install="install -y --no-install-recommends" sudo=""
  if command -v sudo >/dev/null; then sudo="sudo "; fi
  may_become_root ||
    stop "Installing that takes an administrator. Have this typed, then type the same again:" \
      "${sudo}apt-get update && ${sudo}apt-get $install $(apt_packages)"
  say "Fetching apt's list of packages (a few seconds)"
  apt_get update || say "Continuing with the present list"
  say "Installing with apt-get (about a minute): $(apt_packages)"
  # shellcheck disable=SC2046,SC2086  # one word for each option and package
  apt_get $install $(apt_packages)
}

apt_packages() {
  local word packages=""
  for word in $missing; do
    case $word in
    python) packages+=" $(apt_python)" ;;
    compiler) packages+=" gcc libc6-dev" ;;
    browser) packages+=" chromium" ;;
    libraries) packages+=" libcairo2-dev libpango1.0-dev pkg-config" ;;
    esac
  done
  echo "${packages# }"
}

apt_python() { # the newest in apt's list; where that is still empty, what the system usually has
  local name
  for name in $(newest_first); do
    if apt-cache show "$name-venv" >/dev/null 2>&1; then
      echo "$name-venv $name-dev"
      return
    fi
  done
  echo "python3 python3-venv python3-dev"
}

apt_get() { # without questions, after any upgrade that is running
  quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 "$@"
}

as_root() {
  if [[ $(id -u) == 0 ]]; then "$@"; else sudo "$@"; fi
}

may_become_root() { # root already, sudo without a password, or sudo with someone to ask for it
  if [[ $(id -u) == 0 ]] || sudo -n true 2>/dev/null; then return; fi
  [[ -t 0 ]] && command -v sudo >/dev/null || return
  say "To be installed with apt-get, for which sudo may ask your password: $(apt_packages)"
  sudo -v
}

# --- macOS ----------------------------------------------------------------------------------------

install_with_brew() {
  [[ $missing != *compiler* ]] || stop "Type this, then the same again:" "xcode-select --install"
  command -v brew >/dev/null ||
    stop "Install Homebrew (https://brew.sh), then type the same again, or this:" \
      "brew install $(brew_packages)"
  say "Installing with Homebrew (a few minutes): $(brew_packages)"
  # shellcheck disable=SC2046  # one word for each package
  quietly brew install $(brew_packages)
}

brew_packages() {
  local word packages=""
  for word in $missing; do
    case $word in
    python) packages+=" python@3.$((newest - 1))" ;; # wheels for the newest come late
    browser) packages+=" google-chrome" ;;
    libraries) packages+=" cairo pango pkgconf" ;;
    esac
  done
  echo "${packages# }"
}

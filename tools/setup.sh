#!/usr/bin/env bash
# Makes .venv: `tools/setup.sh render` for what rendering needs, `tools/setup.sh dev` for what
# tests and checks also need, `tools/setup.sh browser` for tests in a browser. Calling it again does
# nothing; what an interruption left behind is made anew. `tools/setup.sh engines` makes .venv-engines,
# for tests with real engines. The environment variable PYTHON names the Python to use.
#
# .venv/NAME.stamp is written last and says what was finished: the folder and the lock file. A
# virtual environment holds its folder's full path in many places, so a moved one is useless.
#
# Plain enough for the bash 3.2 of macOS. Exit code 2: something is missing that only the user
# can install, and nothing was started.
set -euo pipefail
cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

place=$(env pwd -P) # as make sees it, too
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

say() { printf 'pagereel: %s\n' "$*"; }

stop() { # stop WORDS [COMMAND]: say what the user has to do, with a line to copy, and end
  printf 'pagereel: %s\n' "$1" >&2
  [[ -z ${2-} ]] || printf '\n  %s\n\n' "$2" >&2
  exit 2
}

quietly() { # quietly COMMAND...: show its output only if it fails
  local code=0
  "$@" >"$temporary/log" 2>&1 || code=$?
  if ((code != 0)); then
    tail -n 20 "$temporary/log" >&2
    printf 'pagereel: That failed; its last words are above.\n' >&2
  fi
  return "$code"
}

# shellcheck source=tools/system.sh
. tools/system.sh

stamp() { # stamp NAME: what .venv/NAME.stamp says once NAME is finished
  printf '%s\n%s\n' "$place" "$(cksum <"requirements/$1.lock")"
}

finished() { # finished NAME
  .venv/bin/python -c '' 2>/dev/null &&
    [[ "$(cat ".venv/$1.stamp" 2>/dev/null)" == "$(stamp "$1")" ]]
}

pip_install() {
  quietly .venv/bin/python -m pip install --disable-pip-version-check --no-input "$@"
}

install_project() {
  pip_install --no-build-isolation --no-deps --editable .
  quietly .venv/bin/python -m pip check ||
    stop "The lock files do not fit pyproject.toml. Type this, then the same again:" "make lock"
}

set_up_render() {
  if ! finished render; then
    require_system # and set python
    say "making .venv with $python (a few seconds)"
    rm -rf .venv
    quietly "$python" -m venv .venv
    say "installing manim and what it needs into .venv (one to two minutes)"
    pip_install --require-hashes --requirement requirements/render.lock
    install_project
  elif [[ pyproject.toml -nt .venv/render.stamp ]]; then
    say "pyproject.toml has changed: installing pagereel again (a few seconds)"
    rm .venv/render.stamp
    install_project
  fi
  stamp render >.venv/render.stamp
}

set_up_dev() {
  if ! finished dev; then
    say "installing the tools for tests and checks into .venv (some 20 seconds)"
    rm .venv/render.stamp # so that an unfinished .venv is never taken for a finished one
    pip_install --require-hashes --requirement requirements/dev.lock
    stamp render >.venv/render.stamp
  fi
  stamp dev >.venv/dev.stamp
}

set_up_browser() {
  require_browser
  if ! finished browser; then
    say "installing playwright, which drives a browser, into .venv (some 10 seconds)"
    pip_install --require-hashes --requirement requirements/browser.lock
  fi
  stamp browser >.venv/browser.stamp
}

# Versions of vLLM, whose names and arguments differ. Their kernels are not built: only the scheduler runs.
vllm_versions="0.11.2 0.19.1 0.33.0"
sglang_version=0.5.23
# What has no releases: the newest commit that was tried.
commits="
  https://github.com/ViperEkura/AstrAI@75304d084df776f0f246887732a69413fa5dc9ba
  https://github.com/GeeeekExplorer/nano-vllm@bb823b3e06983d71485a8e1f23715ebd87d98ef8
  https://github.com/sgl-project/mini-sglang@20fcd7f3c6a1898a61139fae1c97cc7a40bd8d66"

set_up_engines() {
  require_system # and set python
  local env=.venv-engines/env unpacked=.venv-engines/unpacked wanted=" " version each name commit folder
  if ! "$env/bin/python" -c 'import pip' 2>/dev/null; then
    say "making .venv-engines with $python (a few seconds)"
    rm -rf .venv-engines
    quietly "$python" -m venv "$env"
  fi
  engines_pip() { quietly "$env/bin/python" -m pip --disable-pip-version-check --no-input "$@"; }
  say "installing torch for CPUs, and what engines import, into .venv-engines (some minutes)"
  engines_pip install --extra-index-url "${TORCH_INDEX-https://download.pytorch.org/whl/cpu}" torch==2.13.0
  # Versions ask for different ones of the same packages; these are what all of them were tried with.
  engines_pip install --no-deps --requirement requirements/engines.txt
  for version in $vllm_versions; do
    wanted+="vllm-$version "
    if [[ ! -d .venv-engines/vllm-$version ]]; then
      say "fetching the source of vLLM $version (up to 50 MB)"
      VLLM_TARGET_DEVICE=empty VLLM_VERSION_OVERRIDE=$version SETUPTOOLS_SCM_PRETEND_VERSION=$version \
        engines_pip download --no-deps --no-build-isolation --no-binary vllm \
        --dest "$temporary" "vllm==$version"
      # Where a move is a rename, so that no half of a source is ever taken for all of it.
      rm -rf "$unpacked"
      mkdir "$unpacked"
      tar -xzf "$temporary/vllm-$version.tar.gz" -C "$unpacked"
      # It asks what is installed whether it runs on a CPU.
      mkdir "$unpacked/vllm-$version/vllm-$version+cpu.dist-info"
      printf 'Metadata-Version: 2.1\nName: vllm\nVersion: %s+cpu\n' "$version" \
        >"$unpacked/vllm-$version/vllm-$version+cpu.dist-info/METADATA"
      mv "$unpacked/vllm-$version" .venv-engines/
    fi
  done
  wanted+="sglang-$sglang_version "
  if [[ ! -d .venv-engines/sglang-$sglang_version ]]; then
    say "fetching SGLang $sglang_version (40 MB)"
    rm -rf "$unpacked"
    engines_pip install --no-deps --target "$unpacked" "sglang==$sglang_version"
    mv "$unpacked" ".venv-engines/sglang-$sglang_version"
  fi
  for each in $commits; do
    name=${each%@*} name=${name##*/} commit=${each#*@}
    folder=$name-${commit:0:7} wanted+="$folder "
    if [[ ! -d .venv-engines/$folder ]]; then
      say "fetching the source of $name (a few MB)"
      rm -rf "$unpacked"
      quietly git init "$unpacked"
      quietly git -C "$unpacked" fetch --depth 1 "${each%@*}" "$commit"
      quietly git -C "$unpacked" checkout --detach FETCH_HEAD
      mv "$unpacked" ".venv-engines/$folder"
    fi
  done
  for folder in .venv-engines/*-*; do
    [[ $wanted == *" ${folder##*/} "* ]] || rm -rf "$folder" # of an earlier list
  done
  rm -rf "$unpacked"
  touch .venv-engines/stamp
}

case ${1-} in
render)
  set_up_render
  ;;
dev)
  set_up_render
  set_up_dev
  ;;
browser)
  set_up_render
  set_up_dev
  set_up_browser
  ;;
engines)
  set_up_engines
  ;;
*)
  stop "usage: tools/setup.sh render|dev|browser|engines"
  ;;
esac

#!/usr/bin/env bash
# Writes requirements/*.lock from pyproject.toml: exact versions with hashes, one file for every
# Python that pyproject.toml allows, on Linux and macOS. Locked versions stay as long as
# they fit; `tools/lock.sh --upgrade` takes the newest.
#
# It does not use .venv: a lock file that no longer fits must not prevent its own renewal.
set -euo pipefail
cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
"${PYTHON:-python3}" -m venv "$temporary"
"$temporary/bin/python" -m pip install --quiet --disable-pip-version-check uv

oldest=$(sed -n 's/^requires-python = ">=\([0-9.]*\),.*/\1/p' pyproject.toml)
compile() { # compile NAME ARGUMENT...
  local name=$1
  shift
  "$temporary/bin/uv" pip compile --quiet --universal --python-version "$oldest" \
    --generate-hashes --custom-compile-command 'make lock' \
    --output-file "requirements/$name.lock" "$@"
  echo "requirements/$name.lock: $(grep -c '^[a-z]' "requirements/$name.lock") packages"
}
compile render pyproject.toml --extra watch --group build "$@"
compile dev pyproject.toml --extra dask --extra watch --group build --group dev --constraint requirements/render.lock "$@"
compile browser --group browser --constraint requirements/dev.lock "$@"

#!/usr/bin/env bash
# Writes assets/fonts/PagereelCJK-*.otf: the Chinese, Japanese and Korean letters of our stories and
# languages, cut from Noto Serif CJK 2.001. Call it after such a text has changed.
#
# Takes the fonts from the folder NOTO, or else from Debian's package fonts-noto-cjk.
set -euo pipefail
cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
"${PYTHON:-python3}" -m venv "$temporary/python"
"$temporary/python/bin/python" -m pip install --quiet --disable-pip-version-check fonttools==4.68.0

if [[ -z ${NOTO:-} ]]; then
  command -v apt-get >/dev/null || {
    echo "tools/fonts.sh: say where NotoSerifCJK-Regular.ttc is: make fonts NOTO=FOLDER" >&2
    exit 1
  }
  (cd "$temporary" && apt-get download --quiet fonts-noto-cjk && dpkg -x fonts-noto-cjk_*.deb .)
  NOTO=$temporary/usr/share/fonts/opentype/noto
fi
(cd "$NOTO" && sha256sum --check --quiet) <<'SUMS'
a5d4b046c127da3d7c72f98b46c41489cd29bf52abfdf18aba920903e920d4ac  NotoSerifCJK-Bold.ttc
a04178ec485dffdff7cc0c0c20e1fce9202d7e2160d805e8e44a4c8841c58481  NotoSerifCJK-Regular.ttc
SUMS
"$temporary/python/bin/python" tools/fonts.py "$NOTO"

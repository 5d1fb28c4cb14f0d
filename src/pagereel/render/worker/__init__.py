"""The process that draws scenes: it imports manim once, and forks for each scene."""

import sys
from traceback import walk_tb

from pagereel.errors import one_line

try:
    import manim  # noqa: F401 (here, as it reads the two files named manim.cfg)
except Exception as error:
    if not any(
        at.f_globals["__name__"] == "manim._config" for at, _ in walk_tb(error.__traceback__)
    ):
        raise
    print(
        f"pagereel: {one_line(f'manim.cfg: manim cannot use it: {error}; correct it')}",
        file=sys.stderr,
    )
    sys.exit(2)

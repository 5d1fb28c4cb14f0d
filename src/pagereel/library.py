"""The library manim as the two files named manim.cfg set it: imported, or refused in one line.

What imports manim and says why it cannot imports this module before it.
"""

from __future__ import annotations

import logging

from pagereel.errors import ManimRefuses

logging.disable(logging.INFO)  # when it refuses one of them, it says first which ones it has read
try:
    import manim  # noqa: F401 (it reads both, and computes with what they set)
except ImportError:
    raise
except Exception as error:  # noqa: BLE001 (of many kinds, from anywhere in manim)
    raise ManimRefuses(f"manim.cfg: manim cannot use it: {error}; correct it") from None
finally:
    logging.disable(logging.NOTSET)

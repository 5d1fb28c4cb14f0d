"""`python -m pagereel`."""

import sys

from pagereel.cli import main

sys.exit(main())

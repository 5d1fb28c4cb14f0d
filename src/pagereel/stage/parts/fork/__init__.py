"""Parts of a prompt that forks: page frames that two tasks hold, and the tasks on both sides."""

from pagereel.stage.parts.fork.frames import ForkFrames
from pagereel.stage.parts.fork.tasks import FacingTasks
from pagereel.stage.parts.fork.verdict import Verdict, read_engines

__all__ = ["FacingTasks", "ForkFrames", "Verdict", "read_engines"]

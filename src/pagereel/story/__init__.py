"""Reading, checking and captioning stories."""

from pagereel.story.captions import explained
from pagereel.story.colors import COLOR_NAMES
from pagereel.story.load import load_story
from pagereel.story.story import Beat, Story
from pagereel.story.tokens import asking

__all__ = ["COLOR_NAMES", "Beat", "Story", "asking", "explained", "load_story"]

"""`pagereel watch`: a page on this machine that shows a scene as it is after the last save."""

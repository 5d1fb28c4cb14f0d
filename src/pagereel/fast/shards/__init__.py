"""Where a video is cut into shards, and which processes draw them."""

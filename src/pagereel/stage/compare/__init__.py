"""What is drawn of a comparison: two pools, requests, scales, a curve, and what comes of it."""

"""The promo's proof: the same requests in two pools, on one clock."""

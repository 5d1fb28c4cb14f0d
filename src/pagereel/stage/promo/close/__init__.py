"""The promo's close part: eight page frames, and what a paged cache does with them."""

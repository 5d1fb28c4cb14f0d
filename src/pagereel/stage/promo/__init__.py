"""What a promo shows besides the parts of the films: the memory as rows, cut into pages."""

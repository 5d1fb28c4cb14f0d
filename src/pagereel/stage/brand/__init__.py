"""A brand: whose film it is, in one file, and the cards that say so."""

from pagereel.stage.brand.brand import Brand
from pagereel.stage.brand.load import load_brand

__all__ = ["Brand", "load_brand"]

"""Reading TOML strictly, with the line on which each mistake stands."""

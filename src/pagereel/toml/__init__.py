"""Reading TOML strictly; every error names the file and the line."""

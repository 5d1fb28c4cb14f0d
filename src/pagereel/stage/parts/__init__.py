"""What a picture is made of: one module a part."""

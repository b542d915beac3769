"""The first start: an empty database becomes an installation."""

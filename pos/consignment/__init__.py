"""Goods of one unit on the shelf of another (titip jual): what the seller owes the maker, and what was paid of it."""

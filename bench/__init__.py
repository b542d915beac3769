"""Speed, as ratios: both sides of each comparison in one interleaved run on the same machine."""

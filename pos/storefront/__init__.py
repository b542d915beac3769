"""What the public may see: a unit's goods, how to order them, and nothing else."""

"""Who: the tree of units, galleries, registers, people, their roles and scope, and what they did."""

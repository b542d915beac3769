"""How the money of a line is split (PNBP, premi, modal) and how PNBP is paid on to the state."""

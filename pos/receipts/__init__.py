"""A sale on paper and on the wire: print page, PDF, ESC/POS, and whether a receipt is genuine."""

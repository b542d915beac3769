"""PNBP on its way to the treasury: takings, what covers them, when they are due, and what the treasury has."""

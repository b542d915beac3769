"""What: products, their prices over time, their barcodes, and how lists of them come in."""

"""A drive with dates, what counts in it, and `turnover`, the one derived table that a sale keeps."""

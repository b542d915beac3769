"""The only way money enters: the sale document, its lines and payments, and `record()`."""

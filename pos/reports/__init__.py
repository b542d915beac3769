"""Reading only: the campaign board and its way down to the nota, breakdowns, and the audit of the books."""

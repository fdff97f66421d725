"""Reading glasses every step may wear: sentences, numbers, names, lexicons, abbreviations."""

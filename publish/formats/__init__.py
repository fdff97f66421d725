"""Reference formats written for people: BibTeX, RIS, CSL-JSON. Pure functions."""

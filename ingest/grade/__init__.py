"""OCEBM and SORT for one study, GRADE certainty for a body of evidence, each with its reasons."""

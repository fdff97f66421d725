"""Mention to citation to work: candidates, score with reasons, one winner or none."""

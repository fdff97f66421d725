"""Bytes to records: articles and reference libraries."""

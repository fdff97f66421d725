"""Text in, records out.

The steps (read, find, extract, link, grade) never import one another: they meet
in :mod:`ingest.pipeline`, through the records of :mod:`ingest.records`. Nothing
here knows SQL, a web server, the clock or the network.
"""

__version__ = "0.1.0"

"""What was read of each article, kept beside the database, so that a re-run reads only what changed.

The file may be deleted at any time: the next build reads everything again and gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from ingest.errors import StoreError
from ingest.freeze import freeze, reader_digest, thaw
from ingest.records import Article, Document, Problem

Reader = Callable[[Iterable[Article]], Iterator[Document | Problem]]


class Readings:
    """Documents by the digest of their article and of the code that read them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = self._open()
        self._used: set[str] = set()
        self.reused = 0

    def _open(self) -> sqlite3.Connection:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self._path)
            connection.execute("CREATE TABLE IF NOT EXISTS readings (key TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT")
            connection.execute("SELECT count(*) FROM readings").fetchone()
        except sqlite3.DatabaseError:
            try:
                self._path.unlink(missing_ok=True)
            except OSError as e:
                raise StoreError(f"{self._path}: cannot be replaced ({e.strerror}); delete it or build elsewhere with --db") from e
            connection = sqlite3.connect(":memory:")
            connection.execute("CREATE TABLE readings (key TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT")
        return connection

    def read(self, articles: Iterable[Article | Problem], reader: Reader) -> Iterator[Document | Problem]:
        """Yield a document for each article in order, read anew only where nothing is kept of it; problems pass through."""
        plan: list[tuple[Article | Problem, str | None, str | None]] = []
        for item in articles:
            if isinstance(item, Problem):
                plan.append((item, None, None))
                continue
            key = _key(item)
            kept = self._connection.execute("SELECT document FROM readings WHERE key = ?", (key,)).fetchone()
            plan.append((item, key, kept[0] if kept else None))
        fresh = reader(a for a, key, kept in plan if isinstance(a, Article) and kept is None and key)
        for item, digest, kept in plan:
            if isinstance(item, Problem):
                yield item
            elif kept is not None and digest:
                self._used.add(digest)
                self.reused += 1
                yield thaw(Document, json.loads(kept))
            else:
                document = next(fresh)
                if isinstance(document, Document) and digest:
                    self._used.add(digest)
                    frozen = json.dumps(freeze(document), ensure_ascii=False)
                    self._connection.execute("INSERT OR REPLACE INTO readings VALUES (?, ?)", (digest, frozen))
                yield document

    def close(self) -> None:
        """Keep what this build used and forget the rest."""
        kept = [(k,) for k in sorted(self._used)]
        self._connection.execute("CREATE TEMP TABLE used (key TEXT PRIMARY KEY)")
        self._connection.executemany("INSERT INTO used VALUES (?)", kept)
        self._connection.execute("DELETE FROM readings WHERE key NOT IN (SELECT key FROM used)")
        self._connection.commit()
        self._connection.close()


def _key(article: Article) -> str:
    data = json.dumps(freeze(article), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{reader_digest()}\n{data}".encode("utf-8", "surrogatepass")).hexdigest()

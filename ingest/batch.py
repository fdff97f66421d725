"""Many articles: in this process, or in a pool of processes. Results come in the order of the input, however many workers there are."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice

from ingest.pipeline import read_document
from ingest.records import Article, Document, Problem

BATCH = 64
"""Articles a task: one a task costs more in passing than in reading."""
POOL_FROM = 200
"""Below this many articles a pool takes longer to start than it saves."""


def read_one(article: Article) -> Document | Problem:
    """Read an article; a text that breaks a step becomes a Problem, so that it never stops the rest."""
    try:
        return read_document(article)
    except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError, AttributeError) as e:
        where = article.source or article.id
        message = f"{where}: could not be read to the end ({type(e).__name__}: {e}); please report it with the file"
        return Problem(where, message, "other")


def _read_batch(batch: list[Article]) -> list[Document | Problem]:
    return [read_one(a) for a in batch]


def read_many(articles: Iterable[Article], workers: int = 1) -> Iterator[Document | Problem]:
    """Read articles in order.

    :param workers: processes; 0 takes one for each core. With one worker, or few articles, nothing is started.
    """
    workers = workers or os.cpu_count() or 1
    stream = iter(articles)
    first = list(islice(stream, POOL_FROM))
    if workers == 1 or len(first) < POOL_FROM:
        yield from map(read_one, first)
        yield from map(read_one, stream)
        return
    with ProcessPoolExecutor(workers) as pool:
        waiting = []
        try:
            for batch in _batches(first, stream):
                waiting.append(pool.submit(_read_batch, batch))
                while len(waiting) > workers * 4:
                    yield from waiting.pop(0).result()
            for task in waiting:
                yield from task.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _batches(first: list[Article], rest: Iterator[Article]) -> Iterator[list[Article]]:
    for i in range(0, len(first), BATCH):
        yield first[i : i + BATCH]
    while batch := list(islice(rest, BATCH)):
        yield batch

"""Other readers from the Python Package Index on the same strings and files, measured beside ours.

    python bench/peers.py                 refextract on reference strings, pybtex on .bib files, nbib on MEDLINE files

``bench/accuracy.py --write`` calls the same functions, so that peers are measured in the run that measures citegrade. They
live in an environment of their own (``.venv-peers``, made on first use), for they ask for other versions of what we use.
Where it cannot be made, peers are not measured and the scorecard says so. refextract reads 8 to 30 strings a second: it is
given the first ``STRINGS`` of each set.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
EVAL = ROOT.parent / "shared" / "eval"
PLACE = ROOT / ".venv-peers"
PEERS = ("refextract==1.1.7", "pybtex==0.26.1", "nbib==0.3.2")
SETS = ("vancouver", "plos", "pmcmed", "grobid", "parscit")
STRINGS = 150

# What the other environment runs. Each reader is read as favourably as it can be: refextract may cut one string into several
# references, whose first value of each field counts.
_READ_STRINGS = r"""
import json, re, sys, time
from refextract import extract_references_from_string

def names(values):
    out = []
    for part in re.split(r",|;|\band\b|&", " , ".join(values)):
        words = [w for w in part.replace("et al", "").split() if not re.fullmatch(r"(?:[A-Z]\.?-?){1,4}", w.strip(".")) and w.strip(".")]
        if words:
            out.append(" ".join(words).strip(" ."))
    return out

KEYS = {"title": "title", "journal_title": "container", "journal_volume": "volume", "journal_issue": "issue", "journal_page": "pages", "year": "year", "doi": "doi"}
spent = 0.0
for line in open(sys.argv[1], encoding="utf-8"):
    row = json.loads(line)
    start = time.process_time()
    found = extract_references_from_string(row["text"], is_only_references=True)
    spent += time.process_time() - start
    got = {"id": row["id"]}
    for ref in found:
        for theirs, ours in KEYS.items():
            if ref.get(theirs) and ours not in got:
                got[ours] = ref[theirs][0].removeprefix("doi:")
        if ref.get("author") and "authors" not in got:
            got["authors"] = names(ref["author"])
    print(json.dumps(got))
print(json.dumps({"seconds": spent}), file=sys.stderr)
"""
_READ_BIB = r"""
import json, sys
from collections import Counter
from pathlib import Path
import pybtex.errors
from pybtex.database import parse_bytes
pybtex.errors.set_strict_mode(False)
folder, missing, entries = Path(sys.argv[1]), 0, 0
sys.stderr = open("/dev/null", "w")
for line in open(folder / "expect.jsonl", encoding="utf-8"):
    row = json.loads(line)
    if not row["count_confirmed"]:
        continue
    entries += row["n_entries"]
    try:
        keys = Counter(parse_bytes((folder / row["file"]).read_bytes(), "bibtex").entries.keys())
    except BaseException:
        keys = Counter()
    missing += sum((Counter(row["keys"]) - keys).values())
print(json.dumps({"lost": missing, "entries": entries}))
"""
_READ_MEDLINE = r"""
import json, sys
from pathlib import Path
import nbib
folder, got, files = Path(sys.argv[1]), 0, 0
for line in open(folder / "manifest.jsonl", encoding="utf-8"):
    row = json.loads(line)
    if row["format"] != "medline":
        continue
    try:
        got += min(row["records"], len(nbib.read_file(str(folder / row["file"]))))
    except Exception:
        pass
print(json.dumps({"records": got}))
"""


def interpreter() -> Path | None:
    """The Python of the peers' environment, made when it is not there; None where it cannot be made."""
    python = PLACE / "bin" / "python"
    if not python.exists():
        venv.create(PLACE, with_pip=True)
        done = subprocess.run([str(python), "-m", "pip", "install", "-q", *PEERS], check=False, capture_output=True)
        if done.returncode:
            print(f"peers are not measured: {' '.join(PEERS)} could not be installed", file=sys.stderr)
            return None
    return python


def _run(python: Path, script: str, argument: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(python), "-c", script, str(argument)], check=True, capture_output=True, text=True, timeout=900)


def strings(python: Path, name: str) -> tuple[float, float, float]:
    """Measure refextract on a set of reference strings: micro-averaged F1, share of whole references right, strings a second."""
    gold = EVAL / f"refs_{name}.dev.jsonl"
    with tempfile.TemporaryDirectory() as tmp:
        some, out = Path(tmp) / "some.jsonl", Path(tmp) / "out.jsonl"
        rows = gold.read_text(encoding="utf-8").splitlines()[:STRINGS]
        some.write_text("\n".join(rows) + "\n", encoding="utf-8")
        done = _run(python, _READ_STRINGS, some)
        out.write_text(done.stdout, encoding="utf-8")
        seconds = json.loads(done.stderr.splitlines()[-1])["seconds"]
        command = [sys.executable, str(EVAL / "score_refs.py"), "--gold", str(some), "--pred", str(out), "--json"]
        scored: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["all"]
    return scored["micro"]["F"], scored["whole"], len(rows) / seconds


def bib_lost(python: Path) -> int:
    """Entries of the messy .bib corpus that pybtex does not return (a file that it refuses is lost whole)."""
    return int(json.loads(_run(python, _READ_BIB, EVAL / "bib").stdout)["lost"])


def medline_records(python: Path) -> int:
    """Records that nbib reads of the MEDLINE files."""
    return int(json.loads(_run(python, _READ_MEDLINE, EVAL / "pubmed").stdout)["records"])


def main() -> int:
    python = interpreter()
    if python is None or not EVAL.exists():
        return 1
    for name in SETS:
        micro, whole, speed = strings(python, name)
        print(f"refextract, first {STRINGS} of {name}: all fields {micro:.3f}, whole {whole:.3f}, {speed:.0f} strings/s")
    print(f"pybtex: {bib_lost(python)} entries lost")
    print(f"nbib: {medline_records(python)} MEDLINE records read")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Marks for a folder of numbers handed in: python grade.py FOLDER."""

import csv
import json
import subprocess
import sys
from pathlib import Path

TASK = Path(__file__).with_name("task.toml")


def grade(numbers):
    """Return points, points there are, and what is wrong, in a few words."""
    page = numbers.with_suffix(".html")
    command = ["gdsim", "diagnose", str(TASK), str(numbers), "--json", "--points", "--html", str(page)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 2:
        return 0, 0, done.stderr.strip()
    found = json.loads(done.stdout)
    first = found.get("first", {})
    what = ", ".join(found["mistakes"]) or ("all right" if found["agrees"] else "no known mistake")
    where = f" (update {first['update']}, {first['phase']})" if first else ""
    return found["total"], found["of"], what + where


folder = Path(sys.argv[1])
with (folder / "marks.csv").open("w", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(["learner", "points", "of", "remark"])
    for numbers in sorted(folder.glob("*.jsonl")):
        writer.writerow([numbers.stem, *grade(numbers)])

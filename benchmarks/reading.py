#!/usr/bin/env python3
"""How fast are files read, compared with pandas (C engine), pyarrow and Pillow?

    benchmarks/reading.py [--rounds 5] [--big GIGABYTES]

- adult.csv, and a table of numbers and a few categories that is generated (--big 1 needs 1 GB under the temporary folder): seconds and peak
  memory of each reader (limit: not slower than the fastest other one on adult.csv, 1.5 times on the large table)
- the images of CIFAR-10 in a tar.xz: Pillow decodes them one by one into one array

Readers take turns, each in a process of its own, which measures itself without its imports; medians are printed. Needs
build/release (./run builds it), ../shared/data, and the Python packages pandas, pyarrow and Pillow for those that are compared.
"""
import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from programs import program as built

ROOT = Path(__file__).resolve().parent.parent
OTHERS = {  # imports, and what is measured
    "pandas": ("import pandas", "data = pandas.read_csv(path)"),
    "pyarrow": ("import pyarrow.csv", "data = pyarrow.csv.read_csv(path)"),
    "PIL": ("import io, tarfile, numpy; from PIL import Image", """
archive = tarfile.open(path)
data = numpy.stack([numpy.asarray(Image.open(io.BytesIO(archive.extractfile(m).read()))) for m in archive if m.isfile()])"""),
}
MEASURED = """import json, resource, time
{imports}
path = {path!r}
start = time.perf_counter()
{reads}
seconds = time.perf_counter() - start
print(json.dumps({{"seconds": seconds, "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}}))
"""


def other(name, path):
    imports, reads = OTHERS[name]
    program = MEASURED.format(imports=imports, reads=reads, path=str(path))
    return json.loads(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout)


def compare(title, path, target, names, program, rounds):
    readers = {"tend": lambda: json.loads(subprocess.run([program, path, *target], capture_output=True, text=True, check=True).stdout)}
    for name in names:
        if importlib.util.find_spec(name):
            readers[name] = lambda name=name: other(name, path)
        else:
            print(f"{name} is not installed: left out")
    results = {name: [] for name in readers}
    for _ in range(rounds):
        for name, read in readers.items():
            results[name].append(read())
    print(f"{title}: {os.path.getsize(path) / 1e6:.1f} MB, median of {rounds}")
    medians = {name: statistics.median(r["seconds"] for r in all_of) for name, all_of in results.items()}
    for name, all_of in results.items():
        print(f"  {name:8} {medians[name]:8.3f} s   peak memory {max(r['peak_mib'] for r in all_of):7.0f} MiB")
    if len(medians) > 1:
        print(f"  ratio to the fastest other reader: {medians['tend'] / min(s for n, s in medians.items() if n != 'tend'):.2f}")


def make_table(path, gigabytes):
    """Numbers of 2 to 17 digits, and two categories."""
    import numpy
    import pandas
    random = numpy.random.default_rng(0)
    with open(path, "w") as file:
        while (done := file.tell()) < gigabytes * 1e9:
            n = 200_000
            pandas.DataFrame({
                "id": random.integers(0, 10**6, n), "a": random.normal(size=n).round(4), "b": random.normal(size=n).round(6),
                "c": random.uniform(0, 1e5, n).round(2), "d": random.integers(0, 100, n), "e": random.normal(size=n),
                "colour": random.choice(["red", "green", "blue", "white"], n), "city": random.choice(["Oslo", "Paris", "Rome", "Wien"], n),
                "f": random.exponential(size=n).round(5), "y": random.integers(0, 2, n)}).to_csv(file, index=False, header=not done)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--big", type=float, default=0.1, help="gigabytes of the generated table; 0: none")
    given = parser.parse_args()
    shared = ROOT.parent / "shared/data"
    with tempfile.TemporaryDirectory() as folder:
        program = built("reading")
        if (adult := shared / "tables/adult.csv").exists():
            compare("adult.csv", adult, ["income"], ["pandas", "pyarrow"], program, given.rounds)
        if given.big > 0:
            big = Path(folder) / "big.csv"
            make_table(big, given.big)
            compare("generated table", big, ["y"], ["pandas", "pyarrow"], program, given.rounds)
        if (images := shared / "cifar10/train.tar.xz").exists():
            compare("CIFAR-10", images, [], ["PIL"], program, given.rounds)


main()

#!/usr/bin/env python3
"""How long does the build take, without ccache: from a fresh clone to the program, to all tests, and from a changed file to its test run?

    benchmarks/build.py [--changes layer,activation,check,optimizer]

It builds the committed state in a clone. For a change, it adds one function to a file, builds the tests of the room, and runs the tests
of the file. Limits on two cores: 180 s for the program, 15 s for a change.
"""
import argparse
import os
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHANGES = {"layer": ("tend/network/layers/dense.h", "network", "*Dense*"),
           "activation": ("tend/network/activations/elu.h", "network", "*Elu*"),
           "check": ("tend/check/checks/row_order.cpp", "check", "RowOrder*"),
           "optimizer": ("tend/update/optimizers/adam.h", "update", "Adam*")}


def seconds(*command, cwd):
    start = time.monotonic()
    subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "CCACHE_DISABLE": "1"})
    return time.monotonic() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--changes", default=",".join(CHANGES))
    jobs = str(os.cpu_count())
    names = parser.parse_args().changes.split(",")
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tend"
        subprocess.run(["git", "clone", "-q", ROOT, tree], check=True)
        build = tree / "build/release"
        seconds("cmake", "--preset", "release", cwd=tree)
        print(f"program        {seconds('cmake', '--build', build, '-j', jobs, '--target', 'tend_cli', cwd=tree):6.1f} s", flush=True)
        print(f"tests          {seconds('cmake', '--build', build, '-j', jobs, cwd=tree):6.1f} s more", flush=True)
        for name in names:
            file, room, pattern = CHANGES[name]
            with open(tree / file, "a") as source:
                source.write("\nnamespace tend {\ninline int changed_by_the_benchmark_" + name + "() { return 1; }\n}  // namespace tend\n")
            took = seconds("cmake", "--build", build, "-j", jobs, "--target", f"{room}_tests", cwd=tree)
            took += seconds(build / f"{room}_tests", f"--gtest_filter={pattern}", cwd=tree)
            print(f"{name:14s} {took:6.1f} s for a change in {file}", flush=True)


main()

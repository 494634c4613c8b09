"""Builds the programs of benchmarks/ that other scripts run."""
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build/release"


def program(stem):
    """The path of the program of benchmarks/*/STEM.cpp, built in build/release, which ./run makes."""
    if not (BUILD / "build.ninja").exists():
        sys.exit("build/release is not there: run ./run first")
    subprocess.run(["cmake", "--build", BUILD, "--target", f"benchmark_{stem}"], check=True, stdout=subprocess.DEVNULL)
    return BUILD / f"benchmark_{stem}"

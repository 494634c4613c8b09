"""clang-tidy 14 finds nothing in these rooms, by the checks of .clang-tidy. Skipped where there is no clang-tidy 14: other versions have other
checks.

The whole tree would take about 10 minutes of processor time, about 3 seconds a file, of which half is spent on the headers of the standard
library. So the test takes a fixed list of rooms, those that data, networks and runs pass through, and stays below 4 minutes. The headers of
other rooms are checked where these rooms include them. Left out are the other rooms, tests, and files that are compiled for each instruction
set (_isa.cpp); `clang-tidy -p build/release --quiet FILE` checks one of those."""
import json
import os
import re
import shutil
import subprocess
import unittest
from concurrent.futures import ThreadPoolExecutor

from tree import ROOT

VERSION = "14"
ROOMS = "tensor|data|experiment|network|loss|update|gradcheck|prepare|train|trial|record"
BUILD = os.environ.get("TEND_BUILD", os.path.join(ROOT, "build", "release"))


def tidy():
    for name in (f"clang-tidy-{VERSION}", "clang-tidy"):
        if path := shutil.which(name):
            text = subprocess.run([path, "--version"], stdout=subprocess.PIPE, text=True).stdout
            if f"version {VERSION}." in text:
                return path
    return None


def files():
    with open(os.path.join(BUILD, "compile_commands.json")) as file:
        compiled = {os.path.relpath(os.path.join(c["directory"], c["file"]), ROOT) for c in json.load(file)}
    return sorted(f for f in compiled if re.match(rf"tend/({ROOMS})/", f) and not re.search(r"_(test|isa)\.cpp$", f))


class Tidy(unittest.TestCase):
    def look_at(self, path):
        done = subprocess.run([tidy(), "-p", BUILD, "--quiet", path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT)
        return path, done.returncode, done.stdout

    @unittest.skipUnless(tidy(), f"no clang-tidy {VERSION}: other versions have other checks")
    def test_nothing_is_found(self):
        self.assertGreater(len(files()), 40)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for path, code, text in pool.map(self.look_at, files()):
                with self.subTest(path):
                    self.assertEqual((code, text), (0, ""), text)


unittest.main()

"""clang-tidy 14 finds nothing in the library, by the checks of .clang-tidy. Skipped without clang-tidy 14: other versions have
other checks.

The files of a room are read as one, as the build reads groups of them, because most of the time of a file is spent on headers that it
shares with others. This also finds names in anonymous namespaces that two files of a room define, whatever the groups are. Tests and files
that are compiled for each instruction set (_isa.cpp) are left out; `clang-tidy FILE -- -std=c++20 -I . -I build/release/generated` checks one."""
import glob
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

from tree import ROOT

VERSION = "14"
GENERATED = os.path.join(os.environ.get("TEND_BUILD", os.path.join(ROOT, "build", "release")), "generated")


def tidy():
    for name in (f"clang-tidy-{VERSION}", "clang-tidy"):
        if path := shutil.which(name):
            text = subprocess.run([path, "--version"], stdout=subprocess.PIPE, text=True).stdout
            if f"version {VERSION}." in text:
                return path
    return None


def rooms():
    """The sources of each room; the room with the most bytes comes first."""
    files = [f for f in glob.glob(os.path.join(ROOT, "tend", "**", "*.cpp"), recursive=True) if not re.search(r"_(test|isa)\.cpp$", f)]
    found = {}
    for file in sorted(files):
        found.setdefault(os.path.relpath(file, ROOT).split(os.sep)[1], []).append(file)
    return sorted(found.items(), key=lambda room: -sum(os.path.getsize(f) for f in room[1]))


class Tidy(unittest.TestCase):
    def look_at(self, room):
        name, files = room
        with tempfile.TemporaryDirectory() as folder:
            together = os.path.join(folder, name + ".cpp")
            with open(together, "w") as file:
                file.writelines(f'#include "{f}"\n' for f in files)
            gcc = subprocess.run([os.environ.get("CXX", "g++"), "-print-file-name=include"], stdout=subprocess.PIPE, text=True).stdout.strip()
            done = subprocess.run([tidy(), "--quiet", f"--config-file={ROOT}/.clang-tidy", together, "--", "-std=c++20", "-I", ROOT,
                                   "-I", GENERATED, "-idirafter", gcc, "-D__malloc__(...)=__malloc__", "-DTEND_VERSION=\"\""], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        return name, done.returncode, done.stdout

    @unittest.skipUnless(tidy(), f"no clang-tidy {VERSION}: other versions have other checks")
    def test_nothing_is_found(self):
        self.assertGreater(len(rooms()), 10)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for name, code, text in pool.map(self.look_at, rooms()):
                with self.subTest(name):
                    self.assertEqual((code, text), (0, ""), text)


unittest.main()

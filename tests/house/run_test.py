import os
import subprocess
import time
import unittest

from tree import ROOT, TreeTest


class Run(TreeTest):
    """Tests ./run in a small tree whose program prints its arguments and ends with exit code 86."""

    def setUp(self):
        super().setUp()
        self.copy("run", "tools/setup.sh", "tools/packages.txt", "CMakePresets.json")
        self.write("tend/tend.h", "")
        self.write("cmake/usual.cmake", "")
        self.program("first")
        self.write("CMakeLists.txt", "cmake_minimum_required(VERSION 3.25)\nproject(tend LANGUAGES CXX)\nadd_executable(tend_cli cli/main.cpp)\n"
                                     "set_target_properties(tend_cli PROPERTIES OUTPUT_NAME tend)\n")

    def program(self, word):
        self.write("cli/main.cpp", "#include <cstdio>\nint main(int n, char** a) { std::printf(\"" + word +
                   "\"); for (int i = 1; i < n; ++i) std::printf(\" [%s]\", a[i]); return 86; }\n")

    def run_it(self, *arguments, path=None):
        done = subprocess.run([f"{self.tree}/run", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd="/",
                              env={**os.environ, "PATH": path or os.environ["PATH"]})
        return done.returncode, done.stdout, done.stderr

    def folder_with(self, *names):
        """A folder that contains only the named programs."""
        folder = f"{self.tree}/only"
        os.makedirs(folder)
        for name in names:
            os.symlink(next(f for f in (f"/usr/bin/{name}", f"/bin/{name}") if os.path.exists(f)), f"{folder}/{name}")
        return folder

    def test_it_builds_then_trains_and_keeps_standard_output_for_the_program(self):
        code, out, said = self.run_it()
        self.assertEqual((code, out), (86, "first [train]"), said)
        self.assertIn("tend: building", said)

    def test_it_passes_arguments_and_the_exit_code_on(self):
        self.assertEqual(self.run_it("predict", "a b", "--json")[:2], (86, "first [predict] [a b] [--json]"))

    def test_a_second_run_starts_at_once(self):
        self.run_it()
        tools = self.folder_with("bash", "dirname", "find")
        start = time.monotonic()
        self.assertEqual(self.run_it("show", path=tools), (86, "first [show]", ""))
        self.assertLess(time.monotonic() - start, 1)

    def test_a_changed_source_is_built(self):
        self.run_it()
        self.program("second")
        self.assertEqual(self.run_it()[1], "second [train]")

    def test_a_failed_build_shows_the_error_and_runs_nothing(self):
        self.write("cli/main.cpp", "int main() { return nonsense; }\n")
        code, out, said = self.run_it()
        self.assertEqual((code, out), (1, ""))
        self.assertIn("nonsense", said)

    def test_without_apt_it_lists_what_is_needed_and_stops(self):
        code, out, said = self.run_it(path=self.folder_with("bash", "dirname", "find", "grep", "sed"))
        self.assertEqual((code, out), (1, ""))
        self.assertIn("no apt", said)
        with open(f"{ROOT}/tools/packages.txt") as file:
            for package in (line.strip() for line in file if not line.startswith("#")):
                self.assertIn(package, said)


unittest.main()

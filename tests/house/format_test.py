"""The C++ files of the tree are formatted as .clang-format requires. Skipped without clang-format 14."""
import unittest

from tree import ROOT, TreeTest

NO_SUCH_VERSION = 3


class Format(TreeTest):
    def format(self, *arguments):
        code, text = self.tool("format", *arguments)
        if code == NO_SUCH_VERSION:
            self.skipTest(text.strip())
        return code, text

    def test_this_tree_is_formatted(self):
        code, text = self.format("--check", ROOT)
        self.assertEqual(code, 0, text)

    def test_a_file_that_is_not_formatted_is_found_and_left_as_it_is(self):
        self.write("tend/base/a.h", "#pragma once\n\nint  f();\n")
        self.write("cli/b.cpp", "int f();\n")
        self.assertEqual(self.format("--check", self.tree), (1, "tend/base/a.h:3: not formatted; tools/format formats the tree\n"))
        self.assertEqual(self.text("tend/base/a.h"), "#pragma once\n\nint  f();\n")

    def test_without_check_the_files_are_formatted(self):
        self.write("tests/flow/a.cpp", "int  f(){return 1;}\n")
        self.assertEqual(self.format(self.tree), (0, ""))
        self.assertEqual(self.text("tests/flow/a.cpp"), "int f() { return 1; }\n")
        self.assertEqual(self.format("--check", self.tree), (0, ""))

    def text(self, path):
        with open(f"{self.tree}/{path}") as file:
            return file.read()


unittest.main()

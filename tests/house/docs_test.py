"""The things that the documents name exist."""
import glob
import os
import re
import unittest

from tree import ROOT, TreeTest


def text_of(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


class Docs(TreeTest):
    def test_each_check_that_an_invariant_names_exists(self):
        named = re.findall(r"\*([^*\n]+(?:\n[^*\n]+)?)\*\n", text_of("ARCHITECTURE.md").split("## Invariants")[1])
        self.assertGreater(len(named), 15)
        tests = "".join(text_of(p) for p in glob.glob(ROOT + "/*/**/*_test.cpp", recursive=True))
        for words in named:
            for suite, name in re.findall(r"\b([A-Z]\w+)\.([a-z]\w+)", words):
                with self.subTest(f"{suite}.{name}"):
                    self.assertRegex(tests, rf"TEST(_F|_P)?\({suite}, {name}")
            for file in re.findall(r"\b(?:house\.)?([a-z_]+_test)\b", words):
                with self.subTest(file):
                    self.assertTrue(glob.glob(f"{ROOT}/*/**/{file}.*", recursive=True))
            for tool in re.findall(r"tools/[a-z_]+", words):
                self.assertTrue(os.path.exists(os.path.join(ROOT, tool)), tool)

    def test_each_link_leads_somewhere(self):
        for page in glob.glob(ROOT + "/*.md") + glob.glob(ROOT + "/docs/**/*.md", recursive=True):
            for goal in re.findall(r"\]\(([^)#:]+)\)", text_of(page)):
                with self.subTest(f"{os.path.basename(page)}: {goal}"):
                    self.assertTrue(os.path.exists(os.path.join(os.path.dirname(page), goal)))

    def test_the_readmes_program_compiles(self):
        program = re.search(r"```cpp\n(.*?)```", text_of("README.md"), re.S)[1]
        self.assertLessEqual(program.count("\n"), 13)
        head, body = ("#include <tend/tend.h>\n", program.replace("#include <tend/tend.h>\n", ""))
        self.write("readme.cpp", head + "#include <vector>\nvoid f(std::vector<float> x, std::vector<double> y, std::vector<float> points,"
                                        " std::vector<float> probabilities) {\n" + body + "}\n")
        code, text = self.run_tool(os.environ.get("CXX", "g++"), "-std=c++20", "-fsyntax-only", "-I", ROOT, f"{self.tree}/readme.cpp")
        self.assertEqual(code, 0, text)

    def test_each_room_has_a_page_of_at_most_25_lines(self):
        for room in sorted({p.split(os.sep)[-2] for p in glob.glob(ROOT + "/tend/*/*.h")}):
            with self.subTest(room):
                self.assertLessEqual(text_of(f"tend/{room}/README.md").count("\n"), 25)


unittest.main()

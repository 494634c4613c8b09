"""The pages that tend writes, in headless Chromium: no error in the console, no request to outside, names of others do nothing, charts by
mouse and by keyboard, no violation that axe-core finds, printing. Pages of real runs, of a study and of the lecture."""
import base64
import csv
import json
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

from tree import ROOT

try:
    import selenium  # noqa: F401
except ImportError:  # a package of Debian, which other Pythons do not see
    sys.path.append("/usr/lib/python3/dist-packages")
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

TEND = os.path.join(os.environ.get("TEND_BUILD", os.path.join(ROOT, "build", "release")), "tend")
AXE = os.path.join(ROOT, "build", "axe", "axe.min.js")
HOSTILE = ["<script>document.title='bad'</script>", "\"><img src=x onerror=\"document.title='bad'\">", "</title><h1 id=bad>", "'</style><b id=bad>",
           "</script><script>document.title='bad'</script>"]
BAD_WORDS = ["<script>document.title='bad'<!--", "\"><img src=x onerror=alert(1)>", "&lt;b id=bad&gt;"]

WIDE = """return [...document.querySelectorAll('main *')].filter((e) => !e.closest('.scroll') && e.getBoundingClientRect().right > innerWidth)
              .map((e) => e.outerHTML.slice(0, 100)).slice(0, 5)"""


def png(width, height, grey):
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
    rows = b"".join(b"\0" + bytes(grey[y * width:(y + 1) * width]) for y in range(height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def hostile_table(path, draw):
    with open(path, "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow([*HOSTILE, "kind"])
        for i in range(300):
            k = i % 3
            rows.writerow([f"{draw.gauss(k, 1):.2f}", f"{draw.gauss(-k, 1):.2f}", draw.choice(["<i id=bad>", "b"]), f"{draw.gauss(0, 1):.2f}",
                           draw.choice(["x", "</td></table>"]), BAD_WORDS[k]])


def pictures(folder, draw):
    for k, name in enumerate(["<img src=x onerror=alert(1)>", "\"><b id=bad>"]):
        os.makedirs(f"{folder}/{name}")
        for i in range(60):
            grey = [min(255, max(0, int(draw.gauss(60 + 90 * k, 60)))) for _ in range(96 * 80)]
            with open(f"{folder}/{name}/{i}<b>.png", "wb") as file:
                file.write(png(96, 80, grey))


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="tend_pages_")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.make_pages()
        options = Options()
        for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1200,900", "--force-prefers-reduced-motion"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        cls.browser = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)
        cls.addClassCleanup(cls.browser.quit)

    @classmethod
    def tend(cls, *words, codes=(0,)):
        done = subprocess.run([TEND, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=cls.folder, stdin=subprocess.DEVNULL)
        if done.returncode not in codes:
            raise AssertionError(f"tend {' '.join(words)} ended with {done.returncode}:\n{done.stdout}")

    @classmethod
    def make_pages(cls):
        draw = random.Random(1)
        hostile_table(f"{cls.folder}/bad.csv", draw)
        pictures(f"{cls.folder}/pictures", draw)
        with open(f"{cls.folder}/line.csv", "w", encoding="utf-8") as file:
            file.write("x,day,y\n" + "".join(f"{x},2024-03-{1 + i % 28:02d},{3 * x + draw.gauss(0, .3):.3f}\n" for i in range(300) if (x := round(draw.gauss(0, 1), 3)) or True))
        runs = {"digits": ["digits", "--epochs", "10"], "table": ["bad.csv", "--target", "kind", "--epochs", "3"],
                "pictures": ["pictures", "--epochs", "2"], "line": ["line.csv", "--target", "y", "--epochs", "3"],
                "diverged": ["digits", "--epochs", "3", "--learning-rate", "1e30"]}
        for name, words in runs.items():
            cls.tend("train", *words, "--run", f"runs/{name}", "--quiet", codes=(0, 86))
        cls.tend("train", "line.csv", "--target", "y", "--epochs", "1", "--run", "runs/gone", "--quiet")
        os.rename(f"{cls.folder}/line.csv", f"{cls.folder}/other.csv")
        cls.pages = {}
        for name in [*runs, "gone"]:
            cls.tend("report", f"runs/{name}", "-o", f"{name}.html")
            cls.pages[name] = f"{cls.folder}/{name}.html"
        cls.tend("tune", "digits", "--run", "study", "--quiet", "--budget", "2", "--epochs", "2")
        cls.tend("lecture", "loss_at_chance", "--out", "lecture", "--quiet")
        cls.pages |= {"study": f"{cls.folder}/study/study.html", "lecture": f"{cls.folder}/lecture/lecture.html"}

    def open(self, path):
        """Opens a page and returns what Chromium said about it."""
        for kind in ("browser", "performance"):
            self.browser.get_log(kind)
        self.browser.get(f"file://{path}")
        outside = []
        for entry in self.browser.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            url = message.get("params", {}).get("request", {}).get("url", "")
            if message["method"] == "Network.requestWillBeSent" and url != f"file://{path}" and not url.startswith("data:"):
                outside.append(url)
        self.assertEqual(outside, [], "requests")
        self.assert_console_is_empty()

    def assert_console_is_empty(self):
        self.assertEqual([entry["message"] for entry in self.browser.get_log("browser")], [])

    def run_script(self, text, *arguments):
        return self.browser.execute_script(text, *arguments)

    def test_every_page_opens_without_messages_and_requests(self):
        for name, path in self.pages.items():
            with self.subTest(name):
                milliseconds = []
                while len(milliseconds) < 3 and min(milliseconds, default=1000) >= 1000:
                    self.open(path)
                    milliseconds.append(self.run_script("return performance.getEntriesByType('navigation')[0].loadEventEnd"))
                self.assertGreater(min(milliseconds), 0)
                self.assertLess(min(milliseconds), 5000)  # on a free machine some 0.3 s; other tests may use the cores
                self.assertLess(os.path.getsize(path), 1_500_000)
                self.assertGreater(self.run_script("return document.querySelectorAll('svg.chart[tabindex]').length"), 0)

    def test_names_of_others_do_nothing_also_without_the_policy_of_the_page(self):
        for name in ("table", "pictures", "line"):
            with self.subTest(name):
                self.open(self.pages[name])
                self.assertEqual(self.browser.title, f"Run runs/{name}")
                with open(self.pages[name], encoding="utf-8") as file:
                    text = file.read()
                bare = re.sub(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "", text)
                self.assertNotEqual(bare, text)
                with open(f"{self.folder}/bare.html", "w", encoding="utf-8") as file:
                    file.write(bare)
                self.open(f"{self.folder}/bare.html")
                self.assertEqual(self.browser.title, f"Run runs/{name}")
                found = self.run_script("return document.querySelectorAll('#bad, main script, main style, main b, main i, main img:not([src^=\"data:image/png\"])').length")
                self.assertEqual(found, 0)
        self.open(self.pages["table"])
        text = self.run_script("return document.querySelector('main').textContent")
        for word in HOSTILE + BAD_WORDS:
            self.assertIn(word, text)

    def test_a_script_that_is_not_the_page_s_own_does_not_run(self):
        with open(self.pages["digits"], encoding="utf-8") as file:
            text = file.read()
        with open(f"{self.folder}/changed.html", "w", encoding="utf-8") as file:
            file.write(text.replace("<main>", "<main><script>document.title='bad'</script><p onclick=\"document.title='bad'\" id=trap>x</p>"))
        self.browser.get(f"file://{self.folder}/changed.html")
        self.run_script("document.getElementById('trap').click()")
        self.assertEqual(self.browser.title, "Run runs/digits")
        self.assertTrue(self.browser.get_log("browser"))

    def test_axe_finds_no_violation(self):
        self.assertTrue(os.path.exists(AXE), f"axe-core is missing: ./test fetches it into {os.path.dirname(AXE)} with pip (tools/axe.txt)")
        with open(AXE, encoding="utf-8") as file:
            axe = file.read()
        for scheme, width in (("light", 1200), ("dark", 360)):
            for command, words in (("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}),
                                   ("Emulation.setDeviceMetricsOverride", {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False})):
                self.browser.execute_cdp_cmd(command, words)
            for name, path in self.pages.items():
                with self.subTest(f"{name}, {scheme}, {width} pixels wide"):
                    self.open(path)
                    self.run_script(axe)
                    found = self.browser.execute_async_script("const done = arguments[0]; document.querySelectorAll('details').forEach((d) => { d.open = true; });"
                                                              "axe.run().then((r) => done(r.violations.map((v) => [v.id, v.nodes.length, v.nodes[0].html.slice(0, 200)])))")
                    self.assertEqual(found, [])
                    if width == 360:
                        self.assertLessEqual(self.run_script("return document.documentElement.scrollWidth"), 360, 
                                             "the page scrolls sideways: " + str(self.run_script(WIDE)))
        self.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})

    def chart(self, title):
        """The chart whose title begins so; otherwise the first chart with a curve."""
        of_title = f"svg.chart[aria-label^='{title}']" if title else "svg.chart:has(polyline)"
        chart = self.browser.find_element(By.CSS_SELECTOR, of_title)
        self.run_script("arguments[0].scrollIntoView({block: 'center'})", chart)
        return chart

    def ticks(self, chart, which="x"):
        return [t.text or t.get_attribute("textContent") for t in chart.find_elements(By.CSS_SELECTOR, f".{which}-ticks text")]

    def points(self, chart):
        return chart.find_element(By.CSS_SELECTOR, "polyline:not(.raw)").get_attribute("points")

    def test_charts_are_zoomed_by_the_mouse(self):
        for name, title in (("digits", "loss of each"), ("study", "Values in the order"), ("lecture", None)):
            with self.subTest(name):
                self.open(self.pages[name])
                chart = self.chart(title)
                box = chart.find_element(By.XPATH, "..")
                button = box.find_element(By.CSS_SELECTOR, "[aria-label='whole chart']")
                button.click()
                whole = self.ticks(chart)
                width = chart.rect["width"]
                ActionChains(self.browser).move_to_element_with_offset(chart, int(-0.1 * width), 0).click_and_hold() \
                    .move_by_offset(int(0.3 * width), 5).release().perform()
                self.assertNotEqual(self.ticks(chart), whole)
                self.assertIn(" to ", box.find_element(By.CSS_SELECTOR, ".readout").text)
                button.click()
                self.assertEqual(self.ticks(chart), whole)
                ActionChains(self.browser).move_to_element_with_offset(chart, 20, 10).perform()
                self.assertRegex(box.find_element(By.CSS_SELECTOR, ".readout").text, r"\d")
                self.assert_console_is_empty()

    def press(self, *keys):
        ActionChains(self.browser).send_keys(*keys).perform()

    def tab_to(self, test):
        """Presses Tab until the focus is on what the script wants."""
        for _ in range(300):
            self.press(Keys.TAB)
            if self.run_script(f"const a = document.activeElement; return {test}"):
                self.assertNotEqual(self.run_script("return getComputedStyle(document.activeElement).outlineStyle"), "none")
                return self.browser.switch_to.active_element
        self.fail(f"Tab does not reach: {test}")

    def test_charts_are_used_by_the_keyboard(self):
        self.open(self.pages["digits"])
        chart = self.tab_to("a.matches(\"svg[aria-label^='loss of each']\")")
        readout = chart.find_element(By.XPATH, "..").find_element(By.CSS_SELECTOR, ".readout")
        self.press(Keys.HOME)
        self.assertTrue(readout.text.startswith("step 1: "), readout.text)
        self.press(Keys.ARROW_RIGHT)
        self.assertTrue(readout.text.startswith("step 2: "), readout.text)
        self.press(Keys.END, Keys.ARROW_LEFT)
        self.assertRegex(readout.text, r"step \d\d+: [\d.e-]+$")
        before, points = self.ticks(chart), self.points(chart)
        self.press("+", "+")
        self.assertNotEqual(self.ticks(chart), before)
        cursor = chart.find_element(By.CSS_SELECTOR, "line.cursor")
        self.assertEqual(cursor.get_attribute("visibility"), "visible")
        self.assertLess(abs(float(cursor.get_attribute("x1")) - float(self.points(chart).split()[-2].split(",")[0])), 0.1)
        self.press("0")
        whole = self.ticks(chart)
        self.assertEqual(self.points(chart).count(","), points.count(","))
        for label, key in (("zoom in", Keys.ENTER), ("whole chart", Keys.SPACE)):
            self.tab_to(f"a.getAttribute('aria-label') === '{label}'")
            self.press(key)
        self.assertEqual(self.ticks(chart), whole)
        was_log, y = self.tab_to("a.type === 'checkbox'").is_selected(), self.ticks(chart, "y")
        self.press(Keys.SPACE)
        self.assertNotEqual(self.browser.switch_to.active_element.is_selected(), was_log)
        self.assertNotEqual(self.ticks(chart, "y"), y)
        rough = self.points(chart)
        self.tab_to("a.type === 'range'")
        self.press(*[Keys.ARROW_RIGHT] * 20)
        self.assertEqual(chart.find_element(By.CSS_SELECTOR, "polyline.raw").get_attribute("points"), rough)
        self.assertNotEqual(self.points(chart), rough)
        self.press(Keys.HOME)
        self.assertEqual(chart.find_elements(By.CSS_SELECTOR, "polyline.raw"), [])
        self.assertEqual(self.points(chart), rough)
        self.assert_console_is_empty()

    def test_pages_are_printed_and_need_no_script(self):
        for name, path in self.pages.items():
            with self.subTest(name):
                self.open(path)
                self.assertTrue(base64.b64decode(self.browser.print_page()).startswith(b"%PDF"))
                self.assert_console_is_empty()
        self.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        self.browser.get(f"file://{self.pages['digits']}")
        self.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
        self.assertGreater(len(self.browser.find_elements(By.CSS_SELECTOR, "svg.chart polyline[points]")), 5)
        self.assertEqual(self.browser.find_elements(By.CSS_SELECTOR, ".controls"), [])

    def test_the_page_of_a_run_has_its_parts(self):
        words = {"digits": ["It classifies", "of the 180 test rows right", "Confusion matrix of the test rows", "The validation rows with the highest loss",
                            "Range of learning rates", "suggested", "norm of the gradient", "Outputs of the activations", "mean of the activations",
                            "part of the loss that is due to gradient noise", "Weights of the first layer", "SHA-256", "compared with"],
                 "table": ["Classes of the test rows", "line"], "pictures": ["png", "probability of the true class"],
                 "line": ["differ from the targets by", "they explain"], "diverged": ["The training diverged", "not fit for use"],
                 "gone": ["cannot be read", "differ from the targets by", "Configuration"]}
        for name, parts in words.items():
            with self.subTest(name):
                self.open(self.pages[name])
                text = self.run_script("return document.querySelector('main').textContent")
                for part in parts:
                    self.assertIn(part, text)
        self.open(self.pages["pictures"])
        sizes = self.run_script("return [...document.querySelectorAll('td img, th img')].map((i) => [i.naturalWidth, i.naturalHeight])")
        self.assertEqual(set(map(tuple, sizes)), {(48, 40)})
        self.open(self.pages["digits"])
        self.assertEqual(self.run_script("return document.querySelectorAll('th img').length"), 20)
        self.assertEqual(self.run_script("return [...document.querySelectorAll('th img')].filter((i) => i.naturalWidth !== 8).length"), 0)


unittest.main()

#include "hostile.h"

namespace tend::hostile {
namespace {

using namespace std::string_literals;

std::string changed(const std::string& from, const std::string& to) {
  std::string text = flower_experiment;
  return text.replace(text.find(from), from.size(), to);
}
Case toml(std::string name, std::string text, std::vector<std::string> words, int code = 2) {
  return {std::move(name), "e.toml", std::move(text), code, std::move(words)};
}
Case json(std::string name, std::string text, std::vector<std::string> words, int code = 2) {
  return {std::move(name), "e.json", std::move(text), code, std::move(words)};
}
Case source(std::string name, const std::string& value, std::vector<std::string> words, int code) {
  return toml(std::move(name), changed("\"flowers.csv\"", value), std::move(words), code);
}

}  // namespace

std::vector<Case> experiments() {
  return {
      toml("an empty file", "", {"data.source"}),
      toml("100,000 open brackets", "a = " + std::string(100'000, '['), {"e.toml:1"}),
      toml("100,000 open braces", "a = " + repeated("{ a = ", 100'000), {"e.toml:1"}),
      toml("a key of 10,000 parts", "a" + repeated(".a", 10'000) + " = 1\n", {"e.toml"}),
      toml("a table of 10,000 parts", "[a" + repeated(".a", 10'000) + "]\n", {"e.toml"}),
      toml("a text without an end", "[data]\nsource = \"flow\n", {"e.toml:2"}),
      toml("a text of 1,000,000 characters", "[data]\nsource = \"" + std::string(1'000'000, 'a') + "\"\n", {"data.source"}, 66),
      toml("bytes that are no UTF-8", "[data]\nsource = \"\xff\xfe\"\n", {"e.toml:2"}),
      toml("a NUL byte", "[data]\n\0 = 1\n"s, {"e.toml:2"}),
      toml("a whole number of 30 digits", changed("epochs = 8", "epochs = 100000000000000000000000000000"), {"e.toml:"}),
      toml("a float of 1e400", changed("0.02", "1e400"), {"e.toml"}),
      toml("a byte order mark before a wrong key", "\xef\xbb\xbfseeed = 1\n", {"seeed"}),
      toml("a date", changed("epochs = 8", "epochs = 1979-05-27T07:32:00Z"), {"e.toml:16", "date"}),
      toml("a table twice", std::string(flower_experiment) + "[train]\nepochs = 3\n", {"e.toml:17"}),
      toml("10,000 keys that are not known",
           [] {
             std::string text;
             for (int i = 0; i < 10'000; ++i) text += "key" + std::to_string(i) + " = 1\n";
             return text;
           }(),
           {"key0"}),
      toml("a key that is markup", "\"<script>alert(1)</script>\" = 1\n", {"script"}),
      toml("a key with an escape of a terminal", "\"\\u001b[2J\" = 1\n", {"e.toml"}),
      toml("epochs beyond what a number holds", changed("epochs = 8", "epochs = 9223372036854775808"), {"e.toml:16"}),
      toml("a batch of 2^60 rows", changed("epochs = 8", "epochs = 1\nbatch_size = 1152921504606846976"), {}, 0),
      toml("a layer of 1,000,000,000 units", changed("{ dense = 8 }", "{ dense = 1000000000 }"), {"memory"}, 1),
      toml("a layer of -1 units", changed("{ dense = 8 }", "{ dense = -1 }"), {"network.layers[0]"}),
      toml("layers that multiply to 2^60 weights", changed("{ dense = 8 }", "{ dense = 1000000 }, { dense = 1000000 }"),
           {"memory"}, 1),
      toml("100,000 layers that are not known", changed("{ dense = 8 }", "{ dense = 8 }" + repeated(", \"x\"", 100'000)),
           {"network.layers[1]"}),
      toml("a generator of 10^15 rows", changed("\"flowers.csv\"", "{ generate = \"blobs\", rows = 1000000000000000 }"),
           {"rows"}),
      toml("a size of images of 10^9", changed("\"impute\"", "{ resize = [1000000000, 1000000000] }"), {"resize"}),
      source("a source without a name", "\"\"", {"data.source"}, 2),
      source("a source with a NUL byte", "\"a\\u0000b\"", {"data.source"}, 2),
      source("a source of endless zeros", "\"/dev/zero\"", {"/dev/zero"}, 66),
      source("a source that is a folder of devices", "\"/dev\"", {"dev"}, 65),
      source("a source above all folders", "\"" + repeated("../", 50) + "nothing\"", {"data.source"}, 66),
      source("a source that is a number", "3", {"data.source"}, 2),
      source("a source that is the experiment", "\"e.toml\"", {"e.toml"}, 65),
      {"a source that is a link to itself",
       "e.toml",
       changed("flowers.csv", "loop.csv"),
       66,
       {"loop.csv"},
       "",
       "ln -s loop.csv loop.csv"},
      {"a source that may not be read", "e.toml", changed("flowers.csv", "pipe.csv"), 66, {"pipe.csv"}, "", "mkfifo pipe.csv"},
      json("JSON that is empty", "", {"e.json"}),
      json("JSON of 100,000 open brackets", std::string(100'000, '['), {"e.json"}),
      json("JSON of 100,000 open objects", repeated("{\"a\":", 100'000), {"e.json"}),
      json("JSON with a key twice", "{\"seed\": 1, \"seed\": 2}", {"\"seed\" twice"}),
      json("JSON with a comma at its end", "{\"seed\": 1,}", {"e.json:1"}),
      json("JSON with NaN", "{\"seed\": NaN}", {"e.json:1"}),
      json("JSON with 1e400", "{\"seed\": 1e400}", {"e.json"}),
      json("JSON that is a list", "[1, 2]", {"e.json"}),
      json("JSON that is a number", "3", {"e.json"}),
      json("JSON with half a pair of UTF-16", "{\"seed\": \"\\ud800\"}", {"e.json:1"}),
      json("JSON with a line end in a text", "{\"seed\": \"a\nb\"}", {"e.json:"}),
      json("JSON with bytes after its end", "{} {}", {"e.json:1"}),
      json("JSON with a NUL byte", "{\"a\0b\": 1}"s, {"e.json"}),
      json("JSON in UTF-16", "\xff\xfe{\0}\0"s, {"e.json"}),
      json("JSON of a number of 1,000,000 digits", "{\"seed\": " + std::string(1'000'000, '1') + "}", {"e.json"}),
      json("JSON of 200,000 keys",
           [] {
             std::string text = "{";
             for (int i = 0; i < 200'000; ++i) text += "\"key" + std::to_string(i) + "\": 1,";
             return text + "\"z\": 1}";
           }(),
           {"key0"}),
  };
}

}  // namespace tend::hostile

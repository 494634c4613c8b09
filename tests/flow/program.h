#pragma once
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <nlohmann/json.hpp>
#include <sys/wait.h>

namespace tend {

/// The output of the program tend and its exit.
struct Said {
  int code = 0;
  std::string out, error;
  /// The output as JSON, parsed once: a reference into it is valid as long as this object.
  nlohmann::json& json() const {
    if (parsed.is_null()) parsed = nlohmann::json::parse(out);
    return parsed;
  }
  mutable nlohmann::json parsed = {};
};

/// A folder of its own for each test, removed at the end.
class Folder {
 public:
  Folder() {
    char name[] = "/tmp/tend_flow_XXXXXX";
    path_ = mkdtemp(name);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(*this / name, std::ios::binary) << text;
    return *this / name;
  }
  std::string read(const std::string& name) const {
    std::ifstream file(*this / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// Runs tend with these arguments in this folder; `input`: the file that it reads from.
  Said tend(const std::string& arguments, const std::string& environment = "", const std::string& input = "/dev/null") const {
    const std::string command = "cd " + path_ + " && env -u OMP_NUM_THREADS " + environment + " " TEND_BINARY_DIR "/tend " +
                                arguments + " > .out 2> .error < " + input;
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read(".out"), read(".error")};
  }

 private:
  std::string path_;
};

/// A table of two kinds of points that contains a number, a word and a gap.
inline std::string flowers(int rows) {
  std::string text = "width,height,colour,kind\n";
  for (int i = 0; i < rows; ++i) {
    const bool is_rose = i * 7 % 3 == 0;
    text += std::to_string((is_rose ? 5 : 1) + i % 10 * 0.1) + "," +
            (i % 17 ? std::to_string((is_rose ? 2 : 4) + i % 7 * 0.1) : "?") + "," + (i % 5 ? "red" : "white") + "," +
            (is_rose ? "rose" : "tulip") + "\n";
  }
  return text;
}

inline const char* flower_experiment = R"(seed = 3
[data]
source = "flowers.csv"
target = "kind"
validation = 0.2
test = 0.2
[prepare]
steps = ["impute", "one_hot", "standardize"]
[network]
layers = [{ dense = 8 }, "relu", { dense = 2 }]
[loss]
name = "softmax_cross_entropy"
[update]
optimizer = { name = "adam", learning_rate = 0.02 }
[train]
epochs = 8
)";

}  // namespace tend

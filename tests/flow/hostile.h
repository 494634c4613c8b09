#pragma once
#include <functional>
#include <string>
#include <vector>

#include "program.h"
#include "tend/data/test_files.h"

namespace tend::hostile {

/// A file that the program must refuse by one clear error, or read rightly, in bounded memory and time.
struct Case {
  std::string name;  ///< a sentence's part: "a table of 1,000,000 columns"
  std::string file;  ///< its name in the folder
  std::string bytes;
  int code = 65;
  std::vector<std::string> words = {};  ///< in the error; where the code is 0, in the summary or the messages
  std::string arguments = {};           ///< after "tend train FILE"
  std::string shell = {};               ///< a command that makes more files, or the file itself if `bytes` is empty
  double most_mebibytes = 300, most_seconds = 5;
};

std::vector<Case> tables();
std::vector<Case> arrays();
std::vector<Case> archives();
std::vector<Case> pictures();
std::vector<Case> experiments();

/// A table of 40 rows that can be learnt: columns a, b and y. `end` ends a line, `mark` stands between cells.
inline std::string good_table(const std::string& mark = ",", const std::string& end = "\n") {
  std::string text = "a" + mark + "b" + mark + "y" + end;
  for (int i = 0; i < 40; ++i)
    text += std::to_string(i % 7) + mark + std::to_string(i % 5) + ".5" + mark + (i % 2 ? "x" : "z") + end;
  return text;
}

inline std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace tend::hostile

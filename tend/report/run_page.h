#pragma once
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "tend/base/value.h"
#include "tend/report/page.h"

namespace tend {

/// A curve of a page: x, lowest, mean and highest value of each point; the last three are equal where a point is one value.
struct PageCurve {
  std::string name = {};  ///< "train", "validation", or "" where a chart has one
  std::vector<std::array<double, 4>> points = {};
};
struct PageChart {
  std::string title = {}, x_name = {};
  std::vector<PageCurve> curves = {};
  bool is_log_x = false;                                   ///< absent: x counts
  std::vector<std::pair<double, std::string>> marks = {};  ///< vertical lines: x, name
};

/// A chart as an SVG element with its legend; "" if no value is finite.
std::string page_chart(const PageChart& chart);

/// What the page of a run shows. Values have the shapes of interface.md.
struct RunPage {
  std::string run = {}, state = {}, reason = {}, data = {}, network = {};
  std::int64_t epochs = 0;
  std::vector<std::pair<std::string, std::string>> facts = {};  ///< "best", "validation.loss 0.04 after epoch 12"
  Value metrics = {};                                           ///< {"train": {"loss": ...}, "validation": ..., "test": ...}
  Value rows = {};                                              ///< {"train": 1437, "validation": 180, "test": 180}
  Value baseline = {};  ///< metrics of a predictor that uses only the targets; null if unknown
  std::string baseline_text = {};
  Value linear = {};                                 ///< metrics of a linear model on the same rows; null if none was made
  Value checks = {}, findings = {}, repairs = {};    ///< arrays; null if there are none
  std::vector<PageChart> charts = {}, health = {};   ///< curves of the training; of its layers and gradients
  std::vector<PageTable> layers = {}, answers = {};  ///< of parameters and activations; of classes and rows
  std::vector<PageTable> columns = {};               ///< of a table: which matter, and the answers by their levels
  std::vector<PageChart> dependence = {};            ///< the answers by the values of a column
  std::vector<PagePicture> first_weights = {};       ///< of the units of the first layer, where it sees pictures
  std::string first_weights_note = {};
  std::vector<std::string> answers_notes = {};  ///< which rows these are, or why there are none
  Value origins = {};                           ///< {"train.epochs": {"value", "origin"}}; null if unknown
  std::vector<std::string> notes = {};
  std::vector<std::pair<std::string, std::string>> repeat = {};    ///< how to repeat the run: "seed", "0"
  std::vector<std::pair<std::string, std::string>> commands = {};  ///< what it does, the command
};

/// One sentence about the result, for a reader who knows nothing about the run.
std::string result_sentence(const RunPage& page);
/// One self-contained HTML page.
std::string run_page(const RunPage& page);

}  // namespace tend

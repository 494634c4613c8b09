#pragma once
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "tend/base/value.h"

namespace tend {

/// A curve of a page: x, lowest, mean and highest value of each point; the last three are equal where a point is one value.
struct PageCurve {
  std::string name;  ///< "train", "validation", or "" where a chart has one
  std::vector<std::array<double, 4>> points;
};
struct PageChart {
  std::string title, x_name;
  std::vector<PageCurve> curves;
};

/// A chart as an SVG element with its legend; "" if no value is finite.
std::string page_chart(const PageChart& chart);

/// What the page of a run shows. Values have the shapes of interface.md.
struct RunPage {
  std::string run, state, reason, data, network;
  std::vector<std::pair<std::string, std::string>> facts;  ///< "best", "validation.loss 0.04 after epoch 12"
  Value metrics;                                           ///< {"train": {"loss": ...}, "validation": ..., "test": ...}
  Value baseline;                                          ///< metrics of a predictor that uses only the targets; null if unknown
  std::string baseline_text;
  Value linear;                     ///< metrics of a linear model on the same rows; null if none was made
  Value checks, findings, repairs;  ///< arrays; null if there are none
  std::vector<PageChart> charts;
  Value origins;  ///< {"train.epochs": {"value", "origin"}}; null if unknown
  std::vector<std::string> notes;
  std::vector<std::pair<std::string, std::string>> commands;  ///< what it does, the command
};

/// One self-contained HTML page.
std::string run_page(const RunPage& page);

}  // namespace tend

// Table text: cells, types of columns, styles of numbers, dates. The first two bytes choose settings.
#include "tend/data/dataset.h"
#include "tend/data/table/columns.h"
#include "tests/fuzz/input.h"

using namespace tend;

namespace {

DataSettings chosen_settings(fuzz::Input& input) {
  DataSettings settings;
  const int marks = input.choice(6), more = input.choice(32);
  settings.decimal = marks == 1 ? "," : ".";
  settings.thousands = marks == 2 ? "," : marks == 3 ? "'" : marks == 4 ? " " : "";
  settings.delimiter = marks == 5 ? "tab" : "";
  if (more & 1) settings.encoding = "latin-1";
  if (more & 2) settings.header = false;
  if (more & 4) settings.task = "regression";
  if (more & 8) settings.missing = {"+x", "-NA"};
  if (more & 16) settings.target = std::string("target");
  else settings.target = std::string("last");
  return settings;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const DataSettings settings = chosen_settings(input);
  fuzz::refuse_or([&] {
    const Cells cells(std::string(input.rest()), settings, "t.csv");
    const Dataset all = dataset_of_cells(cells, settings, nullptr, false);
    fuzz::must_hold(all.x.rows() > 0 && all.x.rows() <= cells.rows(), "rows of the data are rows of the table");
    fuzz::must_hold(all.y.rows() == all.x.rows(), "each row has a target");
    fuzz::must_hold(static_cast<std::int64_t>(all.columns.size()) == all.x.shape()[1], "each column is described");
    const Value saved = columns_to_value(all.columns);
    fuzz::must_hold(columns_to_value(columns_of_value(saved, "t.csv")) == saved, "columns are the same after saving and reading");
    const Dataset again = dataset_of_cells(cells, settings, &all, true);  // the same rows, to be predicted
    fuzz::must_hold(again.x.rows() == cells.rows(), "as many rows are predicted as the table has");
  });
  return 0;
}

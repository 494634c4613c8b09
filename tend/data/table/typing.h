#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "tend/data/settings.h"
#include "tend/data/table/cells.h"
#include "tend/data/table/typed_column.h"
#include "tend/data/table/words.h"

namespace tend {

/// Types one column: numbers and dates in typed_column.cpp, numbers of new rows in new_rows.cpp, categories in
/// categories.cpp.
class Typing {
 public:
  Typing(const Cells& cells, const DataSettings& settings, const ColumnRequest& request)
      : cells_(cells),
        request_(request),
        missing_(settings.missing),
        rare_values_(request.is_target ? 0 : settings.rare_values),
        decimal_(settings.decimal[0]),
        thousands_(settings.thousands),
        name_(cells.names()[static_cast<std::size_t>(request.column)]) {
    typed_.values.resize(static_cast<std::size_t>(cells.rows()));
  }

  TypedColumn all() {
    if (request_.like && request_.like->is_category()) code_like();
    else if (are_dates()) {
    } else if (request_.type == "category" || are_long_identifiers()) {
      code();
    } else if (!(are_plain_numbers() || are_numbers())) {
      name_mixture();
      code();
    }
    if (typed_.levels.empty()) drop_infinite();
    return std::move(typed_);
  }

 private:
  std::string_view cell(std::int64_t row) const { return stripped(cells_.at(row, request_.column)); }
  double& value(std::int64_t row) { return typed_.values[static_cast<std::size_t>(row)]; }
  void note(std::string text, std::int64_t lost = 0) {
    typed_.notes.push_back({.text = cells_.name() + ": " + std::move(text), .lost = lost, .of = cells_.rows(), .column = name_});
  }
  std::string column() const { return "\"" + name_ + "\""; }
  std::string line(std::int64_t row) const { return "line " + std::to_string(cells_.line(row)); }
  std::string key(const char* type) const { return "--set 'data.types={" + column() + "=\"" + type + "\"}'"; }

  bool are_plain_numbers();
  bool are_codes() const;
  bool are_long_identifiers();
  bool may_be_numbers() const;
  NumberStyle found_style() const;
  [[noreturn]] void refuse_ambiguous(char mark) const;
  /// How many of the cells that are not missing a style reads.
  struct Reach {
    std::int64_t cells = 0, read = 0, first_other = -1;
    bool is_all() const { return read == cells; }
    bool is_half() const { return cells > 0 && 2 * read >= cells; }
  };
  Reach reach_of(const NumberStyle& style) const;
  NumberStyle style_of_new_rows() const;
  std::string trouble_of_unit(const NumberStyle& trained, const NumberStyle& own) const;
  void note_other_form();
  void read_all(const NumberStyle& style);
  bool are_numbers();
  bool decide_by_share(std::int64_t numbers);
  bool are_dates();
  void refuse_other_order() const;
  void note_style();
  void name_mixture();
  void name_numbers();
  void refuse_mixed_target();
  void drop_infinite();
  void code();
  void code_like();
  std::vector<std::size_t> merged(const std::vector<std::string_view>& words, const std::vector<std::int64_t>& counts);
  void point_out_missing_words(const std::vector<std::string_view>& words, const std::vector<std::int64_t>& counts);
  void point_out_lost_code();
  void point_out_stops(const std::vector<std::string>& levels);

  const Cells& cells_;
  const ColumnRequest& request_;
  MissingWords missing_;
  std::int64_t rare_values_;
  char decimal_;
  const std::string& thousands_;
  const std::string& name_;
  TypedColumn typed_;
  Words others_, absent_;  // cells that are no numbers; words that mean missing in columns of numbers
};

}  // namespace tend

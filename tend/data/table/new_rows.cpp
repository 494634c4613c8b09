// Numbers of rows that are read like those of the training data, but may be written in another form.
#include <algorithm>
#include <array>
#include <cmath>

#include "tend/data/table/typing.h"
#include "tend/data/target.h"

namespace tend {
namespace {

/// Units that change what a number is worth: 12 % may be 12 or 0.12, 3k may be 3 or 3000.
bool is_factor(std::string_view unit) {
  constexpr std::array<std::string_view, 17> all{"%", "\xe2\x80\xb0", "k",   "tsd",  "tsd.",   "thousand",
                                                 "m", "mn",           "mio", "mio.", "mill",   "million",
                                                 "b", "bn",           "mrd", "mrd.", "billion"};
  return std::find(all.begin(), all.end(), lower_case(unit)) != all.end();
}

}  // namespace

/// How many of the cells a style reads.
Typing::Reach Typing::reach_of(const NumberStyle& style) const {
  Reach reach;
  double v = 0;
  for (std::int64_t i = 0; i < cells_.rows(); ++i) {
    const std::string_view text = cell(i);
    if (missing_.contains(text) || is_missing_number_word(text)) continue;
    ++reach.cells;
    if (style.read(text, v)) ++reach.read;
    else if (reach.first_other < 0) reach.first_other = i;
  }
  return reach;
}

/// The style of new rows: that of the training rows, unless the settings give other marks or only another style reads the cells.
NumberStyle Typing::style_of_new_rows() const {
  const NumberStyle& trained = request_.like->style;
  const bool gives_marks = (decimal_ == ',' && trained.decimal != ',') ||
                           (!thousands_.empty() && thousands_ != trained.thousands);
  const Reach of_trained = reach_of(trained);
  if (of_trained.cells == 0 || (of_trained.is_all() && !gives_marks)) return trained;
  const bool may_lose_cells = of_trained.is_half() || request_.type == "number" || request_.may_be_absent;
  const auto finder_with = [&](char decimal, const std::string& thousands) {
    StyleFinder finder(decimal, thousands, cells_.delimiter() == ',');
    for (std::int64_t i = 0; i < cells_.rows(); ++i)
      if (const std::string_view text = cell(i); !missing_.contains(text)) finder.see(text);
    return finder;
  };
  const auto found_by = [&](const StyleFinder& finder) {
    NumberStyle style = finder.found();
    if (style.before.empty()) style.before = trained.before;
    if (style.after.empty()) style.after = trained.after;
    return style;
  };
  const StyleFinder finder = finder_with(decimal_, thousands_);
  NumberStyle own = found_by(finder);
  if (gives_marks && !reach_of(own).is_all()) {  // one column may have other marks than the others
    const NumberStyle free = found_by(finder_with('.', ""));
    if (reach_of(free).read > reach_of(own).read) own = free;
  }
  if (const char mark = finder.ambiguous_mark()) {
    if (may_lose_cells) return trained;
    refuse_ambiguous(mark);
  }
  const Reach of_own = reach_of(own);
  const bool is_better = of_own.read > of_trained.read || (gives_marks && of_own.read > 0 && of_own.read == of_trained.read);
  const bool lacks_percent = trained.after == "%" && !of_trained.is_half();
  if (!is_better && !lacks_percent) return trained;
  if (const std::string trouble = trouble_of_unit(trained, own); !trouble.empty()) {
    if (may_lose_cells) return trained;
    const std::string_view first = cell(of_trained.first_other);
    throw Error(Trouble::data, cells_.name(),
                std::to_string(of_trained.cells - of_trained.read) + " of " + counted(of_trained.cells, "cell") + " of " +
                    column() + trouble + "; the first is " + in_quotes(first) + ", " + line(of_trained.first_other),
                "the unit of the training data",
                "write them as in the training data, or " + key("number") + " takes them as missing");
  }
  return is_better ? own : trained;
}

/// What makes the numbers of a style incomparable with those of the training data; "" if they can be compared.
std::string Typing::trouble_of_unit(const NumberStyle& trained, const NumberStyle& own) const {
  if (own.after != trained.after) {
    const std::string in_training = trained.after.empty() ? "the training data have none"
                                                          : "the training data have " + in_quotes(trained.after);
    if (own.after == "%") return " have a percent sign, and " + in_training + ": 12 % may be 12 or 0.12";
    if (is_factor(own.after) || !trained.after.empty()) return " have the unit " + in_quotes(own.after) + ", and " + in_training;
  } else if (trained.after == "%") {
    if (reach_of(trained).is_half()) return "";
    return " have no percent sign, and the training data have one: 0.12 may be 12 % or 0.12 %";
  }
  if (own.before != trained.before && !trained.before.empty())
    return " are in " + in_quotes(own.before) + ", and the training data in " + in_quotes(trained.before);
  return "";
}

/// Says which cells are read in another form than those of the training data.
void Typing::note_other_form() {
  const NumberStyle &trained = request_.like->style, &own = typed_.style;
  if (own == trained) return;
  std::int64_t number = 0, first = -1;
  for (std::int64_t i = 0; i < cells_.rows(); ++i) {
    const std::string_view text = cell(i);
    double v = 0;
    if (missing_.contains(text) || std::isnan(value(i)) || (trained.read(text, v) && v == value(i))) continue;
    if (number++ == 0) first = i;
  }
  if (number == 0) return;
  note(counted(number, "cell") + " of " + column() + (number == 1 ? " is" : " are") +
       " written in another form than the training data: " + in_quotes(cell(first)) + " (" + line(first) + ") is read as " +
       number_text(value(first)) + (own.after != trained.after ? "; no unit is applied, since the training data have none" : ""));
}

}  // namespace tend

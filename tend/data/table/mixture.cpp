#include <algorithm>
#include <map>

#include "tend/data/table/typing.h"

namespace tend {
namespace {

constexpr std::int64_t probed_for_forms = 64;  // cells that decide whether all are looked at
constexpr double share_of_forms = 0.9;         // of the cells that have one of the forms
constexpr std::size_t most_forms = 4;

/// How a date is written: "Y-N-N" for 2024-01-31, "N.N.Y" for 31.01.2024, with the order where only one is possible; "" if the
/// cell is no date.
std::string form_of_date(std::string_view cell) {
  double days = 0;
  const bool month_first = read_date(cell, DateOrder::month_day_year, days),
             day_first = read_date(cell, DateOrder::day_month_year, days);
  if (!month_first && !day_first && !read_date(cell, DateOrder::year_month_day, days)) return "";
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  std::string form;
  for (std::size_t i = 0, part = 0; i < cell.size() && part < 3;) {
    std::size_t end = i;
    if (is_digit(cell[i])) {
      while (end < cell.size() && is_digit(cell[end])) ++end;
      form += end - i == 4 ? 'Y' : 'N', ++part;
    } else if (is_letter(cell[i])) {
      while (end < cell.size() && is_letter(cell[end])) ++end;
      form += 'M', ++part;
    } else {
      form += cell[end++];
    }
    i = end;
  }
  return month_first == day_first ? form : form + (month_first ? " month first" : " day first");
}

/// The unit, the currency and the decimal mark of a number: "0 kg", "$0.0"; "" if the cell is no number.
std::string form_of_number(std::string_view cell) {
  const auto unit = unit_of_number(cell);
  if (!unit) return "";
  return unit->before + (unit->mark == 0 ? "0" : unit->mark == '.' ? "0.0" : "0,0") + unit->after;
}

/// What a cell is that has several numbers: "times or durations" for 1:23:45, "months" for 2024-01, "pairs of numbers"
/// for 48.1, 11.5 and 10-20; or "".
std::string kind_of_numbers(std::string_view cell) {
  double v = 0;
  const auto halves = [&](char mark) {
    const std::size_t at = cell.find(mark, 1);
    return std::pair{stripped(cell.substr(0, at)), at == cell.npos ? std::string_view() : stripped(cell.substr(at + 1))};
  };
  const auto both = [&](char mark) {
    const auto [first, second] = halves(mark);
    return read_number(first, v) && read_number(second, v);
  };
  const auto are_month = [&](char mark) {
    const auto [first, second] = halves(mark);
    const bool is_year_first = first.size() == 4 && second.size() == 2, is_year_last = first.size() == 2 && second.size() == 4;
    return (is_year_first || is_year_last) && is_all_digits(first) && is_all_digits(second);
  };
  const auto is_of_duration = [](char c) { return is_digit(c) || c == ':' || c == '.'; };
  const auto colons = std::count(cell.begin(), cell.end(), ':');
  if ((colons == 1 || colons == 2) && is_digit(cell.front()) && is_digit(cell.back()) &&
      std::all_of(cell.begin(), cell.end(), is_of_duration))
    return "times or durations";
  // From one number to a larger one; 12345-6789 is a code.
  const auto is_range = [&] {
    const auto [first, second] = halves('-');
    double low = 0, high = 0;
    return first.size() <= 6 && second.size() <= first.size() + 1 && read_number(first, low) && read_number(second, high) &&
           low <= high;
  };
  if (are_month('-') || are_month('/')) return "months";
  return is_range() || both(',') || both(';') || both('/') || both('x') ? "pairs of numbers" : "";
}

/// The cells that are written in one form.
struct Form {
  std::int64_t count = 0, first_row = -1;
  std::string first;
};
using Forms = std::map<std::string, Form>;

/// 01.02.2024 may be read in both orders, and has the form of the dates beside it that have one order only.
void join_ambiguous(Forms& forms) {
  for (auto at = forms.begin(); at != forms.end();) {
    const auto month = forms.find(at->first + " month first"), day = forms.find(at->first + " day first");
    if ((month == forms.end()) == (day == forms.end())) {
      ++at;
      continue;
    }
    Form& same = (month == forms.end() ? day : month)->second;
    same.count += at->second.count;
    if (at->second.first_row < same.first_row) same.first_row = at->second.first_row;
    at = forms.erase(at);
  }
}

/// A number without a decimal mark has the form of the most frequent numbers of its unit that have one.
void join_whole(Forms& forms) {
  for (auto at = forms.begin(); at != forms.end();) {
    const std::size_t zero = at->first.find('0');
    const std::string before = at->first.substr(0, zero), after = at->first.substr(zero + 1);
    const auto point = forms.find(before + "0.0" + after), comma = forms.find(before + "0,0" + after);
    if (point == forms.end() && comma == forms.end()) {
      ++at;
      continue;
    }
    const bool is_point = comma == forms.end() || (point != forms.end() && point->second.count >= comma->second.count);
    (is_point ? point : comma)->second.count += at->second.count;
    at = forms.erase(at);
  }
}

/// "412 like "2024-01-31", 88 like "31.01.2024"", with the first row of another form than the most frequent; nothing if the cells
/// have one form, or too many.
struct Said {
  std::string text;
  std::size_t forms = 0;
  std::int64_t first_row = -1;
};
Said said_of(const Forms& forms, std::int64_t seen) {
  std::vector<const Form*> order;
  for (const auto& [form, of] : forms) order.push_back(&of);
  std::sort(order.begin(), order.end(), [](const Form* a, const Form* b) {
    return a->count != b->count ? a->count > b->count : a->first_row < b->first_row;
  });
  Said said;
  std::int64_t total = 0;
  for (std::size_t i = 0; i < std::min(order.size(), most_forms); ++i) {
    total += order[i]->count;
    said.text += (i ? ", " : "") + std::to_string(order[i]->count) + (i ? "" : " of " + counted(seen, "cell")) + " like " +
                 in_quotes(order[i]->first);
    if (i > 0 && (said.first_row < 0 || order[i]->first_row < said.first_row)) said.first_row = order[i]->first_row;
    ++said.forms;
  }
  const bool are_most = static_cast<double>(total) >= share_of_forms * static_cast<double>(seen);
  return said.forms > 1 && are_most ? said : Said();
}

}  // namespace

/// A column of words that are all dates, or all numbers, but written in several forms.
void Typing::name_mixture() {
  const std::int64_t step = std::max<std::int64_t>(1, cells_.rows() / probed_for_forms);
  for (const bool are_dates : {true, false}) {
    Forms forms;
    std::int64_t seen = 0, known = 0;
    const auto look = [&](std::int64_t by) {
      forms.clear();
      seen = known = 0;
      for (std::int64_t i = 0; i < cells_.rows(); i += by) {
        const std::string_view text = cell(i);
        if (missing_.contains(text) || is_missing_number_word(text)) continue;
        ++seen;
        const std::string form = are_dates ? form_of_date(text) : form_of_number(text);
        if (form.empty()) continue;
        ++known;
        Form& of = forms[form];
        if (of.count++ == 0) of.first_row = i, of.first = text;
      }
      return seen > 0 && static_cast<double>(known) >= share_of_forms * static_cast<double>(seen);
    };
    if (!look(step) || (step > 1 && !look(1))) continue;
    are_dates ? join_ambiguous(forms) : join_whole(forms);
    const Said said = said_of(forms, seen);
    if (said.forms == 0) continue;
    typed_.hint = std::string(are_dates ? "dates" : "numbers") + " in " +
                  (said.forms == 2   ? "two"
                   : said.forms == 3 ? "three"
                                     : "four") +
                  " forms: " + said.text + "; the first of another form is on " + line(said.first_row) +
                  (are_dates ? ". Write all in one form, as 2024-01-31"
                             : ". Write all in one form and unit; " + key("number") + " takes the others as missing");
    typed_.notes.clear();  // this says more
    if (!are_dates) refuse_mixed_target();
    note("the cells of " + column() + " are read as words, since they are " + typed_.hint);
    return;
  }
  name_numbers();
}

/// A target of many numbers in several forms is none of so many classes.
void Typing::refuse_mixed_target() {
  constexpr std::size_t most_classes = 20;
  if (!request_.is_target || request_.like || request_.has_classes) return;
  Words different;
  for (std::int64_t i = 0; i < cells_.rows() && different.counts.size() <= most_classes; ++i) different.add(cell(i), i);
  if (different.counts.size() > most_classes)
    throw Error(Trouble::data, cells_.name(), "the cells of the target " + column() + " are " + typed_.hint,
                "numbers in one form, or classes", key("category") + " makes each value a class");
}

/// A column of words each of which is made of several numbers. Few of them are usual categories.
void Typing::name_numbers() {
  constexpr std::size_t most_categories = 12;
  std::string kind;
  Words seen;
  std::int64_t other = 0;
  for (std::int64_t i = 0; i < cells_.rows() && other <= cells_.rows() / 10; ++i) {
    const std::string_view text = cell(i);
    if (missing_.contains(text) || is_missing_number_word(text)) continue;
    const std::string its = kind_of_numbers(text);
    if (kind.empty()) kind = its;
    if (its.empty() || its != kind) ++other;
    else seen.add(text, i);
  }
  if (kind.empty() || other > cells_.rows() / 10 || seen.counts.size() <= most_categories) return;
  typed_.hint = kind + ", as " + in_quotes(seen.first) + " on " + line(seen.first_row) +
                (kind == "months"             ? ". Write them as dates, such as 2024-01-01"
                 : kind == "pairs of numbers" ? ". Write each number into a column of its own"
                                              : ". Write them as numbers of one unit, such as minutes");
  typed_.notes.clear();
  note("the cells of " + column() + " are read as words, since they are " + typed_.hint);
}

}  // namespace tend

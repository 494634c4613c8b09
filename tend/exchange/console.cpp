#include "tend/exchange/console.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <string>

#include "tend/base/text.h"
#include "tend/data/table/cells.h"

namespace tend {

namespace {

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

/// Lines without colours; a carriage return or backspaces begin a line anew.
std::vector<std::string> plain_lines(std::string_view text) {
  std::vector<std::string> lines(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b' && i + 1 < text.size() && text[i + 1] == '[') {
      while (i + 1 < text.size() && !is_letter(text[++i])) {
      }
    } else if (text[i] == '\n' || text[i] == '\r' || text[i] == '\b') {
      if (!lines.back().empty()) lines.emplace_back();
    } else {
      lines.back() += text[i];
    }
  }
  return lines;
}

/// A word, a number or a mark of a line.
struct Token {
  enum Kind { word, number, mark } kind;
  std::string text;  // of a word, in lower case
  double value = 0;
};

std::vector<Token> tokens_of(const std::string& line) {
  std::vector<Token> tokens;
  for (std::size_t i = 0; i < line.size();) {
    const auto at = [&](std::size_t k) { return k < line.size() ? line[k] : ' '; };
    if (is_letter(line[i])) {
      std::string word;
      while (i < line.size() &&
             (is_letter(line[i]) || is_digit(line[i]) ||
              ((line[i] == '/' || line[i] == '.' || line[i] == '-' || line[i] == '@') && is_letter(at(i + 1)))))
        word += lower(line[i++]);
      if (word == "nan") tokens.push_back({Token::number, word, std::nan("")});
      else if (word == "inf" || word == "infinity")
        tokens.push_back({Token::number, word, std::numeric_limits<double>::infinity()});
      else tokens.push_back({Token::word, word});
      continue;
    }
    const std::size_t digit = i + (line[i] == '-' || line[i] == '+');
    if (is_digit(at(digit)) || (at(digit) == '.' && is_digit(at(digit + 1)))) {
      std::string text = line.substr(i, digit - i);
      std::size_t end = digit;
      const auto take = [&] { text += line[end++]; };
      const auto are_three_digits = [&](std::size_t k) {
        return is_digit(at(k)) && is_digit(at(k + 1)) && is_digit(at(k + 2)) && !is_digit(at(k + 3));
      };
      while (is_digit(at(end))) take();
      if (at(end) == ',' && text == "0" && is_digit(at(end + 1))) ++end, text += '.';     // 0,512
      while (at(end) == ',' && text.find('.') == text.npos && are_three_digits(end + 1))  // 1,024.5
        for (++end; is_digit(at(end));) take();
      while (is_digit(at(end)) || at(end) == '.') take();
      if ((at(end) == 'e' || at(end) == 'E') &&
          (is_digit(at(end + 1)) || ((at(end + 1) == '-' || at(end + 1) == '+') && is_digit(at(end + 2))))) {
        take(), take();
        while (is_digit(at(end))) take();
      }
      double value = 0;
      if (read_number(text, value)) tokens.push_back({Token::number, text, value});
      else tokens.push_back({Token::mark, text});
      i = end;
      continue;
    }
    if (line[i] != ' ' && line[i] != '\t') tokens.push_back({Token::mark, std::string(1, line[i])});
    ++i;
  }
  return tokens;
}

bool is_mark(const std::vector<Token>& tokens, std::size_t i, const char* mark) {
  return i < tokens.size() && tokens[i].kind == Token::mark && tokens[i].text == mark;
}

/// "12/100 ..." of Keras, "45%|###" of tqdm.
struct Counter {
  bool is_there = false, is_at_end = true;
};
Counter counter_of(const std::string& line, const std::vector<Token>& tokens) {
  if (const std::size_t bar = line.find("%|"); bar != std::string::npos)
    return {true, bar >= 3 && line.compare(bar - 3, 3, "100") == 0};
  const auto has = [&](const char* text) { return line.find(text) != std::string::npos; };
  const bool is_bar = has("/step") || has("/epoch") || has("ETA") || has("[=") || has("[>") || has("- loss") || has("\u2501");
  if (is_bar && tokens.size() > 2 && tokens[0].kind == Token::number && is_mark(tokens, 1, "/") &&
      tokens[2].kind == Token::number && !is_mark(tokens, 3, "/"))
    return {true, tokens[0].value >= tokens[2].value};
  return {};
}

/// {'loss': 0.5, "epoch": 1.0}: all numbers with quoted names.
LogRow dictionary_in(const std::string& line) {
  LogRow row;
  for (std::size_t i = line.find('{'); i < line.size();) {
    const std::size_t open = line.find_first_of("'\"", i);
    if (open == std::string::npos) break;
    const std::size_t close = line.find(line[open], open + 1);
    if (close == std::string::npos) break;
    std::size_t after = line.find_first_not_of(' ', close + 1);
    i = close + 1;
    if (after == std::string::npos || line[after] != ':') continue;
    after = line.find_first_not_of(" '\"", after + 1);
    if (after == std::string::npos) break;
    const std::size_t end = std::min(line.find_first_of(",}'\"", after), line.size());
    double value = 0;
    if (read_number(stripped(std::string_view(line).substr(after, end - after)), value))
      row.emplace_back(line.substr(open + 1, close - open - 1), value);
    i = std::max(i, end + (end < line.size() && line[end] != ',' && line[end] != '}'));
  }
  return row;
}

/// The longest name, ending with the last of these words, that means the loss itself, an accuracy or the like; otherwise a name
/// of one word for a part of the loss; otherwise "".
std::string known_name(const std::vector<std::string>& words) {
  for (std::size_t n = std::min<std::size_t>(3, words.size()); n > 0; --n) {
    std::string name;
    for (std::size_t i = words.size() - n; i < words.size(); ++i) name += (name.empty() ? "" : "_") + words[i];
    const std::string meaning = meaning_of(name);
    if (!meaning.empty() && (n == 1 || !meaning.ends_with("_loss"))) return name;
  }
  return "";
}

bool is_of_held_out(const std::string& word) {
  static const std::set<std::string> words{"val", "valid", "validation", "test", "eval", "evaluation", "dev"};
  return words.contains(word);
}

/// `is_section`: a line before, such as "Test Error:", says that these numbers are of held-out rows. So does the beginning of the
/// line before a colon ("Test set: Average loss: 0.05"), and a name before up to a separator ("val loss 0.4 acc 0.8").
LogRow named_numbers(const std::vector<Token>& tokens, bool is_section) {
  LogRow row;
  std::vector<std::string> words;
  bool is_line = is_section, is_held_out = false;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (token.kind == Token::word) words.push_back(token.text);
    if (token.kind == Token::mark && token.text == ":" && row.empty() && known_name(words).empty())
      is_line |= std::any_of(words.begin(), words.end(), is_of_held_out);
    if (token.kind == Token::mark && token.text != ":" && token.text != "=" && token.text != "[" && token.text != "(")
      words.clear(), is_held_out = false;
    if (token.kind != Token::number) continue;
    std::string name = known_name(words);
    const bool says_so = std::any_of(words.begin(), words.end(), is_of_held_out);
    words.clear();
    if (name.empty()) continue;
    const std::string meaning = meaning_of(name);
    double value = token.value;
    if (meaning.ends_with("accuracy")) {
      if (is_mark(tokens, i + 1, "/") && i + 2 < tokens.size() && tokens[i + 2].value > 0) value /= tokens[i + 2].value;
      else if (is_mark(tokens, i + 1, "%")) value /= 100;
    }
    if (meaning == of_steps || meaning == of_epochs) is_held_out = false;
    else is_held_out |= says_so || !meaning.starts_with("train.");
    if (meaning == "learning_rate" || meaning == "gradient_norm") is_held_out = false;
    const bool has_part = name.find("train") != std::string::npos;
    if ((is_held_out || is_line) && meaning.starts_with("train.") && !has_part) name = "val_" + name;
    const auto is_same = [&](const auto& cell) { return cell.first == name; };
    if (std::none_of(row.begin(), row.end(), is_same)) row.emplace_back(name, value);
  }
  return row;
}

/// Does a line like "Test Error:" stand above numbers of held-out rows?
bool is_heading_of_held_out(const std::vector<Token>& tokens) {
  return !tokens.empty() && is_mark(tokens, tokens.size() - 1, ":") &&
         std::any_of(tokens.begin(), tokens.end(),
                     [](const Token& t) { return t.kind == Token::word && is_of_held_out(t.text); });
}

bool is_place(const std::string& name) {
  const std::string meaning = meaning_of(name);
  return meaning == of_steps || meaning == of_epochs;
}
bool has_value(const LogRow& row) {
  return std::any_of(row.begin(), row.end(),
                     [](const auto& cell) { return !meaning_of(cell.first).empty() && !is_place(cell.first); });
}
bool has_place(const LogRow& row) {
  return std::any_of(row.begin(), row.end(), [](const auto& cell) { return is_place(cell.first); });
}

/// The names over a table: words only, a loss among them.
std::vector<std::string> names_of_table(const std::vector<Token>& tokens) {
  std::vector<std::string> names;
  for (const Token& token : tokens) {
    if (token.kind != Token::word) return {};
    names.push_back(token.text);
  }
  const bool has_loss = std::any_of(names.begin(), names.end(),
                                    [](const auto& name) { return meaning_of(name).ends_with("loss"); });
  return names.size() >= 3 && has_loss ? names : std::vector<std::string>{};
}

LogRow row_of_table(const std::vector<std::string>& names, const std::string& line) {
  LogRow row;
  std::size_t column = 0;
  for (std::size_t i = line.find_first_not_of(" \t"); i < line.size() && column < names.size(); ++column) {
    const std::size_t end = std::min(line.find_first_of(" \t", i), line.size());
    double value = 0;
    const std::string cell = line.substr(i, end - i);
    if (read_number(cell.substr(0, cell.find('/')), value)) row.emplace_back(names[column], value);  // "3/100" epochs
    else if (column == 0 && is_place(names[0])) return {};
    i = line.find_first_not_of(" \t", end);
  }
  return column == names.size() ? row : LogRow();
}

/// Where an epoch has several values of a column, the rows themselves are counted.
void count_rows_where_epochs_repeat(std::vector<LogRow>& rows) {
  std::set<std::pair<double, std::string>> seen;
  bool repeats = false, has_steps = false;
  for (const LogRow& row : rows) {
    double epoch = std::nan("");
    for (const auto& [name, value] : row) {
      has_steps |= meaning_of(name) == of_steps;
      if (meaning_of(name) == of_epochs) epoch = value;
    }
    for (const auto& [name, value] : row)
      if (!is_place(name) && std::isfinite(epoch)) repeats |= !seen.emplace(epoch, name).second;
  }
  if (!repeats || has_steps) return;
  for (LogRow& row : rows) std::erase_if(row, [](const auto& cell) { return is_place(cell.first); });
}

}  // namespace

std::vector<LogRow> rows_of_console(std::string_view text) {
  std::vector<LogRow> rows;
  std::vector<std::string> table;
  std::optional<double> epoch;
  bool is_section = false;   // a heading says so of the next numbers
  bool was_counter = false;  // the last row is of a progress bar, and of the present epoch
  for (const std::string& line : plain_lines(text)) {
    const std::vector<Token> tokens = tokens_of(line);
    if (const std::vector<std::string> names = names_of_table(tokens); !names.empty()) {
      table = names;
      continue;
    }
    const Counter counter = counter_of(line, tokens);
    if (!counter.is_at_end) continue;
    LogRow row = table.empty() ? LogRow() : row_of_table(table, line);
    if (!has_value(row)) row = dictionary_in(line);
    if (!has_value(row)) row = named_numbers(tokens, is_section);
    for (const auto& [name, value] : row)
      if (meaning_of(name) == of_epochs && value != epoch) epoch = value, was_counter = false;
    if (is_heading_of_held_out(tokens)) is_section = true;
    if (!has_value(row)) continue;
    is_section = false;
    if (!has_place(row) && epoch) row.emplace_back("epoch", *epoch);
    if (counter.is_there && was_counter) rows.back() = std::move(row);
    else rows.push_back(std::move(row));
    was_counter = counter.is_there;
  }
  count_rows_where_epochs_repeat(rows);
  return rows;
}

}  // namespace tend

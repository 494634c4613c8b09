#pragma once
#include <functional>
#include <string>
#include <vector>

#include "tend/experiment/shelves.h"

namespace tend {

/// Collects what is wrong in an experiment's table, so that everything is reported at once.
class Problems {
 public:
  /// `name`: of the file, for messages.
  explicit Problems(std::string name) : name_(std::move(name)) {}
  /// Calls `read`. An Error{usage} that it throws is kept; its place becomes "file:line: key" if the value has a line.
  void attempt(int line, const std::function<void()>& read);
  std::size_t count() const { return found_.size(); }
  /// Throws the one Error that was found, or one Error that lists all of them in the order of their lines. Does nothing if there
  /// are none.
  void refuse() const;

 private:
  struct Problem {
    int line;
    Error error;
  };
  std::string name_;
  std::vector<Problem> found_;
};

/// Reads the entries of shelves that an experiment's table names: steps, layers, activations, initializers, loss, optimizer and
/// schedule. Each unknown name or key, and each value that an entry does not accept, is kept in `problems`.
void look_at_entries(const Value& table, const Shelves& shelves, Problems& problems);

}  // namespace tend

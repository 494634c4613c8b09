#include "tend/exam/exam.h"

#include <chrono>
#include <cstdio>
#include <memory>

#include "cli.h"

namespace tend {

namespace {

Value value_of(const std::vector<ShelfResult>& results) {
  Value v = Value::table();
  v["schema"] = 1;
  v["shelves"] = Value::array();
  v["faults"] = Value::array();
  for (const ShelfResult& r : results) {
    Value shelf = Value::table();
    shelf["shelf"] = r.shelf;
    shelf["entries"] = r.entries;
    shelf["cases"] = r.cases;
    shelf["comparisons"] = r.comparisons;
    shelf["worst_gradient_error"] = r.worst_gradient_error;
    shelf["seconds"] = r.seconds;
    v["shelves"].push_back(std::move(shelf));
    for (const Fault& f : r.faults) {
      Value fault = Value::table();
      fault["shelf"] = f.shelf;
      fault["entry"] = f.entry;
      fault["test"] = f.test;
      fault["message"] = f.message;
      v["faults"].push_back(std::move(fault));
    }
  }
  return v;
}

int exam(const CommonFlags& flags) {
  const std::vector<ShelfResult> results = examine_everything();
  std::size_t faults = 0;
  int entries = 0;
  double seconds = 0;
  for (const ShelfResult& r : results) faults += r.faults.size(), entries += r.entries, seconds += r.seconds;
  if (flags.json) {
    std::printf("%s\n", to_json(value_of(results)).c_str());
  } else {
    for (const ShelfResult& r : results)
      if (!flags.quiet || !r.faults.empty()) std::printf("%s", text_of(r).c_str());
    std::printf("%d entries in %.1f s: %s\n", entries, seconds,
                faults == 0 ? "all passed" : (std::to_string(faults) + " faults").c_str());
  }
  return faults == 0 ? exit_code::done : exit_code::check_failed;
}

}  // namespace

void add_exam(CLI::App& app, int& code) {
  auto flags = std::make_shared<CommonFlags>();
  CLI::App* verb = app.add_subcommand(
      "exam",
      "Examines every layer, activation, initializer, loss, optimizer and schedule on this machine: gradients against\n"
      "central differences, every instruction set against plain loops in double, bits on 1 to 4 threads.\n\n  tend exam\n");
  add_common(*verb, *flags);
  verb->callback([flags, &code] { code = exam(*flags); });
}

}  // namespace tend

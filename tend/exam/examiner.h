#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace tend {

/// A fault that an exam found: the shelf, the entry, the test, and a message that describes it.
struct Fault {
  std::string shelf, entry, test, message;
};

/// The result of one shelf's exam. `worst_gradient_error`: the largest relative error of a gradient that passed, in double.
struct ShelfResult {
  std::string shelf;
  int entries = 0, cases = 0;
  std::int64_t comparisons = 0;
  double worst_gradient_error = 0, seconds = 0;
  std::vector<Fault> faults;
};

/// Collects the findings of one shelf's exam. It reports at most two faults of each test of an entry: the first says the most.
class Examiner {
 public:
  explicit Examiner(std::string shelf) { result_.shelf = std::move(shelf); }

  void begin_entry(const std::string& name);
  /// Sets the current case, for messages: "case 2", "of 3 outputs, by codes".
  void begin_case(const std::string& label);
  /// Sets the current test; `detail`: where it runs ("avx512, 3 threads").
  void begin_test(const std::string& name, const std::string& detail = "");

  void fault(const std::string& message);
  bool expect(bool holds, const char* message) {
    ++result_.comparisons;
    if (!holds) fault(message);
    return holds;
  }
  /// Expects |got - wanted| <= tolerance. Equal numbers, two NaN and equal infinities pass. `what` and `at` name the element.
  bool near(double got, double wanted, double tolerance, const char* what, std::int64_t at = -1);
  /// Reports that element `at` of a gradient is `analytic`, but central differences give `numeric`; `mistake`: the likely kind.
  void wrong_gradient(const std::string& of, const std::string& mistake, std::size_t at, double analytic, double numeric);
  void gradient_error(double error) {
    if (error > result_.worst_gradient_error) result_.worst_gradient_error = error;
  }
  /// Runs f(); an exception is a fault.
  template <class F>
  void guarded(F f) {
    try {
      f();
    } catch (const std::exception& error) {
      fault(std::string("throws: ") + error.what());
    }
  }
  ShelfResult& result() { return result_; }

 private:
  ShelfResult result_;
  std::string entry_, case_, test_, detail_;
  int told_ = 0;
};

}  // namespace tend

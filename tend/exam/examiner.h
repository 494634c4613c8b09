#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace tend {

/// What an exam found wrong: which entry of which shelf, in which test, and how it shows.
struct Fault {
  std::string shelf, entry, test, message;
};

/// What was examined on one shelf. `worst_gradient_error`: the largest relative error of a gradient that passed, in double.
struct ShelfResult {
  std::string shelf;
  int entries = 0, cases = 0;
  std::int64_t comparisons = 0;
  double worst_gradient_error = 0, seconds = 0;
  std::vector<Fault> faults;
};

/// Takes the findings of one shelf's exam. A test of an entry tells at most two faults: the first says the most.
class Examiner {
 public:
  explicit Examiner(std::string shelf) { result_.shelf = std::move(shelf); }

  void begin_entry(const std::string& name);
  /// The case at hand, for messages: "case 2", "of 3 outputs, by codes".
  void begin_case(const std::string& label);
  /// The test under way; `detail`: where it runs ("avx512, 3 threads").
  void begin_test(const std::string& name, const std::string& detail = "");

  void fault(const std::string& message);
  bool expect(bool holds, const char* message) {
    ++result_.comparisons;
    if (!holds) fault(message);
    return holds;
  }
  /// |got - wanted| <= tolerance; equal, both NaN or the same infinity is near. `what` and `at` name the element.
  bool near(double got, double wanted, double tolerance, const char* what, std::int64_t at = -1);
  /// Fault: element `at` of a gradient is `analytic`, central differences give `numeric`; `mistake`: what kind it looks like.
  void wrong_gradient(const std::string& of, const std::string& mistake, std::size_t at, double analytic, double numeric);
  void gradient_error(double error) {
    if (error > result_.worst_gradient_error) result_.worst_gradient_error = error;
  }
  /// Runs f(); what it throws is a fault.
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

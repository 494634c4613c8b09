#include "tend/exam/examiner.h"

#include <cmath>
#include <cstdio>

namespace tend {

void Examiner::begin_entry(const std::string& name) {
  entry_ = name;
  case_.clear();
  ++result_.entries;
  begin_test("");
}

void Examiner::begin_case(const std::string& label) {
  case_ = label;
  ++result_.cases;
  begin_test("");
}

void Examiner::begin_test(const std::string& name, const std::string& detail) {
  if (name != test_ || name.empty()) told_ = 0;
  test_ = name;
  detail_ = detail;
}

void Examiner::fault(const std::string& message) {
  if (told_++ >= 2) return;
  std::string where;
  for (const std::string* part : {&case_, &detail_})
    if (!part->empty()) where += (where.empty() ? "" : ", ") + *part;
  result_.faults.push_back(
      {.shelf = result_.shelf, .entry = entry_, .test = test_, .message = message + (where.empty() ? "" : " (" + where + ")")});
}

void Examiner::wrong_gradient(const std::string& of, const std::string& mistake, std::size_t at, double analytic,
                              double numeric) {
  char text[120];
  std::snprintf(text, sizeof text, "element %zu is %.9g, central differences give %.9g", at, analytic, numeric);
  fault(of + ": " + (mistake.empty() ? "" : mistake + "; ") + text);
}

bool Examiner::near(double got, double wanted, double tolerance, const char* what, std::int64_t at) {
  ++result_.comparisons;
  if (got == wanted || (std::isnan(got) && std::isnan(wanted)) || std::abs(got - wanted) <= tolerance) return true;
  char text[200];
  char place[32] = "";
  if (at >= 0) std::snprintf(place, sizeof place, "[%lld]", static_cast<long long>(at));
  std::snprintf(text, sizeof text, "%s%s is %.9g, not %.9g (allowed %.2g)", what, place, got, wanted, tolerance);
  fault(text);
  return false;
}

}  // namespace tend

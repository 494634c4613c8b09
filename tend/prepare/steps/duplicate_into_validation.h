#pragma once
#include <cmath>
#include <cstring>
#include <numeric>

#include "tend/prepare/step.h"

namespace tend {

/// A deliberate fault: a share of the validation rows is overwritten with training rows.
struct DuplicateIntoValidation {
  static constexpr std::string_view about = "A deliberate fault: overwrites a share of the validation rows with training rows.";
  double share = 0;
  std::optional<std::int64_t> seed;
  static constexpr auto fields = std::tuple{
      field_of<DuplicateIntoValidation>("share", &DuplicateIntoValidation::share, fraction(), "",
                                        "The share of the validation rows that is replaced by training rows."),
      field_of<DuplicateIntoValidation>("seed", &DuplicateIntoValidation::seed, at_least(0), "",
                                        "The seed of the random choice; when absent, the seed of the experiment.")};
  static constexpr std::string_view value_field = "share";

  void spoil(Work& work) const {
    const std::int64_t n = work.train.rows(), m = work.validation.rows();
    if (m == 0) throw Error(Trouble::usage, "prepare.duplicate_into_validation", "no validation rows", "data.validation");
    Random random(seed ? static_cast<std::uint64_t>(*seed) : work.seed, purpose("duplicate_into_validation"));
    std::vector<std::int64_t> into = shuffled(m, random);
    into.resize(static_cast<std::size_t>(std::nearbyint(share * static_cast<double>(m))));
    std::vector<std::int64_t> from = shuffled(n, random);
    // Each training row is used once, unless there are too few.
    while (static_cast<std::int64_t>(into.size()) > static_cast<std::int64_t>(from.size()))
      from.push_back(static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(n))));
    if (work.train.holds_bytes() != work.validation.holds_bytes()) work.validation.floats(), work.train.floats();
    void* x = work.validation.is_table()      ? static_cast<void*>(work.validation.table())
              : work.validation.holds_bytes() ? static_cast<void*>(work.validation.bytes())
                                              : static_cast<void*>(work.validation.floats());
    for (std::size_t k = 0; k < into.size(); ++k) {
      copy_row(work.train.x(), from[k], x, into[k]);
      copy_row(std::as_const(work.train).targets(), from[k], work.validation.targets().data(), into[k]);
    }
  }

 private:
  static std::vector<std::int64_t> shuffled(std::int64_t n, Random& random) {
    std::vector<std::int64_t> rows(static_cast<std::size_t>(n));
    std::iota(rows.begin(), rows.end(), std::int64_t{0});
    random.shuffle(rows.data(), rows.size());
    return rows;
  }
  static void copy_row(const Array& from, std::int64_t i, void* to, std::int64_t k) {
    const auto bytes = static_cast<std::size_t>(from.row_size() * size_of(from.type()));
    std::memcpy(static_cast<char*>(to) + static_cast<std::size_t>(k) * bytes,
                static_cast<const char*>(from.data()) + static_cast<std::size_t>(i) * bytes, bytes);
  }
};

}  // namespace tend

#include "tend/data/readers/digits.h"

#include "tend/data/array/arrays.h"
#include "tend/data/digits/digits.h"
#include "tend/data/table/cells.h"

namespace tend {

Claim Digits::claims(const Source& source) const {
  return source.path.empty() && source.given.is_string() && source.given.string() == "digits" ? Claim::by_content : Claim::none;
}

Dataset Digits::read(const Source&, const Reading& reading) const {
  const Cells cells(std::string(bundled_digits()), DataSettings{}, "digits");
  constexpr std::int64_t pixels = 64;
  TEND_EXPECTS(cells.columns() == pixels + 1);
  Array x({cells.rows(), 8, 8, 1}, ElementType::uint8), y({cells.rows(), 1}, ElementType::float64);
  for (std::int64_t i = 0; i < cells.rows(); ++i)
    for (std::int64_t k = 0; k <= pixels; ++k) {
      double v = 0;
      TEND_EXPECTS(read_number(cells.at(i, k), v));
      if (k < pixels) x.as<std::uint8_t>()[i * pixels + k] = static_cast<std::uint8_t>(v);
      else y.as<double>()[i] = v;
    }
  return dataset_of_numbers(std::move(x), y, reading.settings, reading.like, "digits");
}

}  // namespace tend

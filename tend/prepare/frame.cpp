#include "tend/prepare/frame.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

namespace tend {
namespace {

Array copied(const Array& a) {
  Array b(a.shape(), a.type());
  std::memcpy(b.data(), a.data(), static_cast<std::size_t>(a.shape().count() * size_of(a.type())));
  return b;
}

template <class To, class From>
Array converted_from(const Array& a) {
  Array b(a.shape(), element_type<To>());
  const From* in = a.as<From>();
  To* out = b.as<To>();
  for (std::int64_t i = 0, n = a.shape().count(); i < n; ++i) out[i] = static_cast<To>(in[i]);
  return b;
}

template <class To>
Array converted(const Array& a) {
  switch (a.type()) {
    case ElementType::float32: return converted_from<To, float>(a);
    case ElementType::float64: return converted_from<To, double>(a);
    case ElementType::int64: return converted_from<To, std::int64_t>(a);
    case ElementType::uint8: break;
  }
  return converted_from<To, std::uint8_t>(a);
}

}  // namespace

Frame::Frame(const Dataset& raw) : columns(raw.columns), weights(raw.weights), x_(raw.x), y_(raw.y) {
  if (x_.shape().rank() < 2)
    throw Error(Trouble::usage, "prepare", "rows of the shape " + x_.shape().text(), "[rows, columns] or images");
  if (is_table()) {
    owns_x_ = x_.type() != ElementType::float64;
    if (owns_x_) x_ = converted<double>(x_);
    while (static_cast<std::int64_t>(columns.size()) < channels()) columns.push_back({std::to_string(columns.size()), {}});
  } else {
    columns.clear();
    if (!holds_bytes() && x_.type() != ElementType::float32) {
      x_ = converted<float>(x_);
      owns_x_ = true;
    }
  }
  if (holds_bytes()) forget_bytes_scale(channels());
}

Frame::Frame(std::vector<Column> given, const Shape& row_shape, bool holds_bytes) : columns(std::move(given)) {
  std::vector<std::int64_t> sizes = row_shape.sizes();
  sizes.insert(sizes.begin(), 0);
  const ElementType type = sizes.size() == 2 ? ElementType::float64 : holds_bytes ? ElementType::uint8 : ElementType::float32;
  x_ = Array(Shape(sizes), type);
  if (type == ElementType::uint8) forget_bytes_scale(channels());
}

double* Frame::table() {
  TEND_EXPECTS(is_table());
  if (!owns_x_) set_x(copied(x_));
  return x_.as<double>();
}

float* Frame::floats() {
  TEND_EXPECTS(!is_table());
  if (holds_bytes()) {
    const Part part = finish();
    Array wide(x_.shape(), ElementType::float32);
    part.gather(nullptr, 0, rows(), wide.as<float>());
    set_x(wide);
    byte_factor_.clear();
    byte_shift_.clear();
  } else if (!owns_x_) {
    set_x(copied(x_));
  }
  return x_.as<float>();
}

std::uint8_t* Frame::bytes() {
  TEND_EXPECTS(holds_bytes());
  if (!owns_x_) set_x(copied(x_));
  return x_.as<std::uint8_t>();
}

Array& Frame::targets() {
  if (!owns_y_ && !y_.empty()) y_ = copied(y_);
  owns_y_ = true;
  return y_;
}

void Frame::append(const std::vector<Column>& added, const std::vector<double>& values) {
  const std::int64_t before = channels(), more = std::ssize(added);
  TEND_EXPECTS(is_table() && std::ssize(values) == rows() * more);
  Array wide({rows(), before + more}, ElementType::float64);
  for (std::int64_t r = 0; r < rows(); ++r) {
    double* out = std::copy_n(std::as_const(*this).table() + r * before, before, wide.as<double>() + r * (before + more));
    std::copy_n(values.data() + r * more, more, out);
  }
  set_x(std::move(wide));
  columns.insert(columns.end(), added.begin(), added.end());
}

void Frame::shift_and_scale(const std::vector<double>& shift, const std::vector<double>& factor) {
  const std::int64_t n = channels();
  if (static_cast<std::int64_t>(shift.size()) != n || shift.size() != factor.size())
    throw Error(Trouble::data, "prepare", std::to_string(n) + " columns or channels",
                std::to_string(shift.size()) + ", as the preparation was fitted to");
  bool keeps_bytes = holds_bytes();
  for (const double f : factor) keeps_bytes = keeps_bytes && f != 0 && std::isfinite(f);
  for (const double s : shift) keeps_bytes = keeps_bytes && std::isfinite(s);
  if (keeps_bytes) {
    for (std::size_t c = 0; c < shift.size(); ++c) {
      byte_shift_[c] = (byte_shift_[c] - shift[c]) * factor[c];
      byte_factor_[c] *= factor[c];
    }
  } else if (is_table()) {
    double* x = table();
    std::vector<std::int64_t> counted;
    for (std::int64_t c = 0; c < n; ++c)
      if (!waits(c)) counted.push_back(c);
    for (std::int64_t i = 0; i < rows(); ++i, x += n)
      for (const std::int64_t c : counted)
        x[c] = (x[c] - shift[static_cast<std::size_t>(c)]) * factor[static_cast<std::size_t>(c)];
  } else {
    float* x = floats();
    const std::vector<float> s(shift.begin(), shift.end()), f(factor.begin(), factor.end());
    for (std::int64_t i = 0, places = x_.shape().count() / n; i < places; ++i, x += n)
      for (std::int64_t c = 0; c < n; ++c) x[c] = (x[c] - s[static_cast<std::size_t>(c)]) * f[static_cast<std::size_t>(c)];
  }
}

double Frame::value_of_byte(std::uint8_t byte, std::int64_t channel) const {
  return byte * byte_factor_[static_cast<std::size_t>(channel)] + byte_shift_[static_cast<std::size_t>(channel)];
}

bool Frame::holds_plain_bytes() const {
  for (std::size_t c = 0; c < byte_factor_.size(); ++c)
    if (byte_factor_[c] != 1 || byte_shift_[c] != 0) return false;
  return holds_bytes();
}

void Frame::forget_bytes_scale(std::int64_t channels) {
  byte_factor_.assign(static_cast<std::size_t>(channels), 1.0);
  byte_shift_.assign(static_cast<std::size_t>(channels), 0.0);
}

Part Frame::finish() const {
  Part part;
  part.y = y_;
  part.weights = weights;
  if (!holds_bytes()) {
    part.x = x_.type() == ElementType::float32 ? x_ : converted<float>(x_);
    return part;
  }
  part.x = x_;
  for (std::size_t c = 0; c < byte_factor_.size(); ++c) {
    part.factor.push_back(static_cast<float>(byte_factor_[c]));
    part.shift.push_back(static_cast<float>(-byte_shift_[c] / byte_factor_[c]));
  }
  return part;
}

}  // namespace tend

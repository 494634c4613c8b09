#pragma once
#include "tend/data/picture/picture.h"
#include "tend/prepare/step.h"

namespace tend {

/// Images [H, W, C] -> [height, width, C], bilinear, without aliasing when shrinking. {resize = [32, 32]} (height, width) or
/// {resize = 32}. Files whose images differ in size are resized while they are read.
struct Resize {
  static constexpr std::string_view about = "Brings images to the given height and width with bilinear interpolation.";
  Value size;
  static constexpr auto fields = std::tuple{field_of<Resize>("size", &Resize::size, between(1, 16384), "pixels",
                                                             "The size of the images, as [height, width] or one number for both.",
                                                             "<integer> <integers>")};
  static constexpr std::string_view value_field = "size";

  std::pair<int, int> extents() const {
    const auto extent = [&](const Value& v) {
      if (!v.is_integer() || v.integer() < 1 || v.integer() > 16384)
        throw Error(Trouble::usage, "prepare.resize", size.describe(), "[height, width] in pixels, 1 .. 16384");
      return static_cast<int>(v.integer());
    };
    if (!size.is_array()) return {extent(size), extent(size)};
    if (size.array_items().size() != 2)
      throw Error(Trouble::usage, "prepare.resize", size.describe(), "[height, width] in pixels");
    return {extent(size.array_items()[0]), extent(size.array_items()[1])};
  }
  void fit(const Frame&) { extents(); }
  void apply(Frame& rows) const {
    if (!rows.is_image())
      throw Error(Trouble::usage, "prepare.resize", "rows of the shape " + rows.row_shape().text(),
                  "images [height, width, channels]");
    const auto [h, w] = extents();
    const Array& in = rows.x();
    const auto height = static_cast<int>(in.shape()[1]), width = static_cast<int>(in.shape()[2]),
               channels = static_cast<int>(in.shape()[3]);
    if (h == height && w == width) return;
    Array out({rows.rows(), h, w, channels}, in.type());
    const auto resize_all = [&, h = h, w = w](const auto* from, auto* to) {
      for (std::int64_t i = 0; i < rows.rows(); ++i)
        resize_image(from + i * in.row_size(), height, width, channels, to + i * out.row_size(), h, w);
    };
    if (rows.holds_bytes()) resize_all(in.as<std::uint8_t>(), out.as<std::uint8_t>());
    else resize_all(in.as<float>(), out.as<float>());
    rows.set_x(std::move(out));
  }
};

}  // namespace tend

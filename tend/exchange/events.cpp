#include "tend/exchange/events.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <map>
#include <optional>
#include <span>

#include "tend/base/digest.h"
#include "tend/base/error.h"

namespace tend {

namespace {

template <class T>
T number_at(std::string_view bytes, std::size_t at) {
  T v;
  std::memcpy(&v, bytes.data() + at, sizeof v);
  return v;
}

std::uint32_t masked_crc(std::string_view bytes) {  // as TFRecord writes it
  const std::uint32_t crc = crc32c(std::as_bytes(std::span(bytes.data(), bytes.size())));
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8U;
}

/// One field of a protobuf message.
struct ProtoField {
  std::uint32_t number = 0, wire = 0;
  std::uint64_t varint = 0;     // wire 0, and the bits of wires 1 and 5
  std::string_view bytes = {};  // wire 2
};

/// Goes through the fields of a message; stops at what is no field.
class Proto {
 public:
  explicit Proto(std::string_view bytes) : bytes_(bytes) {}

  std::optional<ProtoField> next() {
    const std::optional<std::uint64_t> key = varint();
    if (!key) return {};
    ProtoField field{.number = static_cast<std::uint32_t>(*key >> 3), .wire = static_cast<std::uint32_t>(*key & 7)};
    if (field.wire == 0) {
      const std::optional<std::uint64_t> v = varint();
      if (!v) return {};
      field.varint = *v;
    } else if (field.wire == 1 || field.wire == 5) {
      const std::size_t size = field.wire == 1 ? 8 : 4;
      if (bytes_.size() < size) return {};
      std::memcpy(&field.varint, bytes_.data(), size);
      bytes_.remove_prefix(size);
    } else if (field.wire == 2) {
      const std::optional<std::uint64_t> size = varint();
      if (!size || *size > bytes_.size()) return {};
      field.bytes = bytes_.substr(0, *size);
      bytes_.remove_prefix(*size);
    } else return {};
    return field;
  }

 private:
  std::optional<std::uint64_t> varint() {
    std::uint64_t v = 0;
    for (unsigned shift = 0; shift < 64 && !bytes_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
      v |= static_cast<std::uint64_t>(byte & 127) << shift;
      if (byte < 128) return v;
    }
    return {};
  }
  std::string_view bytes_;
};

float half_of(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  const float size = exponent == 0    ? std::ldexp(static_cast<float>(fraction), -24)
                     : exponent == 31 ? (fraction ? std::nanf("") : INFINITY)
                                      : std::ldexp(static_cast<float>(1024 + fraction), exponent - 25);
  return bits & 0x8000 ? -size : size;
}

/// A TensorProto of one number.
std::optional<double> number_of_tensor(std::string_view tensor) {
  constexpr std::uint32_t type_field = 1, content_field = 4, half_field = 13, float_field = 5, double_field = 6;
  constexpr std::uint64_t type_float = 1, type_double = 2, type_half = 19;
  std::uint64_t type = 0;
  std::optional<double> value;
  Proto proto(tensor);
  while (const auto field = proto.next()) {
    const auto first = [&](std::size_t size) { return field->wire == 2 ? field->bytes.size() == size : true; };
    if (field->number == type_field) type = field->varint;
    else if (field->number == float_field && first(4))
      value = static_cast<double>(field->wire == 2 ? number_at<float>(field->bytes, 0)
                                                   : std::bit_cast<float>(static_cast<std::uint32_t>(field->varint)));
    else if (field->number == double_field && first(8))
      value = field->wire == 2 ? number_at<double>(field->bytes, 0) : std::bit_cast<double>(field->varint);
    else if (field->number == half_field && field->wire == 0)
      value = static_cast<double>(half_of(static_cast<std::uint16_t>(field->varint)));
    else if (field->number == content_field && field->bytes.size() == 4 && type == type_float)
      value = static_cast<double>(number_at<float>(field->bytes, 0));
    else if (field->number == content_field && field->bytes.size() == 8 && type == type_double)
      value = number_at<double>(field->bytes, 0);
    else if (field->number == content_field && field->bytes.size() == 2 && type == type_half)
      value = static_cast<double>(half_of(number_at<std::uint16_t>(field->bytes, 0)));
  }
  return value;
}

/// The values of an Event, added to the series of their tags.
void add_event(std::string_view event, std::vector<LogSeries>& all, std::map<std::string, std::size_t>& places) {
  constexpr std::uint32_t step_field = 2, summary_field = 5, value_field = 1, tag_field = 1, simple_field = 2, tensor_field = 8;
  double step = 0;
  std::string_view summary;
  Proto proto(event);
  while (const auto field = proto.next()) {
    if (field->number == step_field && field->wire == 0) step = static_cast<double>(static_cast<std::int64_t>(field->varint));
    else if (field->number == summary_field) summary = field->bytes;
  }
  Proto values(summary);
  while (const auto one = values.next()) {
    if (one->number != value_field) continue;
    std::string tag;
    std::optional<double> number;
    Proto parts(one->bytes);
    while (const auto part = parts.next()) {
      if (part->number == tag_field) tag = part->bytes;
      else if (part->number == simple_field && part->wire == 5)
        number = static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(part->varint)));
      else if (part->number == tensor_field) number = number_of_tensor(part->bytes);
    }
    if (!number || tag.empty()) continue;
    const auto [place, is_new] = places.try_emplace(tag, all.size());
    if (is_new)  // Keras names its metrics of epochs so
      all.push_back({.name = tag, .axis = tag.starts_with("epoch_") ? "epoch" : "step", .steps = {}, .values = {}});
    all[place->second].steps.push_back(step);
    all[place->second].values.push_back(*number);
  }
}

}  // namespace

bool is_event_file(std::string_view head) {
  return head.size() >= 12 && masked_crc(head.substr(0, 8)) == number_at<std::uint32_t>(head, 8);
}

std::vector<LogSeries> read_events(std::string_view bytes, const std::string& name) {
  constexpr std::size_t before = 12, after = 4;  // length and its checksum; checksum of the data
  std::vector<LogSeries> all;
  std::map<std::string, std::size_t> places;
  for (std::size_t at = 0; bytes.size() - at >= before + after;) {
    const auto damaged = [&](const char* what) {
      return Error(Trouble::data, name, std::string("a damaged ") + what + " at byte " + std::to_string(at),
                   "a TensorBoard event file");
    };
    const auto size = number_at<std::uint64_t>(bytes, at);
    if (masked_crc(bytes.substr(at, 8)) != number_at<std::uint32_t>(bytes, at + 8)) throw damaged("length");
    if (size > bytes.size() - at - before - after) break;  // it is being written
    const std::string_view event = bytes.substr(at + before, size);
    if (masked_crc(event) != number_at<std::uint32_t>(bytes, at + before + size)) throw damaged("event");
    add_event(event, all, places);
    at += before + size + after;
  }
  return all;
}

}  // namespace tend

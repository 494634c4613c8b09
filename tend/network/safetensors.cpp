#include "tend/network/safetensors.h"

#include <algorithm>
#include <cstring>

#include "tend/base/value.h"

namespace tend {

namespace {

constexpr std::uint64_t longest_header = std::uint64_t{16} << 20;

const char* dtype_of(ElementType t) {
  switch (t) {
    case ElementType::float32: return "F32";
    case ElementType::float64: return "F64";
    case ElementType::int64: return "I64";
    case ElementType::uint8: return "U8";
  }
  return "";
}

[[noreturn]] void refuse(const std::string& name, const std::string& got,
                         const std::string& wanted = "a whole safetensors file") {
  throw Error(Trouble::data, name, got, wanted, "the file is damaged or was written by another program");
}

struct Header {
  ElementType type;
  Shape shape;
  std::int64_t begin = 0, end = 0;
};

Header read_header(const std::string& name, const std::string& tensor, const Value& v) {
  const Value *dtype = v.find("dtype"), *shape = v.find("shape"), *offsets = v.find("data_offsets");
  const auto is_natural = [](const Value& n) { return n.is_integer() && n.integer() >= 0; };
  if (!dtype || !dtype->is_string() || !shape || !shape->is_array() || !offsets || !offsets->is_array() ||
      offsets->array_items().size() != 2 || !std::all_of(shape->array_items().begin(), shape->array_items().end(), is_natural) ||
      !std::all_of(offsets->array_items().begin(), offsets->array_items().end(), is_natural))
    refuse(name, "the tensor \"" + tensor + "\" without dtype, shape or data_offsets");
  Header header{};
  bool is_known = false;
  for (ElementType t : {ElementType::float32, ElementType::float64, ElementType::int64, ElementType::uint8})
    if (dtype->string() == dtype_of(t)) header.type = t, is_known = true;
  if (!is_known) refuse(name, "the tensor \"" + tensor + "\" of type " + dtype->string(), "F32, F64, I64 or U8");
  header.begin = offsets->array_items()[0].integer();
  header.end = offsets->array_items()[1].integer();
  std::vector<std::int64_t> sizes;
  std::int64_t bytes = size_of(header.type);
  for (const Value& n : shape->array_items()) {
    sizes.push_back(n.integer());
    if (__builtin_mul_overflow(bytes, n.integer(), &bytes))
      refuse(name, "the tensor \"" + tensor + "\" with an impossible shape");
  }
  header.shape = Shape(sizes);
  if (header.end < header.begin || header.end - header.begin != bytes)
    refuse(name,
           "the tensor \"" + tensor + "\" of shape " + header.shape.text() + " in " + std::to_string(header.end - header.begin) +
               " bytes",
           std::to_string(bytes) + " bytes");
  return header;
}

}  // namespace

const Array* TensorFile::find(std::string_view name) const {
  for (const auto& [key, array] : tensors)
    if (key == name) return &array;
  return nullptr;
}

std::vector<std::byte> write_safetensors(const TensorFile& file) {
  Value header = Value::table();
  for (const auto& [key, text] : file.metadata) header["__metadata__"][key] = text;
  std::int64_t offset = 0;
  for (const auto& [name, array] : file.tensors) {
    const std::int64_t bytes = array.shape().count() * size_of(array.type());
    Value& entry = header[name];
    entry["dtype"] = dtype_of(array.type());
    entry["shape"] = Value::array();
    for (std::int64_t n : array.shape().sizes()) entry["shape"].push_back(n);
    entry["data_offsets"] = Value(Value::Array{offset, offset + bytes});
    offset += bytes;
  }
  std::string text = to_json(header, -1);
  while (text.size() % 8) text += ' ';  // tensors start aligned
  std::vector<std::byte> bytes(8 + text.size() + static_cast<std::size_t>(offset));
  for (int i = 0; i < 8; ++i) bytes[static_cast<std::size_t>(i)] = static_cast<std::byte>(text.size() >> (8 * i));
  std::memcpy(bytes.data() + 8, text.data(), text.size());
  std::byte* to = bytes.data() + 8 + text.size();
  for (const auto& [name, array] : file.tensors) {
    const auto n = static_cast<std::size_t>(array.shape().count() * size_of(array.type()));
    if (n) std::memcpy(to, array.data(), n);
    to += n;
  }
  return bytes;
}

namespace {

/// The tensors of a file; its text is put into `metadata`.
std::vector<TensorPlace> places_in(std::span<const std::byte> bytes, const std::string& name,
                                   std::map<std::string, std::string>& metadata) {
  if (bytes.size() < 8) refuse(name, std::to_string(bytes.size()) + " bytes");
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < 8; ++i) length |= static_cast<std::uint64_t>(bytes[i]) << (8 * i);
  if (length > longest_header || length > bytes.size() - 8)
    refuse(name, "a header of " + std::to_string(length) + " bytes in a file of " + std::to_string(bytes.size()));
  Value table;
  try {
    table = parse_json({reinterpret_cast<const char*>(bytes.data()) + 8, static_cast<std::size_t>(length)}, name);
  } catch (const Error& e) {
    refuse(name, e.got);
  }
  if (!table.is_table()) refuse(name, "a header that is not a table");
  const auto data = bytes.subspan(8 + static_cast<std::size_t>(length));
  std::vector<TensorPlace> places;
  std::vector<std::pair<std::int64_t, std::int64_t>> ranges;
  for (const auto& [key, v] : table.items()) {
    if (key == "__metadata__") {
      for (const auto& [k, text] : v.is_table() ? v.items() : Value::Table{})
        if (text.is_string()) metadata[k] = text.string();
      continue;
    }
    const Header header = read_header(name, key, v);
    if (header.end > static_cast<std::int64_t>(data.size()))
      refuse(name,
             "the tensor \"" + key + "\" ends at byte " + std::to_string(header.end) + " of " + std::to_string(data.size()));
    const auto begin = static_cast<std::size_t>(header.begin), end = static_cast<std::size_t>(header.end);
    places.push_back({.name = key, .shape = header.shape, .type = header.type, .bytes = data.subspan(begin, end - begin)});
    ranges.emplace_back(header.begin, header.end);
  }
  std::sort(ranges.begin(), ranges.end());
  std::int64_t reached = 0;
  for (const auto& [begin, end] : ranges) {
    if (begin != reached) refuse(name, "tensors that overlap or leave a hole at byte " + std::to_string(reached));
    reached = end;
  }
  if (reached != static_cast<std::int64_t>(data.size()))
    refuse(name, std::to_string(data.size() - static_cast<std::size_t>(reached)) + " bytes after the last tensor");
  return places;
}

}  // namespace

TensorFile read_safetensors(std::span<const std::byte> bytes, const std::string& name) {
  TensorFile file;
  for (const TensorPlace& place : places_in(bytes, name, file.metadata)) {
    Array array(place.shape, place.type);
    if (!place.bytes.empty()) std::memcpy(array.data(), place.bytes.data(), place.bytes.size());
    file.tensors.emplace_back(place.name, std::move(array));
  }
  return file;
}

std::vector<TensorPlace> list_safetensors(std::span<const std::byte> bytes, const std::string& name) {
  std::map<std::string, std::string> metadata;
  return places_in(bytes, name, metadata);
}

}  // namespace tend

#include <cstdint>

#include "tend/data/array/array_file.h"

namespace tend {
namespace {

/// A stream that first returns the bytes already read to detect the format.
class Again final : public ByteStream {
 public:
  Again(std::string head, std::unique_ptr<ByteStream> rest) : head_(std::move(head)), rest_(std::move(rest)) {}
  std::size_t read(void* out, std::size_t n) override {
    const std::size_t first = head_.copy(static_cast<char*>(out), n);
    head_.erase(0, first);
    return first == n ? n : first + rest_->read(static_cast<char*>(out) + first, n - first);
  }
  std::uint64_t most_bytes() const override { return rest_->most_bytes(); }

 private:
  std::string head_;
  std::unique_ptr<ByteStream> rest_;
};

}  // namespace

FileArray read_idx(ByteStream& stream, const std::string& where) {
  unsigned char magic[4];
  read_exactly(stream, magic, 4, where);
  NumberFormat format{'f', 4, true};
  switch (magic[2]) {
    case 0x08: format = {'u', 1, true}; break;
    case 0x09: format = {'i', 1, true}; break;
    case 0x0b: format = {'i', 2, true}; break;
    case 0x0c: format = {'i', 4, true}; break;
    case 0x0d: format = {'f', 4, true}; break;
    case 0x0e: format = {'f', 8, true}; break;
    default: format.bytes = 0;
  }
  if (magic[0] != 0 || magic[1] != 0 || format.bytes == 0 || magic[3] < 1 || magic[3] > 8)
    throw Error(Trouble::data, where, "a file that does not begin as IDX files do",
                "two zero bytes, a type (8, 9, 11 .. 14) and 1 .. 8 axes");
  std::vector<std::int64_t> sizes;
  for (int axis = 0; axis < magic[3]; ++axis) {
    unsigned char size[4];
    read_exactly(stream, size, 4, where);
    sizes.push_back((static_cast<std::int64_t>(size[0]) << 24) | (size[1] << 16) | (size[2] << 8) | size[3]);
  }
  return read_elements(stream, format, Shape(sizes), false, where);
}

FileArray read_array_file(const std::string& path) {
  std::unique_ptr<ByteStream> stream = open_stream(path);
  std::string head(npy_magic.size(), '\0');
  head.resize(stream->read(head.data(), head.size()));
  const bool is_npy = head == npy_magic;
  Again again(head, std::move(stream));
  return is_npy ? read_npy(again, file_name(path)) : read_idx(again, file_name(path));
}

}  // namespace tend

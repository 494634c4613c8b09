#include "tend/network/safetensors.h"

#include <cstring>

#include <gtest/gtest.h>

#include "tend/base/random.h"

namespace tend::safetensors_test {
namespace {

TensorFile sample() {
  TensorFile file;
  Array a({2, 3}, ElementType::float32), b({4}, ElementType::float64), none({0, 5}, ElementType::uint8);
  for (int i = 0; i < 6; ++i) a.as<float>()[i] = static_cast<float>(i) / 3;
  for (int i = 0; i < 4; ++i) b.as<double>()[i] = i * 0.1;
  file.tensors = {{"a", a}, {"b \"quoted\"", b}, {"none", none}};
  file.metadata = {{"tend", "{\"x\": 1}"}, {"format", "pt"}};
  return file;
}

TEST(Safetensors, what_was_written_is_read_back) {
  const auto bytes = write_safetensors(sample());
  const TensorFile again = read_safetensors(bytes, "file");
  ASSERT_EQ(again.tensors.size(), 3u);
  EXPECT_EQ(again.find("a")->as<float>()[5], 5.0f / 3);
  EXPECT_EQ(again.find("b \"quoted\"")->as<double>()[3], 3 * 0.1);
  EXPECT_EQ(again.find("none")->shape(), (Shape{0, 5}));
  EXPECT_EQ(again.metadata.at("tend"), "{\"x\": 1}");
}

TEST(Safetensors, the_header_is_that_of_the_format) {
  const auto bytes = write_safetensors(sample());
  std::uint64_t length;
  std::memcpy(&length, bytes.data(), 8);
  EXPECT_EQ(length % 8, 0u);
  const std::string header(reinterpret_cast<const char*>(bytes.data()) + 8, length);
  EXPECT_NE(header.find("\"dtype\":\"F32\""), std::string::npos) << header;
  EXPECT_NE(header.find("\"data_offsets\":[0,24]"), std::string::npos) << header;
}

std::vector<std::byte> with_header(const std::string& header, std::size_t data) {
  std::vector<std::byte> bytes(8 + header.size() + data);
  const std::uint64_t n = header.size();
  std::memcpy(bytes.data(), &n, 8);
  std::memcpy(bytes.data() + 8, header.data(), n);
  return bytes;
}

TEST(Safetensors, damaged_files_are_refused_with_the_files_name) {
  const char* headers[] = {
      R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})",  // bytes do not fit the shape
      R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",  // a hole before
      R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",  // overlap
      R"({"a":{"dtype":"Q7","shape":[1],"data_offsets":[0,4]}})",
      R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})",
      R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}})",  // overflows
      R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}})",                     // past the end
      R"({"a":7})",
      R"([1])",
      R"({"a")",
      R"({})"};
  for (const char* header : headers) {
    try {
      read_safetensors(with_header(header, 4), "model.safetensors");
      ADD_FAILURE() << header;
    } catch (const Error& e) {
      EXPECT_EQ(e.trouble, Trouble::data);
      EXPECT_EQ(e.where, "model.safetensors") << header;
    }
  }
}

TEST(Safetensors, no_flipped_or_missing_byte_crashes) {
  const auto good = write_safetensors(sample());
  Random random(1, purpose("fuzz"));
  for (int i = 0; i < 3000; ++i) {
    auto bytes = good;
    if (i % 2) bytes.resize(random.below(bytes.size()));
    else bytes[random.below(bytes.size())] ^= static_cast<std::byte>(1u << random.below(8));
    try {
      read_safetensors(bytes, "file");
    } catch (const Error&) {
    }
  }
}

}  // namespace
}  // namespace tend::safetensors_test

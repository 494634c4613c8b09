#include "tend/base/digest.h"

#include <string_view>

#include <gtest/gtest.h>

namespace tend::digest_test {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

TEST(Digest, sha256_has_the_published_values) {  // FIPS 180-4 examples
  EXPECT_EQ(sha256(bytes_of("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  Sha256 pieces;
  pieces.add(bytes_of("a"));
  pieces.add(bytes_of("bc"));
  EXPECT_EQ(pieces.hex(), sha256(bytes_of("abc")));
}

TEST(Digest, crc32c_has_the_published_values) {  // RFC 3720, appendix B.4
  EXPECT_EQ(crc32c(bytes_of(std::string(32, '\0'))), 0x8a9136aaU);
  EXPECT_EQ(crc32c(bytes_of(std::string(32, '\xff'))), 0x62a8ab43U);
  EXPECT_EQ(crc32c(bytes_of("123456789")), 0xe3069283U);
  EXPECT_EQ(crc32c({}), 0U);
}

}  // namespace
}  // namespace tend::digest_test

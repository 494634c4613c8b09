#include "tend/base/digest.h"

#include <array>
#include <cstring>

#include <openssl/evp.h>

#include "tend/base/error.h"

namespace tend {
namespace {

using CrcTables = std::array<std::array<std::uint32_t, 256>, 8>;

/// Table k: the remainder of a byte followed by k zero bytes.
constexpr CrcTables crc_tables() {
  CrcTables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? 0x82f63b78U : 0U);
    tables[0][byte] = crc;
  }
  for (std::size_t k = 1; k < 8; ++k)
    for (std::size_t byte = 0; byte < 256; ++byte)
      tables[k][byte] = (tables[k - 1][byte] >> 8) ^ tables[0][tables[k - 1][byte] & 0xff];
  return tables;
}

constexpr CrcTables crc_of = crc_tables();

}  // namespace

struct Sha256::Inside {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
};

Sha256::Sha256() : inside_(std::make_unique<Inside>()) {
  TEND_EXPECTS(inside_->context && EVP_DigestInit_ex(inside_->context, EVP_sha256(), nullptr) == 1);
}
Sha256::~Sha256() { EVP_MD_CTX_free(inside_->context); }

void Sha256::add(std::span<const std::byte> bytes) {
  if (!bytes.empty()) EVP_DigestUpdate(inside_->context, bytes.data(), bytes.size());
}

std::string Sha256::hex() {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_DigestFinal_ex(inside_->context, digest, &size);
  std::string text;
  for (unsigned int i = 0; i < size; ++i)
    for (const int nibble : {digest[i] >> 4, digest[i] & 15}) text += "0123456789abcdef"[nibble];
  return text;
}

std::string sha256(std::span<const std::byte> bytes) {
  Sha256 digest;
  digest.add(bytes);
  return digest.hex();
}

std::uint32_t crc32c(std::span<const std::byte> bytes) {
  std::uint32_t crc = 0xffffffffU;
  const std::byte* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < 8; ++i) word |= static_cast<std::uint64_t>(at[i]) << (8 * i);
    word ^= crc;
    crc = 0;
    for (std::size_t i = 0; i < 8; ++i) crc ^= crc_of[7 - i][(word >> (8 * i)) & 0xff];
  }
  for (; left > 0; --left, ++at) crc = (crc >> 8) ^ crc_of[0][(crc ^ static_cast<std::uint32_t>(*at)) & 0xff];
  return ~crc;
}

}  // namespace tend

#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace tend {

/// SHA-256 (FIPS 180-4) of bytes that arrive in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void add(std::span<const std::byte> bytes);
  std::string hex();  ///< 64 lower-case digits; call it once, at the end

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

std::string sha256(std::span<const std::byte> bytes);

/// CRC-32C (Castagnoli polynomial 0x1edc6f41, reflected; RFC 3720, appendix B.4).
std::uint32_t crc32c(std::span<const std::byte> bytes);

}  // namespace tend

#pragma once
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tend/tensor/array.h"

namespace tend {

/// A safetensors file: named tensors and text. Layout (github.com/huggingface/safetensors): u64 length of the header,
/// little-endian; a JSON header {"name": {"dtype", "shape", "data_offsets"}, "__metadata__": {key: text}}; the tensors one after
/// the other.
struct TensorFile {
  std::vector<std::pair<std::string, Array>> tensors;  ///< F32, F64, I64, U8
  std::map<std::string, std::string> metadata;

  const Array* find(std::string_view name) const;
};

std::vector<std::byte> write_safetensors(const TensorFile& file);
/// A tensor where it stands in the bytes of a file.
struct TensorPlace {
  std::string name;
  Shape shape;
  ElementType type;
  std::span<const std::byte> bytes;
};
/// Copies the tensors out of `bytes`. Throws Error{data} if the file is truncated, the header is too long (16 MiB), a type is
/// unknown, or offsets overlap, leave holes or do not fit the shape. Memory is bounded by the file's size.
TensorFile read_safetensors(std::span<const std::byte> bytes, const std::string& name);
/// The tensors without copying them, as the header lists them. Throws the same errors.
std::vector<TensorPlace> list_safetensors(std::span<const std::byte> bytes, const std::string& name);

}  // namespace tend

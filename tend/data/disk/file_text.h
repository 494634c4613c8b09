#pragma once
#include <string>
#include <string_view>

#include "tend/tensor/big_memory.h"

namespace tend {

/// Text that can be written in place: a string, or a file that was read into big_memory.h.
class FileText {
 public:
  FileText(std::string text) : small_(std::move(text)), size_(small_.size()) {}
  FileText(const char* text) : FileText(std::string(text)) {}
  FileText(BigMemory memory, std::size_t size) : big_(std::move(memory)), size_(size) {}
  char* data() { return (big_.data() ? big_.as<char>() : small_.data()) + from_; }
  const char* data() const { return const_cast<FileText*>(this)->data(); }
  std::size_t size() const { return size_; }
  std::string_view view() const { return {data(), size_}; }
  void drop_front(std::size_t n) { from_ += n, size_ -= n; }
  void drop_back(std::size_t n) { size_ -= n; }

 private:
  std::string small_;
  BigMemory big_;
  std::size_t from_ = 0, size_ = 0;
};

/// As read_file(). A large file that is not packed is read on several threads.
FileText read_text(const std::string& path);

}  // namespace tend

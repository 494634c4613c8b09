#pragma once
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tend/data/picture/picture.h"

namespace tend {

/// An image before and after decoding.
struct PictureFile {
  std::string class_name = {}, file = {}, path = {};  ///< path: the file to read; if "", `bytes` holds the content
  std::string bytes = {};
  Picture picture = {};
  std::string trouble = {};  ///< why the image cannot be used; "": it was decoded
};

constexpr std::size_t most_picture_bytes = 256u << 20;  ///< of one file
constexpr std::size_t most_waiting_bytes = 256u << 20;  ///< of files that are not decoded yet, without the last one
constexpr std::uint64_t most_decoded_bytes = std::uint64_t{16} << 30;  ///< of all pixels together

/// Decodes images on its own threads while the caller finds more. The caller waits if it is far ahead, so that few undecoded
/// files are in memory.
class PictureDecoder {
 public:
  /// Messages begin with `from`, for example "train.tar, ".
  PictureDecoder(int threads, std::string from);
  ~PictureDecoder();
  PictureDecoder(const PictureDecoder&) = delete;
  PictureDecoder& operator=(const PictureDecoder&) = delete;
  void add(PictureFile file);
  /// Returns all images in the order in which they were added; those that cannot be used have a `trouble`.
  std::deque<PictureFile> finish();

 private:
  void work();
  void close();

  std::string from_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<PictureFile> files_;
  std::size_t next_ = 0, done_ = 0, first_bad_ = SIZE_MAX;
  std::uint64_t decoded_bytes_ = 0, waiting_bytes_ = 0;
  std::exception_ptr trouble_;
  bool is_closed_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace tend

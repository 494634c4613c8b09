#include "tend/data/disk/file.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <numeric>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "tend/base/executor.h"
#include "tend/data/disk/file_text.h"

namespace tend {
namespace {

constexpr std::uint64_t deflate_ratio = 1032;  // the largest ratio that deflate can reach

class File final : public ByteStream {
 public:
  explicit File(const std::string& path) : name_(file_name(path)) {
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a pipe without a writer would wait
    if (descriptor_ < 0)
      throw Error(Trouble::missing, path, std::string("cannot be opened: ") + std::strerror(errno), "a readable file");
    struct stat about {};
    if (::fstat(descriptor_, &about) != 0 || !S_ISREG(about.st_mode)) {
      ::close(descriptor_);
      throw Error(Trouble::missing, path, "no regular file", "a file");
    }
    size_ = static_cast<std::uint64_t>(about.st_size);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() override { ::close(descriptor_); }

  std::size_t read(void* out, std::size_t n) override {
    std::size_t done = 0;
    while (done < n) {
      const ssize_t got = ::read(descriptor_, static_cast<char*>(out) + done, std::min<std::size_t>(n - done, 1u << 30));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) throw Error(Trouble::data, name_, std::string("cannot be read: ") + std::strerror(errno));
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    return done;
  }
  std::uint64_t most_bytes() const override { return size_; }
  /// Reads up to n bytes at a place, from any thread; fewer only at the end. Returns -1 and sets errno if it cannot.
  ssize_t read_at(void* out, std::size_t n, std::uint64_t from) const {
    std::size_t done = 0;
    while (done < n) {
      const ssize_t got = ::pread(descriptor_, static_cast<char*>(out) + done, n - done, static_cast<off_t>(from + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return -1;
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    return static_cast<ssize_t>(done);
  }

 private:
  std::string name_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

class Memory final : public ByteStream {
 public:
  explicit Memory(std::string_view bytes) : bytes_(bytes), size_(bytes.size()) {}
  std::size_t read(void* out, std::size_t n) override {
    n = std::min(n, bytes_.size());
    if (n) std::memcpy(out, bytes_.data(), n);
    bytes_.remove_prefix(n);
    return n;
  }
  std::uint64_t most_bytes() const override { return size_; }

 private:
  std::string_view bytes_;
  std::uint64_t size_;
};

/// Unpacks gzip members one after the other. zlib verifies the checksums.
class Gzip final : public ByteStream {
 public:
  Gzip(std::unique_ptr<ByteStream> packed, std::string name)
      : packed_(std::move(packed)), name_(std::move(name)), buffer_(1 << 17) {
    if (inflateInit2(&state_, 16 + MAX_WBITS) != Z_OK) throw Error(Trouble::data, name_, "zlib cannot start");
  }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;
  ~Gzip() override { inflateEnd(&state_); }

  std::size_t read(void* out, std::size_t n) override {
    std::size_t done = 0;
    while (done < n && !ended_) {
      const std::size_t piece = std::min<std::size_t>(n - done, 1u << 30);
      state_.next_out = static_cast<Bytef*>(out) + done;
      state_.avail_out = static_cast<uInt>(piece);
      unpack();
      done += piece - state_.avail_out;
    }
    return done;
  }
  std::uint64_t most_bytes() const override { return packed_->most_bytes() * deflate_ratio; }

 private:
  void unpack() {
    while (state_.avail_out > 0 && !ended_) {
      if (state_.avail_in == 0) refill();
      if (state_.avail_in == 0 && between_members_) {
        ended_ = true;
        return;
      }
      if (between_members_ && members_ > 0 && *state_.next_in != 0x1f)
        throw Error(Trouble::data, name_, "bytes after the end of the gzip stream");
      between_members_ = false;
      const int result = inflate(&state_, Z_NO_FLUSH);
      if (result == Z_STREAM_END) {
        between_members_ = true;
        ++members_;
        inflateReset(&state_);
      } else if (result != Z_OK && !(result == Z_BUF_ERROR && state_.avail_in == 0 && !packed_ended_)) {
        throw Error(Trouble::data, name_,
                    result == Z_BUF_ERROR
                        ? "the gzip stream ends too early"
                        : std::string("a damaged gzip stream") + (state_.msg ? std::string(": ") + state_.msg : ""),
                    "a whole gzip file");
      }
    }
  }
  void refill() {
    state_.avail_in = static_cast<uInt>(packed_->read(buffer_.data(), buffer_.size()));
    state_.next_in = buffer_.data();
    packed_ended_ = state_.avail_in == 0;
  }

  std::unique_ptr<ByteStream> packed_;
  std::string name_;
  std::vector<unsigned char> buffer_;
  z_stream state_{};
  std::int64_t members_ = 0;
  bool between_members_ = true, packed_ended_ = false, ended_ = false;
};

bool is_gzip(std::string_view head) { return head.size() >= 3 && head[0] == '\x1f' && head[1] == '\x8b' && head[2] == '\x08'; }

}  // namespace

std::unique_ptr<ByteStream> open_stream(const std::string& path) {
  auto file = std::make_unique<File>(path);
  if (!is_gzip(head_of(path, 3))) return file;
  return std::make_unique<Gzip>(std::move(file), file_name(path));
}

std::unique_ptr<ByteStream> memory_stream(std::string_view bytes) { return std::make_unique<Memory>(bytes); }

std::uint64_t most_unpacked_bytes(std::uint64_t on_disk) { return std::max<std::uint64_t>(64u << 20, 200 * on_disk); }

std::string read_file(const std::string& path) {
  const auto stream = open_stream(path);
  const bool is_packed = dynamic_cast<Gzip*>(stream.get()) != nullptr;
  const std::uint64_t on_disk = is_packed ? stream->most_bytes() / deflate_ratio : stream->most_bytes();
  const std::uint64_t most = most_unpacked_bytes(on_disk);
  std::string all;
  std::size_t piece = static_cast<std::size_t>(is_packed ? 4 * on_disk + 4096 : on_disk + 1);
  for (;;) {
    const std::size_t before = all.size();
    if (is_packed) piece = static_cast<std::size_t>(std::min<std::uint64_t>(piece, most + 1 - before));
    all.resize(before + piece);
    const std::size_t got = stream->read(all.data() + before, piece);
    all.resize(before + got);
    if (is_packed && all.size() > most)
      throw Error(Trouble::data, file_name(path), "a gzip stream that unpacks to more than 200 times its size",
                  "a file that is what it seems", "unpack it first if it is meant to be so");
    if (got < piece) return all;
    piece = std::max<std::size_t>(all.size(), 4096);
  }
}

FileText read_text(const std::string& path) {
  constexpr std::uint64_t piece = 8 << 20;
  const File file(path);
  const std::uint64_t size = file.most_bytes();
  if (size < 2 * piece || is_gzip(head_of(path, 3))) return read_file(path);
  const BigMemory memory(size);
  const auto pieces = static_cast<std::int64_t>((size + piece - 1) / piece);
  std::vector<std::size_t> got(static_cast<std::size_t>(pieces));
  std::atomic<int> trouble{0};
  const auto pool = make_pool(std::min(usual_threads(), 8));
  run_blocks(*pool, pieces, [&](std::int64_t i) {
    const std::uint64_t from = static_cast<std::uint64_t>(i) * piece;
    const ssize_t n = file.read_at(memory.as<char>() + from, std::min(piece, size - from), from);
    if (n < 0) trouble = errno;
    else got[static_cast<std::size_t>(i)] = static_cast<std::size_t>(n);
  });
  if (trouble) throw Error(Trouble::data, file_name(path), std::string("cannot be read: ") + std::strerror(trouble));
  const std::size_t whole = std::accumulate(got.begin(), got.end(), std::size_t{0});
  if (whole < size) throw Error(Trouble::data, file_name(path), "became shorter while it was read", "a file that nobody writes");
  return {memory, whole};
}

std::string head_of(const std::string& path, std::size_t n) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0 || !S_ISREG(about.st_mode)) return "";
  std::string head(n, '\0');
  head.resize(File(path).read(head.data(), n));
  return head;
}

void read_exactly(ByteStream& stream, void* out, std::size_t n, const std::string& where) {
  const std::size_t got = stream.read(out, n);
  if (got < n) throw Error(Trouble::data, where, "ends " + std::to_string(n - got) + " bytes too early", "the whole file");
}

std::string file_name(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  return slash == std::string::npos || slash + 1 == path.size() ? path : path.substr(slash + 1);
}

std::vector<std::filesystem::path> sorted_entries(const std::filesystem::path& folder, std::error_code& trouble) {
  namespace fs = std::filesystem;
  std::vector<fs::path> all;
  for (fs::directory_iterator it(folder, trouble), end; !trouble && it != end; it.increment(trouble)) all.push_back(it->path());
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace tend

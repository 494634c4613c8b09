#include "tend/data/disk/archive.h"

#include <filesystem>

#include <archive.h>
#include <archive_entry.h>

namespace tend {

struct Archive::Inside {
  archive* handle = nullptr;
  std::string path, name;
  std::uint64_t size_on_disk = 0;

  [[noreturn]] void refuse() const {
    const char* text = archive_error_string(handle);
    throw Error(Trouble::data, file_name(path) + (name.empty() ? "" : ", " + name),
                std::string("a damaged archive: ") + (text ? text : "unknown trouble"), "a whole tar or zip file");
  }
};

Archive::Archive(const std::string& path, bool is_one_file) : inside_(std::make_unique<Inside>()) {
  inside_->path = path;
  std::error_code no_size;
  inside_->size_on_disk = std::filesystem::file_size(path, no_size);
  if (no_size) throw Error(Trouble::missing, path, "cannot be opened: " + no_size.message(), "a readable file");
  inside_->handle = archive_read_new();
  if (!inside_->handle) throw Error(Trouble::data, path, "libarchive cannot start");
  archive* h = inside_->handle;
  archive_read_support_filter_gzip(h);
  archive_read_support_filter_xz(h);
  archive_read_support_filter_bzip2(h);
  archive_read_support_filter_zstd(h);
  if (is_one_file) archive_read_support_format_raw(h);
  else archive_read_support_format_tar(h), archive_read_support_format_zip(h);
  if (archive_read_open_filename(h, path.c_str(), 1 << 18) != ARCHIVE_OK) {
    const char* text = archive_error_string(h);
    const Error error(Trouble::data, file_name(path), std::string("cannot be read as an archive: ") + (text ? text : ""),
                      "a tar or zip file");
    archive_read_free(h);
    throw error;
  }
}

Archive::~Archive() { archive_read_free(inside_->handle); }

bool Archive::next() {
  for (;;) {
    archive_entry* entry = nullptr;
    const int result = archive_read_next_header(inside_->handle, &entry);
    if (result == ARCHIVE_EOF) return false;
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN) inside_->refuse();
    if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry)) continue;
    const char* name = archive_entry_pathname(entry);
    if (!name) name = archive_entry_pathname_utf8(entry);
    inside_->name = name ? name : "";
    return true;
  }
}

const std::string& Archive::name() const { return inside_->name; }

std::size_t Archive::read(void* out, std::size_t n) {
  std::size_t done = 0;
  while (done < n) {
    const la_ssize_t got = archive_read_data(inside_->handle, static_cast<char*>(out) + done, n - done);
    if (got == ARCHIVE_RETRY) continue;
    if (got < 0) inside_->refuse();
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

std::string Archive::read_all(std::size_t most) {
  std::string all;
  std::size_t piece = 16384;
  for (;;) {
    const std::size_t before = all.size();
    all.resize(before + piece);
    const std::size_t got = read(all.data() + before, piece);
    all.resize(before + got);
    if (all.size() > most)
      throw Error(Trouble::data, file_name(inside_->path) + ", " + inside_->name,
                  "more than " + std::to_string(most >> 20) + " MiB", "a smaller file");
    if (got < piece) return all;
    piece = all.size();
  }
}

std::uint64_t Archive::most_bytes() const { return inside_->size_on_disk * 1032; }

namespace {
class Member final : public ByteStream {
 public:
  explicit Member(Archive& archive) : archive_(archive) {}
  std::size_t read(void* out, std::size_t n) override { return archive_.read(out, n); }
  std::uint64_t most_bytes() const override { return archive_.most_bytes(); }

 private:
  Archive& archive_;
};
}  // namespace

std::unique_ptr<ByteStream> member_stream(Archive& archive) { return std::make_unique<Member>(archive); }

bool looks_like_tar(const std::string& path) {
  const std::string name = file_name(path);
  if (name.find(".tar") != std::string::npos || name.ends_with(".tgz")) return true;
  const std::string head = head_of(path, 263);
  return head.size() == 263 && head.compare(257, 5, "ustar") == 0;
}

}  // namespace tend

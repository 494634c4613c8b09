#include "tend/data/picture/decoder.h"

#include "tend/base/error.h"
#include "tend/data/disk/file.h"

namespace tend {

namespace {
constexpr std::size_t most_waiting = 512;

std::string picture_bytes(const PictureFile& file, const std::string& where) {
  const auto stream = open_stream(file.path);
  if (stream->most_bytes() > most_picture_bytes) throw Error(Trouble::data, where, "more than 256 MiB", "a smaller file");
  std::string bytes(static_cast<std::size_t>(stream->most_bytes()), '\0');
  bytes.resize(stream->read(bytes.data(), bytes.size()));
  return bytes;
}
}  // namespace

PictureDecoder::PictureDecoder(int threads, std::string from) : from_(std::move(from)) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

PictureDecoder::~PictureDecoder() { close(); }

void PictureDecoder::close() {
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
  }
  changed_.notify_all();
  threads_.clear();
}

void PictureDecoder::add(PictureFile file) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock,
                [this] { return (files_.size() - next_ < most_waiting && waiting_bytes_ < most_waiting_bytes) || trouble_; });
  if (trouble_) return;
  waiting_bytes_ += file.bytes.size();
  files_.push_back(std::move(file));
  lock.unlock();
  changed_.notify_one();
}

void PictureDecoder::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return next_ < files_.size() || is_closed_; });
    if (next_ >= files_.size() || trouble_) return;
    const std::size_t place = next_++;
    PictureFile& file = files_[place];  // references to elements of a deque stay valid
    const std::size_t waited = file.bytes.size();
    lock.unlock();
    std::exception_ptr trouble;
    try {
      const std::string where = from_ + (file.class_name.empty() ? file.file : file.class_name + "/" + file.file);
      if (!file.path.empty()) file.bytes = picture_bytes(file, where);
      file.picture = decode_picture(file.bytes, where);
    } catch (const Error& e) {
      file.trouble = e.got;
    } catch (...) {
      trouble = std::current_exception();
    }
    std::string().swap(file.bytes);
    lock.lock();
    waiting_bytes_ -= waited;
    decoded_bytes_ += file.picture.bytes();
    if (!trouble && decoded_bytes_ > most_decoded_bytes)
      trouble = std::make_exception_ptr(
          Error(Trouble::data, from_ + file.file, "images of more than 16 GiB in all", "fewer or smaller images"));
    if (trouble && place < first_bad_) {
      first_bad_ = place;
      trouble_ = trouble;
    }
    changed_.notify_all();
  }
}

std::deque<PictureFile> PictureDecoder::finish() {
  close();
  if (trouble_) std::rethrow_exception(trouble_);
  return std::move(files_);
}

}  // namespace tend

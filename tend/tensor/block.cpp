#include "tend/tensor/block.h"

#include <cstdlib>
#include <cstring>
#include <new>

#include <sys/mman.h>

namespace tend {

namespace {

constexpr std::align_val_t alignment{64};

/// Asks for huge pages if they fit: without them, passes over uncached memory lose a third of their time to the page table.
void ask_for_huge_pages([[maybe_unused]] std::byte* p, [[maybe_unused]] std::int64_t bytes) {
#ifdef MADV_HUGEPAGE
  constexpr std::uintptr_t huge = 2 << 20;
  const auto first = (reinterpret_cast<std::uintptr_t>(p) + huge - 1) / huge * huge;
  const auto last = (reinterpret_cast<std::uintptr_t>(p) + static_cast<std::uintptr_t>(bytes)) / huge * huge;
  if (last > first)
    madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);  // only advice: it affects only the speed
#endif
}

std::byte* allocate(std::int64_t bytes) {
  auto* p = static_cast<std::byte*>(::operator new(static_cast<std::size_t>(bytes + 64), alignment));
  ask_for_huge_pages(p, bytes);
  std::memset(p, 0, static_cast<std::size_t>(bytes + 64));
  return p;
}

}  // namespace

const char* name_of(PlaceKind kind) {
  switch (kind) {
    case PlaceKind::parameter: return "parameter";
    case PlaceKind::slot: return "slot";
    case PlaceKind::statistic: return "statistic";
    case PlaceKind::counter: return "counter";
  }
  return "";
}

const Place& Directory::add(std::string name, PlaceKind kind, ElementType type, Shape shape) {
  TEND_EXPECTS(!find(name));
  const std::int64_t size = size_of(type);
  Place place{.name = std::move(name),
              .kind = kind,
              .type = type,
              .shape = std::move(shape),
              .offset_bytes = (bytes_ + size - 1) / size * size};
  bytes_ = place.offset_bytes + place.bytes();
  places_.push_back(std::move(place));
  return places_.back();
}

const Place* Directory::find(std::string_view name) const {
  for (const Place& place : places_)
    if (place.name == name) return &place;
  return nullptr;
}

const Place& Directory::at(std::string_view name) const {
  const Place* place = find(name);
  TEND_EXPECTS(place != nullptr);
  return *place;
}

bool Directory::operator==(const Directory& other) const {
  if (bytes_ != other.bytes_ || places_.size() != other.places_.size()) return false;
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const Place &a = places_[i], &b = other.places_[i];
    if (a.name != b.name || a.kind != b.kind || a.type != b.type || a.shape != b.shape || a.offset_bytes != b.offset_bytes)
      return false;
  }
  return true;
}

void Block::Free::operator()(std::byte* p) const { ::operator delete(p, alignment); }
void AlignedBytes::Free::operator()(std::byte* p) const { ::operator delete(p, alignment); }

AlignedBytes::AlignedBytes(std::int64_t bytes) : data_(allocate(bytes)), size_(bytes) {}

Block::Block(std::shared_ptr<const Directory> directory)
    : directory_(std::move(directory)), data_(allocate(directory_->bytes())) {}

Block::Block(const Block& other) { *this = other; }

Block& Block::operator=(const Block& other) {
  if (this == &other) return *this;
  if (!data_ || bytes() != other.bytes()) data_.reset(other.data_ ? allocate(other.bytes()) : nullptr);
  directory_ = other.directory_;
  if (other.data_) std::memcpy(data_.get(), other.data_.get(), static_cast<std::size_t>(bytes()));
  return *this;
}

std::vector<double> Block::doubles(const Place& place) const {
  const auto n = static_cast<std::size_t>(place.shape.count());
  std::vector<double> values(n);
  if (place.type == ElementType::float32)
    for (std::size_t i = 0; i < n; ++i) values[i] = at<float>(place)[i];
  else
    for (std::size_t i = 0; i < n; ++i) values[i] = at<double>(place)[i];
  return values;
}

void Block::assign(const Place& place, const double* values) {
  const auto n = static_cast<std::size_t>(place.shape.count());
  if (place.type == ElementType::float32)
    for (std::size_t i = 0; i < n; ++i) at<float>(place)[i] = static_cast<float>(values[i]);
  else
    for (std::size_t i = 0; i < n; ++i) at<double>(place)[i] = values[i];
}

bool Block::same_bits(const Block& other) const {
  return bytes() == other.bytes() && (bytes() == 0 || std::memcmp(data(), other.data(), static_cast<std::size_t>(bytes())) == 0);
}

std::uint64_t Block::hash() const {
  std::uint64_t h = 14695981039346656037ull;  // FNV-1a
  for (std::int64_t i = 0; i < bytes(); ++i) h = (h ^ static_cast<std::uint64_t>(data()[i])) * 1099511628211ull;
  return h;
}

std::vector<std::string> migrate(const Block& from, Block& to) {
  std::vector<std::string> copied;
  for (const Place& target : to.directory().places()) {
    const Place* source = from.directory().find(target.name);
    if (!source || source->shape != target.shape || source->kind != target.kind) continue;
    if (source->type == target.type)
      std::memcpy(to.data() + target.offset_bytes, from.data() + source->offset_bytes, static_cast<std::size_t>(target.bytes()));
    else if (source->type == ElementType::int64 || target.type == ElementType::int64) continue;
    else to.assign(target, from.doubles(*source).data());
    copied.push_back(target.name);
  }
  return copied;
}

}  // namespace tend

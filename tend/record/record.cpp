#include "tend/record/record.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "tend/base/error.h"
#include "tend/record/database.h"
#include "tend/train/report_value.h"

namespace tend {

namespace {

constexpr const char* schema = R"(
CREATE TABLE about(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE series(name TEXT NOT NULL, first INTEGER NOT NULL, steps INTEGER NOT NULL, stride INTEGER NOT NULL, points BLOB NOT NULL,
                    PRIMARY KEY(name, first)) WITHOUT ROWID;
CREATE TABLE epochs(epoch INTEGER PRIMARY KEY, step INTEGER NOT NULL, report TEXT NOT NULL);
CREATE TABLE notes(id INTEGER PRIMARY KEY, step INTEGER NOT NULL, seconds REAL NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE files(name TEXT PRIMARY KEY, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL) WITHOUT ROWID;
PRAGMA application_id = 1952804452;
PRAGMA user_version = 1;
)";

constexpr std::int64_t joined_at_once = 8;        // points to one
constexpr std::int64_t blocks_of_a_stride = 16;   // full blocks that stay as they are
constexpr std::int64_t points_of_a_block = 4096;  // a block with fewer is not full

// A block of stride 1 holds doubles; others hold three floats a point: minimum, maximum, mean. All little-endian.
static_assert(std::endian::native == std::endian::little);

std::vector<SeriesPoint> points_of(std::int64_t first, std::int64_t steps, std::int64_t stride, std::span<const std::byte> blob) {
  std::vector<SeriesPoint> points;
  if (stride < 1 || steps < 1) return points;
  const std::int64_t count = (steps + stride - 1) / stride;
  if (static_cast<std::int64_t>(blob.size()) != count * (stride == 1 ? 8 : 12)) return points;
  points.reserve(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) {
    SeriesPoint p{.first = first + i * stride, .steps = std::min(stride, steps - i * stride)};
    if (stride == 1) {
      std::memcpy(&p.mean, blob.data() + 8 * i, 8);
      p.minimum = p.maximum = std::isfinite(p.mean) ? p.mean : std::nan("");
    } else {
      float v[3];
      std::memcpy(v, blob.data() + 12 * i, 12);
      p.minimum = static_cast<double>(v[0]), p.maximum = static_cast<double>(v[1]), p.mean = static_cast<double>(v[2]);
    }
    points.push_back(p);
  }
  return points;
}

/// Rounds outward, so that a spike of the curve is not lower in the file.
float below(double v) {
  const float f = static_cast<float>(v);
  return static_cast<double>(f) > v ? std::nextafterf(f, -HUGE_VALF) : f;
}
float above(double v) {
  const float f = static_cast<float>(v);
  return static_cast<double>(f) < v ? std::nextafterf(f, HUGE_VALF) : f;
}

std::vector<std::byte> blob_of(const std::vector<SeriesPoint>& points) {
  std::vector<std::byte> blob(points.size() * 12);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const float v[3] = {below(points[i].minimum), above(points[i].maximum), static_cast<float>(points[i].mean)};
    std::memcpy(blob.data() + 12 * i, v, 12);
  }
  return blob;
}

}  // namespace

Record::Record(const std::string& path, Mode mode)
    : database_(std::make_unique<Database>(path, mode == Mode::read    ? Database::Mode::read
                                                 : mode == Mode::write ? Database::Mode::write
                                                                       : Database::Mode::create)) {
  if (mode != Mode::read) database_->run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  if (mode == Mode::create) database_->run(schema);
  if (mode != Mode::read) create_window_tables();
  Statement version(*database_, "PRAGMA user_version");
  version.next();
  if (version.integer(0) != 1)
    throw Error(Trouble::data, path, "version " + std::to_string(version.integer(0)) + " of the record", "version 1",
                "use the version of tend that wrote it");
}
Record::~Record() = default;

/// Appends to the last block of each series until it is full.
void Record::write_block(const StepBlock& block) {
  Statement last(*database_, "SELECT first, steps, points FROM series WHERE name = ? AND stride = 1 ORDER BY first DESC LIMIT 1");
  Statement insert(*database_, "INSERT OR REPLACE INTO series VALUES(?, ?, ?, 1, ?)");
  for (std::size_t i = 0; i < block.names.size(); ++i) {
    const std::span<const std::byte> own = std::as_bytes(std::span(block.values[i]));
    std::vector<std::byte> points;
    std::int64_t first = block.first;
    last.bind(block.names[i]);
    if (last.next() && last.integer(1) < points_of_a_block && last.integer(0) + last.integer(1) == block.first) {
      first = last.integer(0);
      points.assign(last.blob(2).begin(), last.blob(2).end());
    }
    last.done();
    points.insert(points.end(), own.begin(), own.end());
    insert.bind(block.names[i])
        .bind(first)
        .bind(block.first - first + block.steps())
        .bind(std::span<const std::byte>(points))
        .done();
  }
}

void Record::write(const Batch& batch, std::int64_t decimates_to) {
  if (batch.empty()) return;
  Transaction transaction(*database_);
  for (const StepBlock& block : batch.steps) write_block(block);
  Statement epoch(*database_, "INSERT OR REPLACE INTO epochs VALUES(?, ?, ?)");
  for (const EpochReport& r : batch.epochs) epoch.bind(r.epoch).bind(r.steps).bind(to_json(report_to_value(r), -1)).done();
  Statement note(*database_, "INSERT INTO notes(step, seconds, kind, text) VALUES(?, ?, ?, ?)");
  for (const Note& n : batch.notes) note.bind(n.step).bind(n.seconds).bind(n.kind).bind(n.text).done();
  Statement file(*database_, "INSERT OR REPLACE INTO files VALUES(?, ?, ?)");
  for (const File& f : batch.files) file.bind(f.name).bind(f.bytes).bind(f.sha256).done();
  Statement about(*database_, "INSERT OR REPLACE INTO about VALUES(?, ?)");
  for (const auto& [key, value] : batch.about) about.bind(key).bind(to_json(value, -1)).done();
  write_windows(batch);
  if (!batch.steps.empty()) decimate(decimates_to);
  transaction.commit();
}

/// Joins the oldest blocks of each stride, eight to one, where more than enough of them end by step `to`. Blocks are first made
/// full: a run that writes often leaves short ones.
void Record::decimate(std::int64_t to) {
  struct Block {
    std::int64_t first = 0, steps = 0;
  };
  for (const std::string& name : series_names())
    for (std::int64_t stride = 1;; stride *= joined_at_once) {
      std::vector<Block> blocks;
      Statement list(*database_, "SELECT first, steps FROM series WHERE name = ? AND stride = ? ORDER BY first");
      list.bind(name).bind(stride);
      std::int64_t points = 0;
      while (list.next()) {
        blocks.push_back({list.integer(0), list.integer(1)});
        points += (blocks.back().steps + stride - 1) / stride;
      }
      if (blocks.empty()) break;
      // Enough of the oldest points for one full block of the next stride.
      const std::int64_t wanted = points_of_a_block * joined_at_once;
      if (points < blocks_of_a_stride * points_of_a_block + wanted) break;
      std::vector<SeriesPoint> old;
      std::size_t taken = 0;
      Statement read(*database_, "SELECT points FROM series WHERE name = ? AND first = ?");
      while (taken < blocks.size() && static_cast<std::int64_t>(old.size()) < wanted &&
             blocks[taken].first + blocks[taken].steps - 1 <= to) {
        read.bind(name).bind(blocks[taken].first);
        if (read.next()) {
          const std::vector<SeriesPoint> more = points_of(blocks[taken].first, blocks[taken].steps, stride, read.blob(0));
          old.insert(old.end(), more.begin(), more.end());
        }
        read.done();
        ++taken;
      }
      if (static_cast<std::int64_t>(old.size()) < wanted) break;
      // Whole points of the next stride; what remains stays in a block of this stride.
      const std::size_t whole = old.size() / static_cast<std::size_t>(joined_at_once) * static_cast<std::size_t>(joined_at_once);
      const std::vector<SeriesPoint> rest(old.begin() + static_cast<std::ptrdiff_t>(whole), old.end());
      old.resize(whole);
      const std::vector<SeriesPoint> joined = decimated(old, static_cast<std::size_t>(joined_at_once));
      Statement remove(*database_, "DELETE FROM series WHERE name = ? AND first BETWEEN ? AND ?");
      remove.bind(name).bind(blocks[0].first).bind(blocks[taken - 1].first).done();
      Statement insert(*database_, "INSERT INTO series VALUES(?, ?, ?, ?, ?)");
      const auto steps_of = [](const std::vector<SeriesPoint>& p) { return p.back().first + p.back().steps - p.front().first; };
      insert.bind(name)
          .bind(joined[0].first)
          .bind(steps_of(joined))
          .bind(stride * joined_at_once)
          .bind(std::span<const std::byte>(blob_of(joined)))
          .done();
      if (rest.empty()) continue;
      std::vector<double> plain;
      for (const SeriesPoint& p : rest) plain.push_back(p.mean);
      insert.bind(name).bind(rest[0].first).bind(steps_of(rest)).bind(stride);
      if (stride == 1) insert.bind(std::as_bytes(std::span(plain)));
      else insert.bind(std::span<const std::byte>(blob_of(rest)));
      insert.done();
    }
}

void Record::cut_after(std::int64_t step) {
  Transaction transaction(*database_);
  Statement straddling(*database_,
                       "SELECT name, first, steps, stride, points FROM series WHERE first <= ? AND first + steps - 1 > ?");
  straddling.bind(step).bind(step);
  std::vector<std::pair<std::string, StepBlock>> kept;
  while (straddling.next()) {
    StepBlock block{.first = straddling.integer(1), .names = {straddling.text(0)}, .values = {{}}};
    for (const SeriesPoint& p :
         points_of(straddling.integer(1), straddling.integer(2), straddling.integer(3), straddling.blob(4)))
      for (std::int64_t s = p.first; s < p.first + p.steps && s <= step; ++s) block.values[0].push_back(p.mean);
    kept.emplace_back(straddling.text(0), std::move(block));
  }
  Statement series(*database_, "DELETE FROM series WHERE first + steps - 1 > ?");
  series.bind(step).done();
  for (const auto& [name, block] : kept) write_block(block);
  for (const char* sql : {"DELETE FROM epochs WHERE step > ?", "DELETE FROM notes WHERE step > ?"}) {
    Statement rows(*database_, sql);
    rows.bind(step).done();
  }
  cut_windows_after(step);
  database_->run("DELETE FROM files");
  transaction.commit();
}

void Record::close_log() { database_->run("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE"); }

Value Record::about(const std::string& key) const {
  Statement find(*database_, "SELECT value FROM about WHERE key = ?");
  find.bind(key);
  return find.next() ? parse_json(find.text(0), database_->path()) : Value();
}

std::vector<std::string> Record::series_names() const {
  Statement list(*database_, "SELECT DISTINCT name FROM series ORDER BY name");
  std::vector<std::string> names;
  while (list.next()) names.push_back(list.text(0));
  return names;
}

std::vector<SeriesPoint> Record::series(const std::string& name, std::size_t most) const {
  Statement read(*database_, "SELECT first, steps, stride, points FROM series WHERE name = ? ORDER BY first");
  read.bind(name);
  std::vector<SeriesPoint> all;
  while (read.next()) {
    const std::vector<SeriesPoint> more = points_of(read.integer(0), read.integer(1), read.integer(2), read.blob(3));
    all.insert(all.end(), more.begin(), more.end());
  }
  if (most == 0 || all.size() <= most) return all;
  // Points of the same length first: those of older steps already stand for several.
  return decimated(all, (all.size() + most - 1) / most);
}

std::vector<EpochReport> Record::epochs() const {
  Statement read(*database_, "SELECT report FROM epochs ORDER BY epoch");
  std::vector<EpochReport> all;
  while (read.next()) all.push_back(report_of_value(parse_json(read.text(0), database_->path()), database_->path()));
  return all;
}

std::vector<Record::Note> Record::notes() const {
  Statement read(*database_, "SELECT step, seconds, kind, text FROM notes ORDER BY id");
  std::vector<Note> all;
  while (read.next())
    all.push_back({.step = read.integer(0), .seconds = read.number(1), .kind = read.text(2), .text = read.text(3)});
  return all;
}

std::vector<Record::File> Record::files() const {
  Statement read(*database_, "SELECT name, bytes, sha256 FROM files ORDER BY name");
  std::vector<File> all;
  while (read.next()) all.push_back({.name = read.text(0), .sha256 = read.text(2), .bytes = read.integer(1)});
  return all;
}

std::int64_t Record::last_step() const {
  Statement read(*database_, "SELECT coalesce(max(first + steps - 1), 0) FROM series");
  read.next();
  return read.integer(0);
}

std::vector<std::string> Record::troubles() const {
  std::vector<std::string> found;
  Statement integrity(*database_, "PRAGMA integrity_check(5)");
  while (integrity.next())
    if (const std::string said = integrity.text(0); said != "ok") found.push_back(said);
  if (!found.empty()) return found;
  const Value start = about("first_step");
  for (const std::string& name : series_names()) {
    Statement read(*database_, "SELECT first, steps, stride, points FROM series WHERE name = ? ORDER BY first");
    read.bind(name);
    std::int64_t next = start.is_integer() ? start.integer() : 1;
    while (read.next()) {
      if (read.integer(0) != next)
        found.push_back("the series \"" + name + "\": step " + std::to_string(read.integer(0)) + " follows step " +
                        std::to_string(next - 1));
      if (points_of(read.integer(0), read.integer(1), read.integer(2), read.blob(3)).empty())
        found.push_back("the series \"" + name + "\": a damaged block at step " + std::to_string(read.integer(0)));
      next = read.integer(0) + read.integer(1);
    }
  }
  return found;
}

}  // namespace tend

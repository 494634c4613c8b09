#include "tend/record/record.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>

#include <gtest/gtest.h>

#include "tend/base/error.h"
#include "tend/base/random.h"
#include "tend/data/test_files.h"
#include "tend/record/database.h"

namespace tend::record_test {
namespace {

StepBlock block(std::int64_t first, std::int64_t steps, const std::function<double(std::int64_t)>& value) {
  StepBlock b{.first = first, .names = {"loss"}, .values = {{}}};
  for (std::int64_t s = first; s < first + steps; ++s) b.values[0].push_back(value(s));
  return b;
}
Record::Batch steps(StepBlock b) {
  Record::Batch batch;
  batch.steps.push_back(std::move(b));
  return batch;
}
double plain(std::int64_t step) { return static_cast<double>(step); }

TEST(Record, steps_epochs_notes_and_what_it_is_about_come_back) {
  const test::Folder folder;
  Record record(folder.path("record.db"), Record::Mode::create);
  Record::Batch batch = steps(block(1, 10, plain));
  batch.epochs.push_back(
      {.epoch = 1, .steps = 10, .batch_loss = HUGE_VAL, .train = {{"loss", std::nan("")}}, .validation = {}, .is_best = true});
  batch.notes.push_back({.step = 3, .seconds = 5, .kind = "note", .text = "three"});
  batch.about.emplace_back("state", "running");
  batch.files.push_back({.name = "a", .sha256 = "00", .bytes = 7});
  record.write(batch, 0);
  const Record read(folder.path("record.db"), Record::Mode::read);
  EXPECT_EQ(read.about("state"), Value("running"));
  EXPECT_TRUE(read.about("nothing").is_null());
  ASSERT_EQ(read.series("loss").size(), 10u);
  EXPECT_EQ(read.series("loss")[4].mean, 5);
  EXPECT_EQ(read.last_step(), 10);
  EXPECT_EQ(read.epochs().at(0).batch_loss, HUGE_VAL);
  EXPECT_TRUE(std::isnan(read.epochs()[0].train[0].second));
  EXPECT_EQ(read.notes().at(0).text, "three");
  EXPECT_EQ(read.files().at(0).bytes, 7);
  EXPECT_TRUE(read.troubles().empty());
}

TEST(Record, looks_at_layers_and_noise_come_back_and_are_cut) {
  const test::Folder folder;
  Record record(folder.path("record.db"), Record::Mode::create);
  Record::Batch batch;
  for (const std::int64_t step : {100, 200, 300})
    batch.looks.push_back({step,
                           {{.name = "tanh_1",
                             .kind = "tanh",
                             .units = 4,
                             .zero_fraction = 0.25,
                             .dead_fraction = 0.5,
                             .mean = -0.125,
                             .deviation = 2,
                             .at_ends = 0.75}}});
  for (const std::int64_t step : {100, 200, 300})
    batch.noise.push_back({.step = step, .rows = 32, .signal = -0.5, .noise = 2, .cost = 0.25});
  record.write(batch, 0);
  record.cut_after(250);
  ASSERT_EQ(record.noise().size(), 2U);
  const NoiseLook noise = record.noise()[1];
  EXPECT_EQ(noise.step + noise.rows, 232);
  EXPECT_EQ(noise.signal + noise.noise + noise.cost, -0.5 + 2 + 0.25);
  const std::vector<LayersLook> read = record.looks();
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[1].step, 200);
  const LayerState& layer = read[1].layers.at(0);
  EXPECT_EQ(layer.name, "tanh_1");
  EXPECT_EQ(layer.units, 4);
  EXPECT_EQ(layer.zero_fraction + layer.dead_fraction + layer.mean + layer.deviation + layer.at_ends,
            0.25 + 0.5 - 0.125 + 2 + 0.75);
}

TEST(Record, windows_of_parameters_come_back_also_where_a_repair_changed_the_parameters) {
  const test::Folder folder;
  Record record(folder.path("record.db"), Record::Mode::create);
  const auto list = [](std::int64_t since, const std::vector<std::string>& names) {
    Record::Parameters all{.since = since, .all = {}};
    for (const std::string& name : names)
      all.all.push_back({.name = name, .layer = "dense_1", .is_matrix = true, .elements = 6, .windows = {}});
    return all;
  };
  const auto row = [](std::int64_t first, std::int64_t last, const std::vector<double>& updates) {
    Record::Windows all;
    for (const double u : updates)
      all.push_back({.first = first, .last = last, .gradient_norm = 1, .update_norm = u, .weight_norm = 2, .not_finite = 3});
    return all;
  };
  Record::Batch batch;
  batch.parameters = {list(1, {"w", "b"}), list(11, {"b", "v"})};
  batch.windows = {row(1, 5, {0.5, 0.25}), row(6, 10, {0.125, 1}), row(11, 20, {4, 8}), row(21, 30, {5, 9})};
  record.write(batch, 0);
  record.cut_after(25);
  const std::vector<ParameterHistory> read = Record(folder.path("record.db"), Record::Mode::read).parameters();
  ASSERT_EQ(read.size(), 3u);
  EXPECT_EQ(read[0].name, "w");
  ASSERT_EQ(read[0].windows.size(), 2u);
  EXPECT_EQ(read[0].windows[1].update_norm, 0.125);
  EXPECT_EQ(read[0].windows[1].not_finite, 3);
  ASSERT_EQ(read[1].windows.size(), 3u);
  EXPECT_EQ(read[1].windows[2].first, 11);
  EXPECT_EQ(read[1].windows[2].update_norm, 4);
  EXPECT_EQ(read[2].windows.at(0).update_norm, 8);
}

TEST(Record, a_run_that_goes_on_has_each_step_once) {
  const test::Folder folder;
  Record record(folder.path("record.db"), Record::Mode::create);
  for (std::int64_t first = 1; first <= 9001; first += 1000) record.write(steps(block(first, 1000, plain)), 0);
  EXPECT_EQ(record.last_step(), 10'000);
  for (const std::int64_t cut : {9'500, 4'097, 4'096, 100, 0}) {
    record.cut_after(cut);
    EXPECT_EQ(record.last_step(), cut);
    EXPECT_TRUE(record.troubles().empty()) << cut;
    EXPECT_EQ(record.series("loss").size(), static_cast<std::size_t>(cut));
  }
  record.write(steps(block(1, 5, plain)), 0);
  record.write(steps(block(7, 5, plain)), 0);
  EXPECT_EQ(record.troubles().size(), 1u);  // step 6 is missing
}

TEST(Record, a_million_steps_stay_small_and_neither_a_spike_nor_a_nan_disappears) {
  const test::Folder folder;
  Record record(folder.path("record.db"), Record::Mode::create);
  const auto value = [](std::int64_t s) {
    return s == 77'777 ? 1e9 : s == 123'456 ? std::nan("") : s == 5'000 ? -3.25 : 1 + 1 / static_cast<double>(s);
  };
  for (std::int64_t first = 1; first <= 1'000'000; first += 4000) record.write(steps(block(first, 4000, value)), first);
  EXPECT_EQ(record.last_step(), 1'000'000);
  EXPECT_TRUE(record.troubles().empty()) << record.troubles()[0];
  record.close_log();
  EXPECT_LT(std::filesystem::file_size(folder.path("record.db")), 4u << 20);
  std::int64_t covered = 0, not_finite = 0;
  double high = 0, low = 0;
  for (const SeriesPoint& p : record.series("loss", 500)) {
    covered += p.steps;
    high = std::fmax(high, p.maximum);
    low = std::fmin(low, p.minimum);
    not_finite += std::isnan(p.mean);
  }
  EXPECT_EQ(covered, 1'000'000);
  EXPECT_GE(high, 1e9);
  EXPECT_LE(low, -3.25);
  EXPECT_EQ(not_finite, 1);
  EXPECT_LE(record.series("loss", 500).size(), 500u);
  EXPECT_EQ(record.series("loss").back().steps, 1);  // the newest steps are whole
}

TEST(Record, steps_after_the_oldest_checkpoint_are_never_joined) {
  const test::Folder folder;
  Record record(folder.path("record.db"), Record::Mode::create);
  for (std::int64_t first = 1; first <= 200'000; first += 4000) record.write(steps(block(first, 4000, plain)), 10'000);
  EXPECT_EQ(record.series("loss").size(), 200'000u);
  record.cut_after(150'001);
  EXPECT_EQ(record.last_step(), 150'001);
  EXPECT_EQ(record.series("loss").back().mean, 150'001);
}

TEST(Record, a_damaged_file_is_an_error_or_is_found) {
  const test::Folder folder;
  const std::string path = folder.path("record.db");
  {
    Record record(path, Record::Mode::create);
    for (std::int64_t first = 1; first <= 20'000; first += 4000) record.write(steps(block(first, 4000, plain)), 0);
    record.close_log();
  }
  const auto size = std::filesystem::file_size(path);
  Random random(2, purpose("flips"));
  for (int i = 0; i < 200; ++i) {
    std::filesystem::copy_file(path, folder.path("d.db"), std::filesystem::copy_options::overwrite_existing);
    if (i % 4 == 0)
      std::filesystem::resize_file(folder.path("d.db"),
                                   static_cast<std::uintmax_t>(random.uniform() * static_cast<double>(size)));
    else {
      std::fstream file(folder.path("d.db"), std::ios::in | std::ios::out | std::ios::binary);
      const auto at = static_cast<std::streamoff>(random.uniform() * static_cast<double>(size));
      file.seekg(at);
      const int c = file.get();
      file.seekp(at);
      file.put(static_cast<char>(c ^ (1 << (i % 8))));
    }
    try {
      const Record damaged(folder.path("d.db"), Record::Mode::read);
      damaged.troubles();
      damaged.series("loss", 100);
      damaged.epochs();
      damaged.about("state");
    } catch (const Error& e) {
      EXPECT_EQ(e.trouble, Trouble::data) << e.what();
    }
  }
}

TEST(Record, a_folder_that_cannot_be_written_is_an_error_of_writing) {
  try {
    Record("/proc/none/record.db", Record::Mode::create);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.trouble, Trouble::write);
  }
}

TEST(Series, joined_points_keep_minimum_maximum_and_mean) {
  std::vector<SeriesPoint> points;
  for (int i = 0; i < 10; ++i)
    points.push_back({.first = 1 + 2 * i, .steps = 2, .minimum = i - 1.0, .maximum = i + 1.0, .mean = 1.0 * i});
  points[4].mean = std::nan("");
  points[4].minimum = points[4].maximum = std::nan("");
  const std::vector<SeriesPoint> joined = decimated(points, 4);
  ASSERT_EQ(joined.size(), 3u);
  EXPECT_EQ(joined[0].steps, 8);
  EXPECT_EQ(joined[0].mean, 1.5);
  EXPECT_EQ(joined[0].minimum, -1);
  EXPECT_EQ(joined[0].maximum, 4);
  EXPECT_TRUE(std::isnan(joined[1].mean));
  EXPECT_EQ(joined[1].maximum, 8);
  EXPECT_EQ(joined[2].steps, 4);
  EXPECT_EQ(joined[2].mean, 8.5);
}

TEST(Record, a_change_that_a_process_left_half_made_is_undone_for_a_reader) {
  const test::Folder folder;
  const std::string path = folder.path("record.db"), copy = folder.path("copy.db");
  {
    Record record(path, Record::Mode::create);
    record.write({.about = {{"key", Value("before")}}}, 0);
    record.close_log();
  }
  {
    // The state of both files in the middle of a change: the journal is complete, the file is changed in part.
    Database database(path, Database::Mode::write);
    database.run("PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN IMMEDIATE; UPDATE about SET value = '\"after\"'");
    database.run(
        "CREATE TABLE more(x); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
        " INSERT INTO more SELECT randomblob(500) FROM n");
    std::filesystem::copy_file(path, copy);
    std::filesystem::copy_file(path + "-journal", copy + "-journal");
    database.run("ROLLBACK");
  }
  const Record record(copy, Record::Mode::read);
  EXPECT_EQ(record.about("key"), Value("before"));
  EXPECT_TRUE(record.troubles().empty());
}

}  // namespace
}  // namespace tend::record_test

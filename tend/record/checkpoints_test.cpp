#include "tend/record/checkpoints.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "tend/base/error.h"
#include "tend/base/random.h"
#include "tend/base/write_whole.h"
#include "tend/data/test_files.h"
#include "tend/record/keeper.h"
#include "tend/train/checkpoint.h"

namespace tend::checkpoints_test {
namespace {

namespace fs = std::filesystem;

Dataset rows() {
  Array x({120, 2}, ElementType::float64), y({120, 1}, ElementType::float64);
  Random random(3, purpose("checkpoints test"));
  for (std::int64_t i = 0; i < 120; ++i) {
    x.as<double>()[2 * i] = random.normal(), x.as<double>()[2 * i + 1] = random.normal();
    y.as<double>()[i] = x.as<double>()[2 * i] > 0 ? 1 : 0;
  }
  return Dataset::classification(x, y, 2);
}

Training training() {
  return Training(
      Experiment::parse("network.layers = [{ dense = 8 }, 'relu', { dense = 2 }]\nloss.name = 'softmax_cross_entropy'\n"
                        "update.optimizer = 'adam'\ntrain.epochs = 50\ndata.validation = 0.2",
                        "test"),
      rows());
}

void flip(const std::string& path, std::uintmax_t at) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(at));
  const int c = file.get();
  file.seekp(static_cast<std::streamoff>(at));
  file.put(static_cast<char>(c ^ 4));
}

TEST(Checkpoints, of_a_training_that_went_back_is_the_newest) {
  const test::Folder folder;
  Training t = training();
  save_checkpoint(folder.path(), t.state());
  const TrainingState start = t.state();
  for (int i = 0; i < 4; ++i) {
    t.step();
    save_checkpoint(folder.path(), t.state());
  }
  t.restore(start);
  t.change({{.path = "update.optimizer.learning_rate", .value = 0.5}});
  EXPECT_EQ(save_checkpoint_gone_back(folder.path(), t.state()).step, 0);
  ASSERT_EQ(list_checkpoints(folder.path()).size(), 1u);
  EXPECT_TRUE(same_state(find_checkpoint(folder.path()).bytes, t.checkpoint(), "test"));
  t.change({{.path = "update.optimizer.learning_rate", .value = 0.25}});
  save_checkpoint_gone_back(folder.path(), t.state());
  EXPECT_TRUE(same_state(find_checkpoint(folder.path()).bytes, t.checkpoint(), "test")) << "the same tensors, another experiment";
}

TEST(Checkpoints, two_are_kept_and_the_newest_whole_one_is_found) {
  const test::Folder folder;
  Training t = training();
  for (int i = 0; i < 4; ++i) {
    t.step();
    EXPECT_EQ(save_checkpoint(folder.path(), t.state()).step, i + 1);
  }
  ASSERT_EQ(list_checkpoints(folder.path()).size(), 2u);
  FoundCheckpoint found = find_checkpoint(folder.path());
  EXPECT_EQ(found.saved.step, 4);
  EXPECT_TRUE(found.damaged.empty());
  EXPECT_TRUE(same_state(found.bytes, t.checkpoint(), "test"));
  const std::uintmax_t header = static_cast<std::uintmax_t>(found.bytes[0]) + 256 * static_cast<std::uintmax_t>(found.bytes[1]);
  flip(found.saved.path + "/state.safetensors", 8 + header + 20);
  found = find_checkpoint(folder.path());
  EXPECT_EQ(found.saved.step, 3);
  ASSERT_EQ(found.damaged.size(), 1u);
  EXPECT_NE(found.damaged[0].find("the tensor \""), std::string::npos) << found.damaged[0];
  fs::remove(found.saved.path + "/manifest.json");
  EXPECT_THROW(find_checkpoint(folder.path()), Error);
}

TEST(Checkpoints, any_damage_is_refused) {
  const test::Folder folder;
  Training t = training();
  t.step();
  const std::string path = save_checkpoint(folder.path(), t.state()).path;
  const std::vector<std::byte> whole = read_checkpoint(path);
  Random random(2, purpose("flips"));
  for (int i = 0; i < 300; ++i) {
    const std::string name = i % 3 ? "/state.safetensors" : "/manifest.json", copy = folder.path("copy");
    fs::remove_all(copy);
    fs::copy(path, copy);
    const std::uintmax_t at = static_cast<std::uintmax_t>(random.uniform() * static_cast<double>(fs::file_size(copy + name)));
    if (i % 5 == 0) fs::resize_file(copy + name, at);
    else flip(copy + name, at);
    try {
      EXPECT_EQ(read_checkpoint(copy), whole) << name << " " << at;  // a blank of the manifest
    } catch (const Error& e) {
      EXPECT_EQ(e.trouble, Trouble::data);
    }
  }
}

TEST(Checkpoints, one_of_the_same_step_is_left_as_it_is_unless_it_is_damaged) {
  const test::Folder folder;
  Training t = training();
  t.step();
  const std::string path = save_checkpoint(folder.path(), t.state()).path;
  const auto written = fs::last_write_time(path + "/manifest.json");
  save_checkpoint(folder.path(), t.state());
  EXPECT_EQ(fs::last_write_time(path + "/manifest.json"), written);
  flip(path + "/state.safetensors", 200);
  save_checkpoint(folder.path(), t.state());
  EXPECT_EQ(find_checkpoint(folder.path()).damaged.size(), 0u);
}

TEST(Keeper, writes_steps_before_the_checkpoint_that_follows_them_and_a_resumed_run_cuts_the_rest) {
  const test::Folder folder;
  Training t = training();
  {
    Keeper keeper(folder.path(), 0);
    keeper.about("state", "running");
    for (int i = 1; i <= 30; ++i) {
      t.step();
      keeper.step(i, 1.0 / i, 0.1, 1e-5);
      if (i == 20) keeper.checkpoint(t.state());
    }
    EXPECT_TRUE(keeper.flush());
    EXPECT_EQ(keeper.saved_step(), 20);
    EXPECT_EQ(keeper.trouble(), "");
  }
  EXPECT_EQ(Record(Record::path_in(folder.path()), Record::Mode::read).last_step(), 30);
  {
    Keeper keeper(folder.path(), 20);
    keeper.step(21, 5, 0.1, 1e-5);
    keeper.close();
  }
  const Record record(Record::path_in(folder.path()), Record::Mode::read);
  EXPECT_EQ(record.last_step(), 21);
  EXPECT_TRUE(record.troubles().empty());
  EXPECT_EQ(record.series("loss").back().mean, 5);
}

TEST(Keeper, a_disk_that_refuses_is_reported_and_what_waits_is_written_later) {
  const test::Folder folder;
  Training t = training();
  t.step();
  Keeper keeper(folder.path(), 0);
  std::ofstream(folder.path("checkpoints")) << "a file in the way";
  keeper.step(1, 1, 0.1, 1e-5);
  keeper.checkpoint(t.state());
  EXPECT_FALSE(keeper.flush());
  EXPECT_NE(keeper.trouble().find("checkpoints"), std::string::npos) << keeper.trouble();
  EXPECT_EQ(keeper.saved_step(), -1);
  fs::remove(folder.path("checkpoints"));
  EXPECT_TRUE(keeper.flush());
  EXPECT_EQ(keeper.trouble(), "");
  EXPECT_EQ(keeper.saved_step(), 1);
}

TEST(WholeFolders, are_there_whole_or_not_at_all_and_leftovers_go) {
  const test::Folder folder;
  write_folder_whole(folder.path("a"), {{.name = "x", .bytes = "1"}, {.name = "y", .bytes = "2"}});
  EXPECT_EQ(fs::file_size(folder.path("a/y")), 1u);
  EXPECT_THROW(write_folder_whole(folder.path("a"), {{.name = "x", .bytes = "3"}}), Error);  // it is there
  EXPECT_THROW(write_folder_whole(folder.path("b"), {{.name = "no/x", .bytes = "3"}}), Error);
  EXPECT_FALSE(fs::exists(folder.path("b")));
  fs::create_directories(folder.path(".c.part"));
  remove_leftovers(folder.path());
  EXPECT_FALSE(fs::exists(folder.path(".c.part")));
  EXPECT_FALSE(fs::exists(folder.path(".b.part")));
  remove_folder_whole(folder.path("a"));
  EXPECT_FALSE(fs::exists(folder.path("a")));
}

}  // namespace
}  // namespace tend::checkpoints_test

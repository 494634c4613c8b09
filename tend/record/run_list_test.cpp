#include "tend/record/run_list.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include "tend/base/error.h"
#include "tend/data/test_files.h"
#include "tend/record/run_directory.h"
#include "tend/record/run_facts.h"

namespace tend::run_list_test {
namespace {

namespace fs = std::filesystem;

TEST(RunList, a_summary_is_read_without_its_checks_and_one_of_an_earlier_version_in_full) {
  const test::Folder folder;
  for (const char* name : {"new", "old", "group/seed-1"}) {
    fs::create_directories(folder.path(name));
    std::ofstream(folder.path(name) + "/experiment.toml")
        << "[data]\nsource = 'a/b.csv'\n[network]\nlayers = [{dense = 2}]\n[loss]\nname = 'softmax_cross_entropy'\n";
  }
  std::ofstream(folder.path("new/summary.json"))
      << "{\n \"status\": \"completed\",\n \"data\": \"d\",\n \"metric\": \"validation.mse\",\n"
         " \"best\": {\"epoch\": 3, \"value\": 0.5},\n \"alarms\": [\"x\"],\n \"checks\": [ not JSON";
  std::ofstream(folder.path("old/summary.json"))
      << "{\n \"status\": \"stopped\",\n \"metrics\": {\"validation\": {\"loss\": 1}},\n \"best\": {\"epoch\": 2, \"validation\": {\"loss\": "
         "0.25}},\n \"checks\": [{\"check\": \"c\", \"verdict\": \"warn\"}, {\"check\": \"d\", \"verdict\": \"pass\"}]\n}\n";
  const std::vector<ListedRun> all = list_runs(folder.path());
  ASSERT_EQ(all.size(), 3u);
  for (const ListedRun& run : all) {
    if (run.name == "new") {
      EXPECT_EQ(run.state, "completed") << run.trouble;
      EXPECT_EQ(run.best, 0.5);
      EXPECT_EQ(run.alarms, std::vector<std::string>{"x"});
    } else if (run.name == "old") {
      EXPECT_EQ(run.state, "stopped") << run.trouble;
      EXPECT_EQ(run.metric, "validation.loss");
      EXPECT_EQ(run.best, 0.25);
      EXPECT_EQ(run.data, "b.csv");
      EXPECT_EQ(run.alarms, std::vector<std::string>{"c"});
    } else {
      EXPECT_EQ(run.name, "group/seed-1");
      EXPECT_EQ(run.state, "killed");
    }
  }
  EXPECT_THROW(list_runs(folder.path("none")), Error);
}

TEST(RunList, looking_at_the_lock_does_not_keep_a_process_from_the_run) {
  const test::Folder folder;
  fs::create_directories(folder.path("r"));
  std::ofstream(folder.path("r/experiment.toml")) << "seed = 1\n";
  EXPECT_FALSE(is_running(folder.path("r")));
  const int looking = ::open(folder.path("r/.lock").c_str(), O_RDWR | O_CREAT, 0666);
  ASSERT_EQ(::flock(looking, LOCK_SH | LOCK_NB), 0);
  std::thread ends([&] {
    ::usleep(10000);
    ::close(looking);
  });
  {
    const RunDirectory directory = RunDirectory::of_run(folder.path("r"));
    ends.join();
    EXPECT_TRUE(is_running(folder.path("r")));
    EXPECT_THROW(remove_run(folder.path("r")), Error);
  }
  EXPECT_FALSE(is_running(folder.path("r")));
  EXPECT_TRUE(remove_run(folder.path("r")).empty());
  EXPECT_FALSE(fs::exists(folder.path("r")));
}

TEST(RunFacts, the_best_value_is_that_of_its_part_and_epoch) {
  std::vector<EpochReport> epochs(2);
  epochs[0].epoch = 1, epochs[0].train = {{"loss", 1}}, epochs[0].validation = {{"loss", 2}};
  epochs[1].epoch = 2, epochs[1].train = {{"loss", 3}}, epochs[1].validation = {{"loss", 4}};
  EXPECT_EQ(value_at("validation.loss", epochs, 1), 2);
  EXPECT_EQ(value_at("train.loss", epochs, 0), 3);
  EXPECT_TRUE(std::isnan(value_at("validation.mse", epochs, 1)));
  EXPECT_EQ(watched_metric_of("validation.accuracy", false), "train.accuracy");
}

}  // namespace
}  // namespace tend::run_list_test

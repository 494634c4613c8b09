#pragma once
#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tend/data/dataset.h"
#include "tend/experiment/experiment.h"

namespace tend {

/// A folder for one test, removed at its end.
struct StudyFolder {
  std::string path = "/tmp/tend_study_" + std::to_string(::getpid()) + "_" +
                     ::testing::UnitTest::GetInstance()->current_test_info()->name();
  StudyFolder() {
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
  }
  ~StudyFolder() { std::filesystem::remove_all(path); }
};

/// A small experiment with its data: three overlapping blobs of points.
struct SmallStudy {
  Experiment experiment;
  Dataset data;
  explicit SmallStudy(const std::string& tune) {
    experiment = Experiment::parse(R"(
seed = 3
[data]
source = { generate = "blobs", rows = 300, classes = 3, noise = 1.5 }
validation = 0.3
test = 0.2
[network]
layers = [{ dense = 8 }, "relu", { dropout = 0.2 }, { dense = 3 }]
[loss]
name = "softmax_cross_entropy"
[update]
optimizer = { name = "momentum", learning_rate = 0.01 }
[train]
epochs = 9
batch_size = 16
[tune]
)" + tune,
                                   "small.toml");
    data = read_dataset(experiment.data.source, experiment.data, {});
  }
};

}  // namespace tend

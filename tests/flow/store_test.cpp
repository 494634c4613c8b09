#include <chrono>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "program.h"
#include "tend/base/clock.h"
#include "tend/store/server_test.h"

namespace tend::store_test {
namespace {

constexpr const char* experiment = R"(seed = 3
[data]
source = "flowers.csv"
target = "kind"
validation = 0.2
test = 0.2
[prepare]
steps = ["impute", "one_hot", "standardize"]
[network]
layers = [{ dense = 8 }, "relu", { dense = 2 }]
[loss]
name = "softmax_cross_entropy"
[update]
optimizer = { name = "momentum", learning_rate = 0.001 }
[train]
epochs = 9
batch_size = 16
[tune]
trials = 10
final_seeds = 1
parallel = 2
parameters = { "update.optimizer.learning_rate" = { log_uniform = [1e-3, 1.0] } }
)";

class StoreFlow : public OnAServer {
 protected:
  StoreFlow() {
    f_.write("flowers.csv", flowers(120));
    f_.write("e.toml", experiment);
  }
  static std::string quoted(const std::string& study, const std::string& user = "tend:secret") {
    return "'" + test_server().address(study, user, "&wait=5") + "'";
  }
  static bool has_secret(const Said& said) { return (said.out + said.error).find("secret") != std::string::npos; }
  Folder f_;
};

TEST_F(StoreFlow, a_worker_elsewhere_needs_the_address_and_the_data_only) {
  const nlohmann::json whole = f_.tend("tune e.toml --run a --json").json();
  const std::string store = " --store " + quoted("first");
  const Said begun = f_.tend("tune e.toml --run b --time 0.01s" + store);
  EXPECT_TRUE(begun.code == 0 || begun.code == 1) << begun.error;
  const Folder elsewhere;
  elsewhere.write("moved.csv", flowers(120));
  f_.write("flowers.csv.away", f_.read("flowers.csv"));
  std::filesystem::remove(f_ / "flowers.csv");
  EXPECT_EQ(elsewhere.tend("tune --worker " + quoted("first") + " --quiet").code, 66);  // the data are not there
  const Said worker = elsewhere.tend("tune --worker " + quoted("first") + " --set data.source=moved.csv");
  EXPECT_EQ(worker.code, 0) << worker.error;
  f_.write("flowers.csv", f_.read("flowers.csv.away"));
  const Said rest = f_.tend("tune e.toml --run b --json" + store);
  EXPECT_EQ(rest.code, 0) << rest.error;
  ASSERT_EQ(rest.json()["trials"].size(), whole["trials"].size());
  for (std::size_t i = 0; i < whole["trials"].size(); ++i)
    EXPECT_EQ(rest.json()["trials"][i]["values"], whole["trials"][i]["values"]);
  EXPECT_FALSE(std::filesystem::exists(f_ / "b/study.db"));
  const Said shown = elsewhere.tend("tune --show " + quoted("first"));
  EXPECT_EQ(shown.code, 0) << shown.error;
  for (const Said* said : {&begun, &worker, &rest, &shown}) EXPECT_FALSE(has_secret(*said)) << said->out << said->error;
  EXPECT_EQ(std::system(("! grep -rq secret " + (f_ / "b")).c_str()), 0);
}

TEST_F(StoreFlow, a_server_that_is_gone_ends_the_search_in_the_time_of_the_address_and_loses_nothing) {
  const std::string command = "tune e.toml --run a --trials 1000000 --threads 3 --store " + quoted("gone");
  std::jthread stops([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    test_server().stop();
  });
  const double began = seconds_now();
  const Said said = f_.tend(command);
  EXPECT_EQ(said.code, 66) << said.error;
  EXPECT_NE(said.error.find("no answer from the server"), std::string::npos) << said.error;
  EXPECT_NE(said.error.find("trying again for up to 5 s"), std::string::npos) << said.error;
  EXPECT_FALSE(has_secret(said)) << said.error;
  EXPECT_LT(seconds_now() - began, 25);
  stops.join();
  test_server().start();
  const Said before = f_.tend("tune --json --show " + quoted("gone"));
  ASSERT_EQ(before.code, 0) << before.error;
  EXPECT_EQ(f_.tend(command + " --time 1s --set tune.final_seeds=0 --quiet").code, 0);
  const Said after = f_.tend("tune --json --show " + quoted("gone"));
  ASSERT_GE(after.json()["trials"].size(), before.json()["trials"].size());
  for (std::size_t i = 0; i + 3 < before.json()["trials"].size(); ++i)
    EXPECT_EQ(after.json()["trials"][i]["parameters"], before.json()["trials"][i]["parameters"]);
}

TEST_F(StoreFlow, a_study_on_a_server_is_replaced_only_with_overwrite) {
  const std::string store = " --quiet --store " + quoted("second");
  EXPECT_EQ(f_.tend("tune e.toml --run a" + store).code, 0);
  EXPECT_EQ(f_.tend("tune e.toml --run a --seed 9" + store).code, 2);
  EXPECT_EQ(f_.tend("tune e.toml --run a --seed 9 --overwrite" + store).code, 0);
}

TEST_F(StoreFlow, a_wrong_address_is_one_error_before_the_data_are_read) {
  for (const char* address :
       {"postgresql://u:secret@127.0.0.1:1/d", "postgresql://u:secret@127.0.0.1/d?study=A", "mysql://u:secret@h/d"}) {
    const Said said = f_.tend(std::string("tune e.toml --run none --store '") + address + "'");
    EXPECT_EQ(said.code, std::string(address).ends_with(":1/d") ? 66 : 2) << said.error;
    EXPECT_FALSE(has_secret(said)) << said.error;
    EXPECT_FALSE(std::filesystem::exists(f_ / "none"));
  }
  EXPECT_EQ(f_.tend("tune --worker " + quoted("never_begun")).code, 66);
  EXPECT_EQ(f_.tend("tune --show " + quoted("never_begun")).code, 66);
}

}  // namespace
}  // namespace tend::store_test

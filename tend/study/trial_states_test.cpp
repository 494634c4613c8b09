#include "tend/study/trial_states.h"

#include "tend/base/error.h"
#include "tend/store/address.h"
#include "tend/store/server_test.h"
#include "tend/study/trial_test.h"

namespace tend::trial_states_test {

class StatesOnEachStore : public OnEachStore {
 protected:
  std::unique_ptr<StatePlace> states_place() const {
    if (GetParam() == StoreKind::sqlite) return std::make_unique<StateFolder>(place());
    return std::make_unique<StateTable>(open_database(place()));
  }
};
TEND_ON_EACH_STORE(StatesOnEachStore);

TEST_P(StatesOnEachStore, states_come_back_from_memory_and_from_their_place) {
  Trial t;
  const TrialResult three = make_epochs(t.plan, {}, 0, 3, 1, {});
  const TrialResult whole = make_epochs(t.plan, {}, 0, 6, 1, {});
  TrialStates states(states_place(), 1);  // one byte: only one is kept in memory
  states.keep(0, *three.state, 0.1, false);
  states.keep(1, *three.state, 0.1, false);
  EXPECT_TRUE(states_place()->newest(0, 3, t.plan));
  EXPECT_FALSE(states_place()->newest(1, 3, t.plan));
  for (const std::size_t trial : {std::size_t{0}, std::size_t{1}}) {
    const auto state = states.take(trial, 3, t.plan);
    ASSERT_TRUE(state);
    const TrialResult rest = make_epochs(t.plan, state, 3, 6, 1, {});
    EXPECT_TRUE(have_same_bits(*rest.state, *whole.state));
  }
  EXPECT_FALSE(states.take(0, 2, t.plan));  // it has more epochs
  EXPECT_FALSE(states.take(7, 9, t.plan));
  states.forget(0);
  EXPECT_FALSE(states.take(0, 3, t.plan));
}

TEST_P(StatesOnEachStore, another_process_goes_on_with_the_bits_of_an_uninterrupted_trial) {
  Trial t;
  const TrialResult whole = make_epochs(t.plan, {}, 0, 6, 1, {});
  std::optional<TrainingState> state;
  for (std::int64_t epoch = 0; epoch < 6; ++epoch) {  // each epoch by another process
    TrialStates states(states_place(), 1 << 20);
    const TrialResult result = make_epochs(t.plan, states.take(3, epoch, t.plan), epoch, epoch + 1, 1, {});
    EXPECT_EQ(result.report.values[0], whole.report.values[static_cast<std::size_t>(epoch)]);
    states.keep(3, *result.state, 1, true);
    state = result.state;
  }
  EXPECT_TRUE(have_same_bits(*state, *whole.state));
  EXPECT_TRUE(states_place()->newest(3, 5, t.plan));  // the newest two are kept
  EXPECT_FALSE(states_place()->newest(3, 4, t.plan));
}

TEST(StateTable, a_state_that_is_not_whole_is_passed_over) {
  StudyFolder folder;
  Trial t;
  const TrialResult one = make_epochs(t.plan, {}, 0, 1, 1, {}), two = make_epochs(t.plan, {}, 0, 2, 1, {});
  const std::shared_ptr<SharedDatabase> database = open_database(folder.path);
  StateTable table(open_database(folder.path));
  table.save(0, *one.state);
  table.save(0, *two.state);
  database->run("UPDATE state SET parts = 2 WHERE epochs = 2");  // the process died before it had written the second part
  ASSERT_TRUE(table.newest(0, 2, t.plan));
  EXPECT_EQ(table.newest(0, 2, t.plan)->history.size(), 1U);
  database->run("UPDATE state SET bytes = ? WHERE epochs = 1", {std::vector<std::byte>(9)});
  EXPECT_FALSE(table.newest(0, 2, t.plan));
}

}  // namespace tend::trial_states_test

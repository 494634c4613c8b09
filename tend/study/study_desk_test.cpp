#include "tend/study/study_desk.h"

#include "tend/base/error.h"
#include "tend/store/server_test.h"

namespace tend::study_desk_test {

class DesksOnEachStore : public OnEachStore {
 protected:
  static CourseOptions options() {
    CourseOptions options{
        .settings = read_fields<TuneSettings>(
            parse_toml("trials = 9\nparameters = { a = { uniform = [0.0, 1.0] } }\nstopper = 'none'", "tune"), "tune"),
        .stages = {{.epochs = 1, .trials = 9}}};
    options.slots = 2;
    return options;
  }
  static TrialReport report() { return {.values = {0.5}, .training = {}, .trouble = {}}; }
};
TEND_ON_EACH_STORE(DesksOnEachStore);

TEST_P(DesksOnEachStore, two_share_the_assignments_of_a_study) {
  StudyStore one(place()), other(place());
  StudyDesk a(one, options(), "a"), b(other, options(), "b");
  StoredWork first, second, third;
  ASSERT_EQ(a.claim(first), StudyDesk::Answer::work);
  ASSERT_EQ(b.claim(second), StudyDesk::Answer::work);
  EXPECT_EQ(first.work.number, 0U);
  EXPECT_EQ(second.work.number, 1U);
  EXPECT_EQ(a.claim(third), StudyDesk::Answer::wait);  // both slots are taken
  b.finish(second, report(), 1);
  EXPECT_EQ(b.claim(third), StudyDesk::Answer::wait);  // the first decides: results count in the order of planned time
  a.finish(first, report(), 1);
  std::size_t made = 2;
  for (StudyDesk* desk = &b; desk->claim(third) == StudyDesk::Answer::work; desk = desk == &a ? &b : &a, ++made)
    desk->finish(third, report(), 1);
  EXPECT_EQ(made, 9U);
  EXPECT_EQ(a.claim(third), StudyDesk::Answer::end);
  EXPECT_EQ(a.works().size(), 9U);
}

TEST_P(DesksOnEachStore, what_is_released_is_given_out_again_and_a_late_result_of_another_does_not_count) {
  StudyStore one(place()), other(place());
  StudyDesk a(one, options(), "a"), b(other, options(), "b");
  StoredWork first, again;
  ASSERT_EQ(a.claim(first), StudyDesk::Answer::work);
  a.beat();
  EXPECT_EQ(one.work(0)->beat, 1);
  a.release();
  ASSERT_EQ(b.claim(again), StudyDesk::Answer::work);
  EXPECT_EQ(again.work.number, first.work.number);
  EXPECT_EQ(again.parameters, first.parameters);
  a.finish(first, report(), 1);
  EXPECT_FALSE(one.work(0)->report);
  b.finish(again, report(), 2);
  ASSERT_TRUE(one.work(0)->report);
  EXPECT_EQ(one.work(0)->seconds, 2);
}

TEST_P(DesksOnEachStore, a_claim_whose_answer_was_lost_is_given_out_again) {
  StudyStore one(place());
  StudyDesk a(one, options(), "a");
  StoredWork work, again;
  ASSERT_EQ(a.claim(work), StudyDesk::Answer::work);
  a.release();
  // The claim reaches the store, and the connection is lost before the desk knows that.
  ASSERT_TRUE(one.claim(*one.work(0), "a"));
  ASSERT_EQ(a.claim(again), StudyDesk::Answer::work);
  EXPECT_EQ(again.work.number, 0U);
  ASSERT_EQ(a.claim(again), StudyDesk::Answer::work);
  EXPECT_EQ(again.work.number, 1U);  // and only once
}

TEST_P(DesksOnEachStore, a_decision_in_a_transaction_that_is_repeated_is_made_once) {
  StudyStore one(place()), other(place());
  StudyDesk a(one, options(), "a"), b(other, options(), "b");
  StoredWork work;
  // The insertion fails once, after the decision, as if the connection were lost.
  const bool is_sqlite = GetParam() == StoreKind::sqlite;
  one.database().run(is_sqlite ? "CREATE TRIGGER no BEFORE INSERT ON assignment BEGIN SELECT RAISE(ABORT, 'no'); END"
                               : "ALTER TABLE assignment ADD CONSTRAINT no CHECK (number < 0)");
  EXPECT_THROW(a.claim(work), Error);
  one.database().run(is_sqlite ? "DROP TRIGGER no" : "ALTER TABLE assignment DROP CONSTRAINT no");
  StoredWork of_b;
  ASSERT_EQ(b.claim(of_b), StudyDesk::Answer::work);
  ASSERT_EQ(a.claim(work), StudyDesk::Answer::work);
  EXPECT_EQ(of_b.work.number, 0U);
  EXPECT_EQ(work.work.number, 1U);
}

TEST_P(DesksOnEachStore, an_answer_found_in_a_transaction_that_is_repeated_is_kept) {
  StudyStore store(place());
  int times = 0;
  store.transact([&] {
    if (++times > 1) return;
    store.keep_answer("possible: a", true);
    if (GetParam() == StoreKind::sqlite) return;
    test_server().stop("immediate");
    test_server().start();
    store.about("x");
  });
  EXPECT_EQ(times, GetParam() == StoreKind::sqlite ? 1 : 2);
  EXPECT_EQ(store.about("possible: a"), Value(true));
  store.clear();
  EXPECT_TRUE(store.about("possible: a").is_null());
}

}  // namespace tend::study_desk_test

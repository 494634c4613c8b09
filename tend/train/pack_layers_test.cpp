#include "tend/train/pack_layers.h"

#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "tend/train/model_parts.h"
#include "tend/train/pack.h"
#include "tend/train/training.h"

namespace tend::pack_layers_test {
namespace {

/// Points inside and outside of a circle.
Dataset circle(std::int64_t n = 240) {
  Array x({n, 2}, ElementType::float64), y({n, 1}, ElementType::float64);
  Random random(3, purpose("circle"));
  for (std::int64_t i = 0; i < n; ++i) {
    double* point = x.as<double>() + 2 * i;
    point[0] = random.normal(), point[1] = random.normal();
    y.as<double>()[i] = std::hypot(point[0], point[1]) > 1.2;
  }
  return Dataset::classification(x, y, 2);
}

const std::string lists =
    "pack_widths = [4, 16]\npack_depths = [1, 2, 3]\npack_activations = [\"relu\", \"tanh\", \"gelu\"]\npack_dropout = [0.1, "
    "0.5]\npack_rates = 1\npack_decays = 1\n";

Experiment experiment(int pack, const std::string& network = lists, const std::string& train = "epochs = 3\n") {
  return Experiment::parse(
      "seed = 5\n[data]\nvalidation = 0.3\n[network]\nlayers = [{ dense = 8 }, \"batch_norm\", \"relu\", { dropout = 0.2 }, "
      "{ dense = 6, name = \"second\" }, \"relu\", { dense = 2 }]\npack = " +
          std::to_string(pack) + "\n" + network +
          "\n[loss]\nname = \"softmax_cross_entropy\"\n[update]\noptimizer = { name = \"adamw\", learning_rate = 0.01 }\n"
          "[train]\nbatch_size = 32\n" +
          train,
      "test");
}

TrainingOptions threads(int n) {
  TrainingOptions options;
  options.threads = n;
  return options;
}

std::vector<MemberLayers> drawn(const Experiment& e, std::uint64_t seed = 5) {
  return pack_layers(e.network, seed, {2}, NetworkShelves());
}

TEST(PackLayers, the_first_member_has_the_layers_of_the_experiment_and_the_others_draw_theirs) {
  const Experiment e = experiment(40);
  const std::vector<MemberLayers> pack = drawn(e);
  EXPECT_EQ(pack[0].layers, e.network.layers);
  int members = 0;
  std::map<std::string, int> words;
  std::set<std::size_t> lengths;
  for (const MemberLayers& group : pack) {
    members += group.members;
    lengths.insert(group.layers.array_items().size());
    for (const char* word : {"dense = 4", "dense = 16", "tanh", "gelu", "dropout = 0.1", "dropout = 0.5", "second"})
      words[word] += to_inline_toml(group.layers).find(word) != std::string::npos;
    EXPECT_EQ(to_inline_toml(group.layers.array_items().back()), "{ dense = 2 }");
  }
  EXPECT_EQ(members, 40);
  EXPECT_EQ(words.size(), 7u);
  for (const auto& [word, count] : words) EXPECT_GT(count, 2) << word;
  EXPECT_EQ(lengths, (std::set<std::size_t>{5, 7, 9}));
  EXPECT_EQ(drawn(e), pack);
  EXPECT_NE(drawn(e, 6), pack);
}

TEST(PackLayers, members_of_one_setting_follow_one_another) {
  const std::vector<MemberLayers> pack = drawn(experiment(12, lists + "pack_folds = 3\n"));
  for (const MemberLayers& group : pack) EXPECT_EQ(group.members % 3, 0);
  EXPECT_GT(pack.size(), 1u);
}

TEST(PackLayers, without_lists_all_members_have_the_same_layers) {
  EXPECT_EQ(drawn(experiment(7, "")).size(), 1u);
  EXPECT_EQ(drawn(experiment(1)).size(), 1u);
}

TEST(PackLayers, each_member_trains_as_a_network_by_itself_bit_for_bit) {
  const Dataset data = circle();
  const auto prepared = Prepared::make(data, experiment(7));
  const auto executor = make_pool(2);
  const auto plan = Plan::make(experiment(7), prepared)->with_inputs(".rate", 0);  // members drop other elements
  ASSERT_GT(plan->network().groups().size(), 3u);
  tend::Run pack(plan, *executor);
  std::vector<std::unique_ptr<tend::Run>> apart;
  for (const Network::Group& group : plan->network().groups())
    for (int m = group.first; m < group.first + group.members; ++m) {
      Experiment one = experiment(1);
      one.network.layers = group.network->layers_value();
      const auto own = Plan::make(one, prepared)->with_inputs(".rate", 0);
      Block state = own->initial_state(5, *executor);
      copy_members(plan->network(), pack.state(), {m}, own->network(), state);
      apart.push_back(std::make_unique<tend::Run>(Snapshot{.plan = own, .state = std::move(state)}, *executor));
    }
  for (int step = 0; step < 7; ++step) {
    pack.step();
    for (const auto& run : apart) run->step();
  }
  for (std::size_t m = 0; m < apart.size(); ++m)
    for (const Place& place : apart[m]->state().directory().places())
      if (place.kind == PlaceKind::parameter || place.kind == PlaceKind::statistic)
        EXPECT_EQ(apart[m]->state().doubles(place),
                  pack.state().doubles(pack.state().directory().at(plan->network().prefix(static_cast<int>(m)) + place.name)))
            << m << " " << place.name;
}

TEST(PackLayers, a_run_has_the_same_bits_on_any_number_of_threads_and_after_a_resume) {
  const Dataset data = circle();
  const Experiment e = experiment(6, lists, "epochs = 4\nweight_average = 0.9\nearly_stopping = { patience = 3 }\n");
  const auto bytes = [&](int n) {
    Training training(e, data, threads(n));
    training.run();
    return training.model().to_bytes();
  };
  const auto one = bytes(1);
  EXPECT_EQ(one, bytes(3));
  Training first(e, data);
  for (int step = 0; step < 9; ++step) ASSERT_TRUE(first.step());
  Training second(e, data);
  second.resume(first.checkpoint());
  second.run();
  EXPECT_EQ(second.model().to_bytes(), one);
}

TEST(PackLayers, the_model_has_the_numbers_of_the_summary_after_loading) {
  const Dataset data = circle();
  Training training(experiment(8, lists, "epochs = 8\n"), data);
  const Summary& summary = training.run();
  const Model model = training.model(), loaded = Model::load(model.to_bytes(), "a model");
  EXPECT_EQ(model.to_bytes(), loaded.to_bytes());
  EXPECT_EQ(loaded.inside().network().pack(), model.inside().network().pack());
  const Part& held_out = training.engine().plan().parts().validation;
  const auto executor = make_pool(1);
  const auto metrics = loaded.inside().inference.metrics(loaded.inside().state.data(), held_out,
                                                         loaded.inside().coding().encode(held_out.y), nullptr, *executor);
  EXPECT_NEAR(metrics[0].second, summary.validation[0].second, 1e-6);
  ASSERT_EQ(summary.members.size(), 8u);
  EXPECT_EQ(summary.members[0].layers, experiment(8).network.layers);
  for (const MemberReport& member : summary.members) EXPECT_TRUE(member.layers.is_array());
}

TEST(PackLayers, a_damaged_description_of_the_members_is_refused) {
  Experiment e = experiment(5);
  e.data.validation = Value();  // all members are averaged
  Training training(e, circle());
  training.run();
  const std::vector<std::byte> bytes = training.model().to_bytes();
  std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::size_t at = text.find_first_of("0123456789", text.find("\\\"members\\\""));
  ASSERT_NE(at, std::string::npos);
  text[at] = '9';
  EXPECT_THROW(Model::load(std::as_bytes(std::span(text)), "a model"), Error);
}

TEST(PackLayers, refuses_initializers_that_need_data) {
  Experiment e = experiment(4);
  e.network.initializer = "data_dependent";
  EXPECT_THROW(Training(e, circle()), Error);
  e.network.pack_widths = e.network.pack_depths = e.network.pack_dropout = {};
  e.network.pack_activations = {};
  EXPECT_NO_THROW(Training(e, circle()));
}

TEST(PackLayers, refuses_lists_that_do_not_fit) {
  const auto refusal = [](const std::string& layers, const std::string& list) {
    Experiment e = experiment(3, list);
    e.network.layers = parse_toml("layers = " + layers, "test")["layers"];
    try {
      drawn(e);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_NE(refusal("[{ dense = 2 }]", "pack_widths = [3]").find("hidden layer"), std::string::npos);
  EXPECT_NE(refusal("[{ dense = 4 }, \"relu\", { dense = 2 }]", "pack_activations = [\"rely\"]").find("rely"), std::string::npos);
  EXPECT_NE(refusal("[{ dense = 4, name = \"a\" }, \"relu\", { add = [\"a\", \"relu_1\"] }, { dense = 2 }]", "pack_depths = [2]")
                .find("chain"),
            std::string::npos);
}

}  // namespace
}  // namespace tend::pack_layers_test

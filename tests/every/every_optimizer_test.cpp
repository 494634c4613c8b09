// Settings of an optimizer are inputs of a step: entries of the same name can run each other's Programs.
#include <gtest/gtest.h>

#include "tend/loss/loss_registry.h"
#include "tend/network/compile.h"
#include "tend/update/optimizer_registry.h"

namespace tend::every_optimizer_test {
namespace {

/// One network with its loss; its Programs were compiled for different optimizers.
class Learner {
 public:
  Learner(const Backend& backend, const OptimizerEntry& optimizer)
      : layout_(network_, ElementType::float32, optimizer.slots()),
        loss_(loss_entry_->functions(ElementType::float32, backend.isa(), false)),
        sweep_(optimizer.functions(ElementType::float32, backend.isa())),
        program_(
            compile(network_, layout_,
                    {.rows = 16, .backend = &backend, .training = true, .loss = &loss_, .target_width = 3, .sweep = &sweep_})) {}

  /// The state after steps with the inputs that `by` fills.
  std::vector<std::byte> learn(const OptimizerEntry& by) {
    Block state = initial_state(network_, layout_, by.slots(), 1);  // some settings are initial values of slots
    Workspace workspace({&program_}, 1);
    AlignedBytes gradient(layout_.parameter_elements * 4), batch(program_.batch_bytes());
    Random random(2, purpose("learner"));
    for (std::int64_t i = 0; i < 16 * 30; ++i) reinterpret_cast<float*>(batch.data())[i] = static_cast<float>(random.normal());
    for (std::int64_t i = 0; i < 16 * 3; ++i)
      reinterpret_cast<float*>(batch.data() + program_.target_offset())[i] = static_cast<float>(random.normal());
    const auto pool = make_pool(1);
    StepInputs& in = workspace.inputs();
    in.weight_decay = 0.01;
    for (in.step = 1; in.step <= 4; ++in.step) {
      by.fill(in, by.learning_rate(), in.step);
      program_.run(workspace.memory(state.data(), gradient.data(), batch.data()), *pool);
    }
    return {state.data(), state.data() + state.bytes()};
  }

 private:
  Network network_{parse_toml(R"(layers = [{ dense = 24 }, "tanh", { dense = 3 }])", "test")["layers"], {30}};
  std::shared_ptr<const LossEntry> loss_entry_ = builtin_losses().make(Value("mean_squared_error"), "loss");
  StateLayout layout_;
  LossFunctions loss_;
  SweepFunctions sweep_;
  Program program_;
};

/// An entry of the shelf with every setting changed.
std::shared_ptr<const OptimizerEntry> changed(const Registry<OptimizerEntry>::Entry& entry) {
  Value value = Value::table();
  value["name"] = entry.name;
  for (const FieldDescription& field : entry.fields)
    if (field.fallback.is_number()) value[field.name] = field.fallback.number() == 0 ? 0.5 : 0.9 * field.fallback.number();
  return builtin_optimizers().make_named(value, "changed");
}

TEST(EveryOptimizer, takes_its_settings_from_the_inputs_of_the_step) {
  for (const auto& shelf_entry : builtin_optimizers().entries()) {
    const auto a = builtin_optimizers().make_named(Value(shelf_entry.name), "here"), b = changed(shelf_entry);
    for (const Backend* backend : {&reference_backend(ElementType::float32), &fast_backend()}) {
      SCOPED_TRACE(std::string(shelf_entry.name) + " " + backend->name());
      Learner of_a(*backend, *a), of_b(*backend, *b);
      const auto by_a = of_a.learn(*a), by_b = of_b.learn(*b);
      EXPECT_TRUE(of_a.learn(*b) == by_b);
      EXPECT_TRUE(of_b.learn(*a) == by_a);
      EXPECT_FALSE(by_a == by_b) << "the settings change nothing";
    }
  }
}

}  // namespace
}  // namespace tend::every_optimizer_test

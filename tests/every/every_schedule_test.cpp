#include <algorithm>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "tend/update/schedule_registry.h"

namespace tend::every_schedule_test {
namespace {

constexpr std::int64_t steps_per_epoch = 10, total_steps = 400;

TEST(EverySchedule, multiplies_the_rate_as_the_same_words_do_in_pytorch) {
  const std::int64_t steps[] = {0, 3, 9, 99, 123, 299, 300, 399};
  const struct {
    const char* text;
    double factors[std::size(steps)];
  } cases[] = {
      {R"({ name = "constant" })", {1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0}},
      {R"({ name = "step" })", {1.0, 1.0, 1.0, 1.0, 0.1, 0.010000000000000002, 0.0010000000000000002, 0.0010000000000000002}},
      {R"({ name = "step", factor = 0.5, every_epochs = 3, warmup_steps = 7 })",
       {0.14285714285714285, 0.5714285714285714, 1.0, 0.125, 0.125, 0.001953125, 0.001953125, 0.0001220703125}},
      {R"({ name = "exponential" })",
       {1.0, 0.9847298018175751, 0.9548853816214997, 0.6018159481216083, 0.5321086820341557, 0.21574254528254597,
        0.21463876394293727, 0.12917303122596888}},
      {R"({ name = "exponential", factor = 0.8, warmup_steps = 10 })",
       {0.1, 0.4, 1.0, 0.13724637553558802, 0.08033722994065846, 0.0015823429778432675, 0.0015474250491067279,
        0.00016990278352230226}},
      {R"({ name = "inverse_time" })",
       {1.0, 0.9997000899730081, 0.9991008092716556, 0.9901970492127933, 0.9878494517435543, 0.9709680551509855,
        0.970873786407767, 0.9616309260505818}},
      {R"({ name = "inverse_time", decay = 0.01, warmup_steps = 5 })",
       {0.2, 0.8, 0.9615384615384615, 0.5154639175257733, 0.4587155963302753, 0.25380710659898476, 0.2531645569620253,
        0.20242914979757087}},
      {R"({ name = "cosine" })",
       {1.0, 0.9998612151090003, 0.9987513982081351, 0.8563192594626027, 0.784280925367132, 0.14923428711457215,
        0.14644660940672627, 1.5421177605168257e-05}},
      {R"({ name = "cosine", final_fraction = 0.1, warmup_steps = 100 })",
       {0.01, 0.04, 0.1, 1.0, 0.9870104259593362, 0.3290933108731866, 0.3250000000000001, 0.10002467378551955}},
      {R"({ name = "one_cycle" })",
       {0.04, 0.041504639810931554, 0.0534852189135292, 0.9346321758181199, 0.9994965352845243, 0.28306099820869923,
        0.27802035591488705, 4e-06}},
      {R"({ name = "one_cycle", warmup_fraction = 0.25, start_divisor = 10, end_divisor = 100 })",
       {0.1, 0.10203763484211192, 0.11822816187347607, 1.0, 0.9843072889837512, 0.2507500000000001, 0.24623381283268952, 0.001}},
      {R"({ warmup_steps = 50 })", {0.02, 0.08, 0.2, 1.0, 1.0, 1.0, 1.0, 1.0}},
  };
  for (const auto& c : cases) {
    const LearningRate rate(parse_toml_value(c.text, "test"), 0.5);
    for (std::size_t i = 0; i < std::size(steps); ++i)
      EXPECT_NEAR(rate.at(steps[i], steps_per_epoch, total_steps), 0.5 * c.factors[i], 1e-15)
          << c.text << " at step " << steps[i];
  }
}

}  // namespace
}  // namespace tend::every_schedule_test

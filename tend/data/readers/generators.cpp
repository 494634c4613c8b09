#include "tend/data/readers/generators.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "tend/base/random.h"
#include "tend/base/text.h"
#include "tend/data/array/arrays.h"

namespace tend {
namespace {

struct Made {
  Array x, y;
};

Made make(std::int64_t rows, std::int64_t features, std::int64_t targets = 1) {
  return {Array({rows, features}, ElementType::float64), Array({rows, targets}, ElementType::float64)};
}

std::vector<double> normals(Random& random, std::int64_t n) {
  std::vector<double> all(static_cast<std::size_t>(n));
  for (double& v : all) v = random.normal();
  return all;
}

Made blobs(const GeneratorSettings& s, Random& random) {
  const std::int64_t features = s.features.value_or(2), classes = s.classes.value_or(3);
  if (classes < 1) throw Error(Trouble::usage, "data.source.classes", "0", "at least 1");
  Made made = make(s.rows, features);
  std::vector<double> centres(static_cast<std::size_t>(classes * features));
  for (double& v : centres) v = random.uniform(-10, 10);
  for (std::int64_t i = 0; i < s.rows; ++i) {
    const std::int64_t k = i % classes;
    made.y.as<double>()[i] = static_cast<double>(k);
    for (std::int64_t f = 0; f < features; ++f)
      made.x.as<double>()[i * features + f] = centres[static_cast<std::size_t>(k * features + f)] + s.std * random.normal();
  }
  return made;
}

Made circles(const GeneratorSettings& s, Random& random) {
  Made made = make(s.rows, 2);
  const double noise = s.noise.value_or(0.1);
  for (std::int64_t i = 0; i < s.rows; ++i) {
    const double angle = random.uniform(0, 2 * std::numbers::pi), radius = i % 2 ? s.factor : 1.0;
    made.y.as<double>()[i] = static_cast<double>(i % 2);
    made.x.as<double>()[2 * i] = radius * std::cos(angle) + noise * random.normal();
    made.x.as<double>()[2 * i + 1] = radius * std::sin(angle) + noise * random.normal();
  }
  return made;
}

Made moons(const GeneratorSettings& s, Random& random) {
  Made made = make(s.rows, 2);
  const double noise = s.noise.value_or(0.1);
  for (std::int64_t i = 0; i < s.rows; ++i) {
    const double angle = random.uniform(0, std::numbers::pi);
    const bool is_lower = i % 2;
    made.y.as<double>()[i] = is_lower;
    made.x.as<double>()[2 * i] = (is_lower ? 1 - std::cos(angle) : std::cos(angle)) + noise * random.normal();
    made.x.as<double>()[2 * i + 1] = (is_lower ? 0.5 - std::sin(angle) : std::sin(angle)) + noise * random.normal();
  }
  return made;
}

Made spiral(const GeneratorSettings& s, Random& random) {
  const std::int64_t classes = s.classes.value_or(3);
  if (classes < 1) throw Error(Trouble::usage, "data.source.classes", "0", "at least 1");
  Made made = make(s.rows, 2);
  const auto last = static_cast<double>(std::max<std::int64_t>(1, s.rows / classes - 1));
  for (std::int64_t i = 0; i < s.rows; ++i) {
    const std::int64_t along = i / classes;  // number of earlier rows of the same class
    const auto k = static_cast<double>(i % classes);
    const double radius = static_cast<double>(along) / last, angle = 4 * (k + radius) + s.noise.value_or(0.2) * random.normal();
    made.y.as<double>()[i] = k;
    made.x.as<double>()[2 * i] = radius * std::sin(angle);
    made.x.as<double>()[2 * i + 1] = radius * std::cos(angle);
  }
  return made;
}

Made exclusive_or(const GeneratorSettings& s, Random& random) {
  Made made = make(s.rows, 2);
  for (std::int64_t i = 0; i < s.rows; ++i) {
    const bool a = i / 2 % 2, b = i % 2;
    made.y.as<double>()[i] = a != b;
    made.x.as<double>()[2 * i] = a + s.noise.value_or(0) * random.normal();
    made.x.as<double>()[2 * i + 1] = b + s.noise.value_or(0) * random.normal();
  }
  return made;
}

Made regression(const GeneratorSettings& s, Random& random) {
  std::vector<double> w = s.weights;
  if (w.empty()) {
    const std::int64_t features = s.features.value_or(20), asked = s.informative.value_or(0),
                       informative = asked ? asked : features;
    for (std::int64_t f = 0; f < features; ++f) {
      const double weight = random.uniform(0, 100);
      w.push_back(f < informative ? weight : 0);
    }
  }
  const auto features = static_cast<std::int64_t>(w.size());
  Made made = make(s.rows, features);
  for (std::int64_t i = 0; i < s.rows; ++i) {
    double y = s.bias;
    for (std::int64_t f = 0; f < features; ++f) {
      const double x = s.low && s.high ? random.uniform(*s.low, *s.high) : random.normal();
      made.x.as<double>()[i * features + f] = x;
      y += x * w[static_cast<std::size_t>(f)];
    }
    made.y.as<double>()[i] = y + s.noise.value_or(0) * random.normal();
  }
  return made;
}

Made multilabel(const GeneratorSettings& s, Random& random) {
  const std::int64_t features = s.features.value_or(20);
  const std::vector<double> w = normals(random, features * s.labels);
  Made made = make(s.rows, features, s.labels);
  for (std::int64_t i = 0; i < s.rows; ++i) {
    double* x = made.x.as<double>() + i * features;
    for (std::int64_t f = 0; f < features; ++f) x[f] = random.normal();
    for (std::int64_t t = 0; t < s.labels; ++t) {
      double sum = s.noise.value_or(0) * random.normal();
      for (std::int64_t f = 0; f < features; ++f) sum += x[f] * w[static_cast<std::size_t>(f * s.labels + t)];
      made.y.as<double>()[i * s.labels + t] = sum > 0;
    }
  }
  return made;
}

Made polynomial(const GeneratorSettings& s, Random& random) {
  Made made = make(s.rows, 1);
  const double low = s.low.value_or(-1), high = s.high.value_or(1);
  for (std::int64_t i = 0; i < s.rows; ++i) {
    const double x = s.rows == 1       ? low
                     : i == s.rows - 1 ? high
                                       : low + static_cast<double>(i) * ((high - low) / static_cast<double>(s.rows - 1));
    double y = 0;
    for (std::size_t k = s.coefficients.size(); k-- > 0;) y = y * x + s.coefficients[k];
    made.x.as<double>()[i] = x;
    made.y.as<double>()[i] = y + s.noise.value_or(0) * random.normal();
  }
  return made;
}

Made uniform(const GeneratorSettings& s, Random& random) {
  const std::int64_t features = s.features.value_or(4), classes = s.classes.value_or(2);
  Made made = make(s.rows, features);
  for (std::int64_t i = 0; i < s.rows; ++i) {
    for (std::int64_t f = 0; f < features; ++f)
      made.x.as<double>()[i * features + f] = random.uniform(s.low.value_or(0), s.high.value_or(1));
    made.y.as<double>()[i] = classes ? static_cast<double>(random.below(static_cast<std::uint64_t>(classes))) : random.uniform();
  }
  return made;
}

struct Generator {
  std::string_view name;
  Made (*make)(const GeneratorSettings&, Random&);
};
constexpr Generator all_generators[] = {{"blobs", blobs},           {"circles", circles},       {"moons", moons},
                                        {"spiral", spiral},         {"xor", exclusive_or},      {"regression", regression},
                                        {"multilabel", multilabel}, {"polynomial", polynomial}, {"uniform", uniform}};

const Generator& find_generator(const std::string& name) {
  std::vector<std::string> names;
  for (const Generator& g : all_generators) {
    if (g.name == name) return g;
    names.emplace_back(g.name);
  }
  const std::string close = nearest(name, names);
  throw Error(Trouble::usage, "data.source.generate", "no generator \"" + name + "\"", "one of: " + listed(names),
              close.empty() ? "" : "did you mean \"" + close + "\"?");
}

}  // namespace

Claim Generators::claims(const Source& source) const { return source.given.is_table() ? Claim::by_content : Claim::none; }

Dataset Generators::read(const Source& source, const Reading& reading) const {
  const auto settings = read_fields<GeneratorSettings>(source.given, "data.source");
  const Generator& generator = find_generator(settings.generate);
  const std::int64_t width = std::max(
      {settings.features.value_or(20), static_cast<std::int64_t>(settings.weights.size()), settings.labels});
  const double centres = static_cast<double>(settings.classes.value_or(3)) * static_cast<double>(width);
  if (centres > 1e8 || static_cast<double>(settings.rows) * static_cast<double>(width) > 1e9)
    throw Error(Trouble::usage, "data.source", std::to_string(settings.rows) + " rows of " + std::to_string(width) + " numbers",
                "at most a thousand million numbers");
  Random random(static_cast<std::uint64_t>(settings.seed), purpose(generator.name));
  Made made = generator.make(settings, random);
  if (settings.scale != 1)
    for (std::int64_t i = 0; i < made.x.shape().count(); ++i) made.x.as<double>()[i] *= settings.scale;
  return dataset_of_numbers(std::move(made.x), made.y, reading.settings, reading.like, std::string(generator.name));
}

}  // namespace tend

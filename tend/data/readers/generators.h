#pragma once
#include <optional>

#include "tend/data/reader.h"

namespace tend {

/// Synthetic data: source = {generate = "blobs", rows = 1000, seed = 0, scale = 1.0}. N standard normal, U uniform; scale
/// multiplies x.
///   blobs       features 2, classes 3, std 1: row i has class i mod classes; x = centre + std N, centres U(-10, 10)
///   circles     noise 0.1, factor 0.5: class 0 on radius 1, class 1 on radius factor, in turn; angle U(0, 2 pi); x + noise N
///   moons       noise 0.1: two interleaving half circles, in turn; angle U(0, pi)
///   spiral      noise 0.2, classes 3: arms of the CS231n notes; radius 0..1 along an arm, angle 4 (class + radius) + noise N
///   xor         noise 0: the corners (0,0) (0,1) (1,0) (1,1) in turn; x + noise N
///   regression  features 20, informative = features, noise 0, bias 0, weights, low, high: y = x w + bias + noise N
///   multilabel  features 20, labels 3, noise 0: label = (x W + noise N > 0); x, W: N
///   polynomial  coefficients [0, 0, 1], low -1, high 1, noise 0: x evenly spaced; uniform: features 4, low 0, high 1, classes 2
struct Generators {
  static constexpr auto fields = std::tuple<>{};
  Claim claims(const Source& source) const;
  Dataset read(const Source& source, const Reading& reading) const;
};

/// The keys of a generator's table. The default of an absent key depends on the generator.
struct GeneratorSettings {
  std::string generate;
  std::int64_t rows = 1000, seed = 0;
  double scale = 1;
  std::optional<double> noise, low, high;
  std::optional<std::int64_t> features, classes, informative;
  double std = 1, factor = 0.5, bias = 0;
  std::vector<double> weights, coefficients = {0, 0, 1};
  std::int64_t labels = 3;

  using G = GeneratorSettings;
  static constexpr auto fields = std::tuple{
      field_of<G>("generate", &G::generate, {}, "", "The kind of data.",
                  "blobs circles moons spiral xor regression multilabel polynomial uniform"),
      field_of<G>("rows", &G::rows, at_least(1), "rows", "The number of rows."),
      field_of<G>("seed", &G::seed, at_least(0), "", "The seed of the random numbers of the generator."),
      field_of<G>("scale", &G::scale, {}, "", "The number that all inputs are multiplied by."),
      field_of<G>("noise", &G::noise, at_least(0), "",
                  "The standard deviation of the noise that is added; the default depends on the generator."),
      field_of<G>("low", &G::low, {}, "", "The lower bound of the inputs (regression, polynomial, uniform)."),
      field_of<G>("high", &G::high, {}, "", "The upper bound of the inputs (regression, polynomial, uniform)."),
      field_of<G>("features", &G::features, at_least(1), "",
                  "The number of input columns; the default depends on the generator."),
      field_of<G>("classes", &G::classes, at_least(0), "",
                  "The number of classes (blobs, spiral, uniform); 0 makes uniform a regression."),
      field_of<G>("informative", &G::informative, at_least(0), "",
                  "The number of input columns whose weight is not 0 (regression)."),
      field_of<G>("std", &G::std, at_least(0), "", "The standard deviation of one blob."),
      field_of<G>("factor", &G::factor, {}, "", "The radius of the inner circle (circles)."),
      field_of<G>("bias", &G::bias, {}, "", "The number that is added to the target (regression)."),
      field_of<G>("weights", &G::weights, {}, "",
                  "The weights of the input columns (regression); their number is the number of columns."),
      field_of<G>("coefficients", &G::coefficients, {}, "", "The coefficients of 1, x, x^2 and so on (polynomial)."),
      field_of<G>("labels", &G::labels, at_least(1), "", "The number of labels of a row (multilabel).")};
};

}  // namespace tend

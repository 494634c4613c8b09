#pragma once
#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "tend/tune/sampler.h"
#include "tend/tune/sampling.h"

namespace tend {

/// CmaEs: covariance matrix adaptation (Hansen, 2016, "The CMA evolution strategy: a tutorial", the defaults of table 1), with
/// the Cholesky factor in the place of the square root. Its state is made again from the study's trials, generation by
/// generation. Choices have no covariance: they come from the best trials, or are new.
struct CmaEs {
  double sigma = 1.0 / 6;
  static constexpr std::string_view about = "An evolution strategy that learns the shape of the optimum (CMA-ES).";
  static constexpr auto fields = std::tuple{
      field_of<CmaEs>("sigma", &CmaEs::sigma, above(0), "", "The first standard deviation, as a share of each range.")};

  std::vector<double> suggest(const Study& study, Random& random) const {
    const std::vector<std::size_t> axes = ordered_axes(study.space);
    if (axes.empty()) return new_place(study, [&] { return uniform_place(study.space, random); });
    const State state = state_of(study, axes);
    return new_place(study, [&] { return draw(study, axes, state, random); });
  }

 private:
  using Vector = std::vector<double>;
  struct State {
    Vector mean, path_sigma, path_c, covariance, factor;  // matrices by rows
    double step = 0;
    std::size_t size = 0;
  };

  static std::vector<std::size_t> ordered_axes(const SearchSpace& space) {
    std::vector<std::size_t> axes;
    for (std::size_t i = 0; i < space.parameters.size(); ++i)
      if (!space.parameters[i].is_choice()) axes.push_back(i);
    return axes;
  }

  /// Lower Cholesky factor; a diagonal that is not positive is taken as a small number.
  static Vector cholesky(const Vector& c, std::size_t n) {
    Vector l(n * n, 0);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j <= i; ++j) {
        double sum = c[i * n + j];
        for (std::size_t k = 0; k < j; ++k) sum -= l[i * n + k] * l[j * n + k];
        l[i * n + j] = i == j ? std::sqrt(std::max(sum, 1e-20)) : sum / l[j * n + j];
      }
    return l;
  }

  State state_of(const Study& study, const std::vector<std::size_t>& axes) const {
    const std::size_t n = axes.size();
    State s{.mean = Vector(n, 0.5),
            .path_sigma = Vector(n, 0),
            .path_c = Vector(n, 0),
            .covariance = Vector(n * n, 0),
            .factor = {},
            .step = sigma,
            .size = 4 + static_cast<std::size_t>(3 * std::log(static_cast<double>(n)))};
    for (std::size_t i = 0; i < n; ++i) s.covariance[i * n + i] = 1;
    s.factor = cholesky(s.covariance, n);
    for (std::size_t first = 0; first + s.size <= study.trials.size(); first += s.size) update(study, axes, first, s);
    return s;
  }

  /// One generation: the trials first .. first + size - 1.
  static void update(const Study& study, const std::vector<std::size_t>& axes, std::size_t first, State& s) {
    const auto n = static_cast<double>(axes.size());
    const std::size_t d = axes.size(), parents = s.size / 2;
    std::vector<std::size_t> order(s.size);
    std::iota(order.begin(), order.end(), first);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return study.least_cost(study.trials[a], study.steps) < study.least_cost(study.trials[b], study.steps);
    });
    Vector weights(parents);
    for (std::size_t i = 0; i < parents; ++i)
      weights[i] = std::log((static_cast<double>(s.size) + 1) / 2) - std::log(static_cast<double>(i) + 1);
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    double squares = 0;
    for (double& w : weights) w /= sum, squares += w * w;
    const double mu = 1 / squares, c_sigma = (mu + 2) / (n + mu + 5),
                 d_sigma = 1 + 2 * std::max(0.0, std::sqrt((mu - 1) / (n + 1)) - 1) + c_sigma;
    const double c_c = (4 + mu / n) / (n + 4 + 2 * mu / n), c_1 = 2 / ((n + 1.3) * (n + 1.3) + mu);
    const double c_mu = std::min(1 - c_1, 2 * (mu - 2 + 1 / mu) / ((n + 2) * (n + 2) + mu));
    std::vector<Vector> steps(parents, Vector(d));  // (x - mean) / step
    Vector moved(d, 0), white(d);
    for (std::size_t k = 0; k < parents; ++k)
      for (std::size_t i = 0; i < d; ++i) {
        steps[k][i] = (study.trials[order[k]].units[axes[i]] - s.mean[i]) / s.step;
        moved[i] += weights[k] * steps[k][i];
      }
    for (std::size_t i = 0; i < d; ++i) {  // the factor's inverse times moved
      double v = moved[i];
      for (std::size_t k = 0; k < i; ++k) v -= s.factor[i * d + k] * white[k];
      white[i] = v / s.factor[i * d + i];
    }
    double norm = 0;
    for (std::size_t i = 0; i < d; ++i) {
      s.path_sigma[i] = (1 - c_sigma) * s.path_sigma[i] + std::sqrt(c_sigma * (2 - c_sigma) * mu) * white[i];
      norm += s.path_sigma[i] * s.path_sigma[i];
    }
    norm = std::sqrt(norm);
    const double expected = std::sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
    const double h = norm < (1.4 + 2 / (n + 1)) * expected * std::sqrt(1 - std::pow(1 - c_sigma, 2)) ? 1
                     : norm < 2 * expected                                                           ? 1
                                                                                                     : 0;
    for (std::size_t i = 0; i < d; ++i) {
      s.path_c[i] = (1 - c_c) * s.path_c[i] + h * std::sqrt(c_c * (2 - c_c) * mu) * moved[i];
      s.mean[i] += s.step * moved[i];
    }
    for (std::size_t i = 0; i < d; ++i)
      for (std::size_t j = 0; j < d; ++j) {
        double rank_mu = 0;
        for (std::size_t k = 0; k < parents; ++k) rank_mu += weights[k] * steps[k][i] * steps[k][j];
        double& c = s.covariance[i * d + j];
        c = (1 - c_1 - c_mu) * c + c_1 * (s.path_c[i] * s.path_c[j] + (1 - h) * c_c * (2 - c_c) * c) + c_mu * rank_mu;
      }
    s.step = std::clamp(s.step * std::exp(c_sigma / d_sigma * (norm / expected - 1)), 1e-6, 1.0);
    s.factor = cholesky(s.covariance, d);
  }

  static Vector draw(const Study& study, const std::vector<std::size_t>& axes, const State& s, Random& random) {
    const std::size_t d = axes.size();
    Vector place = uniform_place(study.space, random), z(d);
    const std::vector<std::size_t> ranking = study.ranking();
    const std::size_t good = std::min<std::size_t>(ranking.size(), std::max<std::size_t>(1, ranking.size() / 4));
    for (std::size_t i = 0; i < place.size(); ++i)
      if (study.space.parameters[i].is_choice() && good > 0 && random.uniform() < 0.8)
        place[i] = study.trials[ranking[random.below(good)]].units[i];
    for (int tries = 0; tries < 20; ++tries) {  // until it lies inside; then it is moved there
      for (double& v : z) v = random.normal();
      bool is_inside = true;
      for (std::size_t i = 0; i < d; ++i) {
        double v = s.mean[i];
        for (std::size_t k = 0; k <= i; ++k) v += s.step * s.factor[i * d + k] * z[k];
        is_inside = is_inside && v >= 0 && v <= 1;
        place[axes[i]] = std::clamp(v, 0.0, 1.0);
      }
      if (is_inside) break;
    }
    return place;
  }
};

}  // namespace tend

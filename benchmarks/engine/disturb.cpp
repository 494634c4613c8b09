// What becomes of a healthy training that is disturbed in flight? benchmarks/disturb.py runs it:
//   disturb EXPERIMENT.toml DATA_FOLDER SEED KIND
// Trains under policy observe, undisturbed; then under policy repair with one disturbance at a step drawn from the seed:
//   spike   the learning rate of one step is 300 times the usual
//   rate    the learning rate is 100 times the usual from that step on
//   zero    the weights of one layer are zeros before that step
//   nan     one number of one training row is not a number, from the start
// Prints JSON: the step and layer of the disturbance; the first finding's rule, step and layer; repairs; scores of both
// trainings.
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>

#include "tend/base/random.h"
#include "tend/experiment/infer.h"
#include "tend/train/run.h"
#include "tend/watch/watched_training.h"

namespace {

using tend::Value;

double metric(const tend::Summary& s) {
  const tend::Metrics& m = s.validation.empty() ? s.train : s.validation;
  const double r2 = tend::metric_of(m, "r2");
  return std::isfinite(r2) ? r2 : tend::metric_of(m, "accuracy");
}

/// The matrices among the parameters.
std::vector<tend::Place> matrices(const tend::Training& training) {
  std::vector<tend::Place> found;
  for (const tend::Place& place : training.engine().state().directory().places())
    if (place.kind == tend::PlaceKind::parameter && place.shape.rank() > 1) found.push_back(place);
  return found;
}

void zero(tend::Training& training, const tend::Place& place) {
  tend::TrainingState state = training.state();
  auto now = std::make_shared<tend::Snapshot>(*state.now);
  std::memset(now->state.data() + place.offset_bytes, 0, static_cast<std::size_t>(place.bytes()));
  state.now = now;
  training.restore(state);
}

void multiply_rate(tend::Training& training, double factor) {
  const double rate = training.engine().plan().optimizer().learning_rate();
  training.change({{.path = "update.optimizer.learning_rate", .value = rate * factor}});
}

/// A copy of the data with one number of a row that is not one.
tend::Dataset with_bad_row(const tend::Dataset& data, std::int64_t row) {
  tend::Dataset bad = data;
  tend::Array x(data.x.shape(), tend::ElementType::float32);
  const std::int64_t size = data.x.row_size();
  for (std::int64_t i = 0; i < data.x.shape().count(); ++i)
    x.as<float>()[i] = data.x.type() == tend::ElementType::float32   ? data.x.as<float>()[i]
                       : data.x.type() == tend::ElementType::float64 ? static_cast<float>(data.x.as<double>()[i])
                                                                     : static_cast<float>(data.x.as<std::uint8_t>()[i]);
  x.as<float>()[row * size + size / 2] = std::nanf("");
  bad.x = x;
  return bad;
}

}  // namespace

int main(int count, char** words) {
  if (count != 5) return 2;
  const tend::DataPlaces places{std::filesystem::path(words[1]).parent_path().string(), {words[2]}};
  tend::Dataset data;
  std::vector<tend::Inferred> reasons;
  tend::Experiment experiment = tend::infer_from_source(tend::Experiment::read(words[1]), places, data, reasons);
  experiment.watch.checks = "none";
  const std::string kind = words[4];
  tend::Random random(static_cast<std::uint64_t>(std::atoll(words[3])), tend::purpose("disturb"));
  tend::WatchOptions options;
  options.training.places = places;
  options.training.threads = 1;
  experiment.watch.policy = "observe";
  tend::WatchedTraining undisturbed(experiment, data, options);
  undisturbed.run();
  const std::int64_t steps = undisturbed.training().summary().steps;
  const auto part = [&](double low, double high) { return low + (high - low) * random.uniform(); };
  std::int64_t at = std::max<std::int64_t>(1, static_cast<std::int64_t>(part(0.2, 0.9) * static_cast<double>(steps)));
  const std::vector<tend::Place> layers = matrices(undisturbed.training());
  const tend::Place& hit = layers[static_cast<std::size_t>(part(0, static_cast<double>(layers.size()) - 1e-9))];

  experiment.watch.policy = "repair";
  std::vector<tend::Finding> told;
  options.on_finding = [&](const tend::Finding& f) { told.push_back(f); };
  const tend::Dataset disturbed_data =
      kind == "nan" ? with_bad_row(data, static_cast<std::int64_t>(part(0, static_cast<double>(data.x.rows())))) : data;
  tend::WatchedTraining watched(experiment, disturbed_data, options);
  bool is_done = kind == "nan", is_high = false;
  while (true) {
    const std::int64_t made = watched.training().engine().counters().step;
    if (is_high && made >= at + 1) {
      if (watched.training().engine().plan().optimizer().learning_rate() > 0) multiply_rate(watched.training(), 1 / 300.0);
      is_high = false;
    }
    if (!is_done && made == at) {
      is_done = true;
      if (kind == "zero") zero(watched.training(), hit);
      else multiply_rate(watched.training(), kind == "rate" ? 100 : 300);
      is_high = kind == "spike";
    }
    const std::size_t repairs = watched.repairs().size();
    if (!watched.step()) break;
    if (watched.repairs().size() > repairs) is_high = false;  // it went back to the usual rate
  }
  Value v = Value::table();
  v["kind"] = kind;
  v["steps"] = steps;
  v["at"] = at + 1;
  v["layer"] = kind == "zero" ? Value(hit.name.substr(0, hit.name.rfind('.'))) : Value();
  v["undisturbed"] = metric(undisturbed.training().summary());
  v["repaired"] = metric(watched.training().summary());
  v["told"] = Value::array();
  for (const tend::Finding& f : watched.findings())  // harmless ones are reported at the end
    if (f.rule == "sudden_step") told.push_back(f);
  for (const tend::Finding& f : told) {
    Value t = Value::table();
    t["rule"] = f.rule;
    t["step"] = f.first_step;
    t["layer"] = f.layer;
    v["told"].push_back(std::move(t));
  }
  v["repairs"] = tend::repairs_to_value(watched.repairs());
  v["status"] = watched.training().summary().status;
  std::printf("%s\n", tend::to_json(v).c_str());
}

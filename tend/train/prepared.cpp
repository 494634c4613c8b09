#include "tend/train/prepared.h"

#include <algorithm>
#include <numeric>

#include "tend/base/digest.h"
#include "tend/train/batches.h"

namespace tend {

namespace {

constexpr std::int64_t most_training_rows_measured = 10'000, most_training_places_measured = 100'000;

/// A data set's description without its rows.
Dataset description_of(const Dataset& data) {
  Dataset like;
  like.task = data.task;
  like.classes = data.classes;
  like.class_values = data.class_values;
  like.largest_sample = data.largest_sample;
  like.columns = data.columns;
  like.target_names = data.target_names;
  like.is_text = data.is_text;
  std::vector<std::int64_t> sizes = data.x.shape().sizes();
  sizes[0] = 0;
  like.x = Array(Shape(sizes), data.x.type());
  return like;
}

/// The places of a part's rows in the source, of which rows may have been left out before.
std::vector<std::int64_t> places_in(const Dataset& source, const Dataset& part) {
  if (part.rows() == 0) return {};
  if (!part.source_rows.empty()) return part.source_rows;
  if (source.source_rows.size() == static_cast<std::size_t>(part.rows())) return source.source_rows;
  std::vector<std::int64_t> all(static_cast<std::size_t>(part.rows()));
  std::iota(all.begin(), all.end(), std::int64_t{0});
  return all;
}

}  // namespace

std::shared_ptr<const Prepared> Prepared::make(const Dataset& data, const Experiment& e, const DataPlaces& places) {
  if (data.y.empty()) throw Error(Trouble::usage, "data.target", "rows without a target", "a target to learn");
  const std::shared_ptr<Prepared> made(new Prepared);
  made->source_ = data;
  made->settings_ = e.data;
  made->places_ = places;
  made->steps_ = e.prepare.steps;
  made->seed_ = e.seed;
  SplitData split = split_dataset(data, e.data, places, e.seed);
  made->like_ = description_of(split.train);
  made->notes_ = data.notes;
  made->train_rows_ = places_in(data, split.train);
  if (e.data.validation.is_number()) made->validation_rows_ = places_in(data, split.validation);
  if (e.data.test.is_number()) made->test_rows_ = places_in(data, split.test);
  made->row_numbers_ = {made->train_rows_, places_in(data, split.validation), places_in(data, split.test)};
  for (const Dataset* part : {&split.train, &split.validation, &split.test})
    for (const DataNote& note : part->notes)
      if (std::find(made->notes_.begin(), made->notes_.end(), note) == made->notes_.end()) made->notes_.push_back(note);
  made->pipeline_ = Pipeline::fit(
      e.prepare.steps,
      {.train = std::move(split.train), .validation = std::move(split.validation), .test = std::move(split.test)}, e.seed,
      made->parts_, made->notes_);
  made->like_.columns = made->pipeline_.columns();
  return made;
}

std::shared_ptr<const Prepared> Prepared::with_steps(const std::shared_ptr<const Prepared>& from, const Experiment& experiment) {
  if (experiment.prepare.steps == from->steps_ && experiment.data.target_range == from->settings_.target_range) return from;
  Experiment e = experiment;
  e.data = from->settings_;
  e.data.target_range = experiment.data.target_range;
  e.seed = from->seed_;  // the parts stay the same
  return make(from->source_, e, from->places_);
}

std::string Prepared::place_of_row(PartName part, std::int64_t row) const {
  constexpr const char* names[] = {"training", "validation", "test"};
  const std::vector<std::int64_t>& rows = source_rows(part);
  if (rows.empty()) return "row " + std::to_string(row) + " of the " + names[static_cast<int>(part)] + " part (counted from 0)";
  const std::int64_t place = rows[static_cast<std::size_t>(row)];
  if (source_.first_line > 0) return "line " + std::to_string(source_.first_line + place) + " of " + source_.file;
  return "row " + std::to_string(place) + " of the data (counted from 0)";
}

const std::vector<std::int64_t>& Prepared::sample(std::int64_t places) const {
  const std::lock_guard lock(mutex_);
  const auto [found, is_new] = samples_.try_emplace(places);
  if (!is_new) return found->second;
  std::vector<std::int64_t>& rows = found->second;
  const std::int64_t n = parts_.train.rows(),
                     measured = std::min(n, places == 1 ? most_training_rows_measured
                                                        : std::max<std::int64_t>(1, most_training_places_measured / places));
  rows.resize(static_cast<std::size_t>(n));
  order_of_epoch(seed_ + 1, 0, n > measured, rows);
  rows.resize(static_cast<std::size_t>(measured));
  std::sort(rows.begin(), rows.end());
  return rows;
}

const Value& Prepared::fingerprint() const {
  const std::lock_guard lock(fingerprint_mutex_);
  if (!fingerprint_.is_null()) return fingerprint_;
  Value v = Value::table();
  const auto add = [](Sha256& digest, const void* data, std::int64_t bytes) {
    digest.add({static_cast<const std::byte*>(data), static_cast<std::size_t>(bytes)});
  };
  for (const auto& [name, part] :
       {std::pair{"training", &parts_.train}, {"validation", &parts_.validation}, {"test", &parts_.test}}) {
    Sha256 digest;
    for (const Array* a : {&part->x, &part->y})
      if (!a->empty()) add(digest, a->data(), a->shape().count() * size_of(a->type()));
    for (const std::vector<float>* scale : {&part->shift, &part->factor})
      add(digest, scale->data(), static_cast<std::int64_t>(scale->size() * sizeof(float)));
    add(digest, part->weights.data(), static_cast<std::int64_t>(part->weights.size() * sizeof(double)));
    v[name]["rows"] = part->rows();
    v[name]["sha256"] = digest.hex();
  }
  v["shape of a row"] = pipeline_.row_shape().text();
  v["columns"] = columns_to_value(like_.columns);
  v["classes"] = write_value(like_.classes);
  return fingerprint_ = std::move(v);
}

std::shared_ptr<const CodedTargets> Prepared::targets(const Shape& output, const LossEntry& loss, const LossSettings& settings,
                                                      const std::string& scaling) const {
  const std::string key = output.text() + to_json(loss.to_value(), -1) + to_json(Value(settings.label_smoothing), -1) +
                          to_json(settings.class_weights, -1) + (settings.uses_row_weights ? "w" : "") + scaling;
  const std::lock_guard lock(mutex_);
  std::shared_ptr<const CodedTargets>& kept = targets_[key];
  if (!kept) {
    const auto made = std::make_shared<CodedTargets>();
    made->coding = TargetCoding::make(like_, output, loss, scaling, parts_.train.y);
    made->train = made->coding.encode(parts_.train.y);
    made->validation = made->coding.encode(parts_.validation.y);
    made->test = made->coding.encode(parts_.test.y);
    made->learnt = TrainingTargets::make(made->coding, settings, loss, like_.classes, parts_.train);
    kept = made;
  }
  return kept;
}

}  // namespace tend

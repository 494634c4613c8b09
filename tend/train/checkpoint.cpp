#include "tend/train/checkpoint.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "tend/base/text.h"
#include "tend/base/version.h"
#include "tend/network/safetensors.h"
#include "tend/train/report_value.h"
#include "tend/train/run.h"

namespace tend {

namespace {

constexpr std::int64_t checkpoint_format = 1;
constexpr const char* description_name = "checkpoint";
const std::string watcher_prefix = "watcher/";

/// The elements of a place, not copied.
Array view_of(const Block& block, const Place& place) {
  const auto count = static_cast<std::size_t>(place.shape.count());
  switch (place.type) {
    case ElementType::float32: return Array::borrow<float>({block.at<float>(place), count}, place.shape);
    case ElementType::float64: return Array::borrow<double>({block.at<double>(place), count}, place.shape);
    case ElementType::int64: return Array::borrow<std::int64_t>({block.at<std::int64_t>(place), count}, place.shape);
    case ElementType::uint8: break;
  }
  return Array::borrow<std::uint8_t>({block.at<std::uint8_t>(place), count}, place.shape);
}

/// The file and its description, checked for format.
struct Opened {
  TensorFile file;
  Value description;
  Opened(std::span<const std::byte> bytes, const std::string& name) : file(read_safetensors(bytes, name)) {
    const Array* text = file.find(description_name);
    if (!text || text->type() != ElementType::uint8)
      throw Error(Trouble::data, name, "a file without the description of a checkpoint", "a checkpoint that tend saved");
    description = parse_json({reinterpret_cast<const char*>(text->data()), static_cast<std::size_t>(text->shape().count())},
                             name);
    if (const std::int64_t format = SavedValue(description, name).at("format").integer(); format != checkpoint_format)
      throw Error(Trouble::data, name, "format " + std::to_string(format), "format " + std::to_string(checkpoint_format),
                  "use the version of tend that wrote it");
  }
};

Block block_of(const TensorFile& file, const std::string& prefix, const std::shared_ptr<const Directory>& directory,
               const std::string& name) {
  Block block(directory);
  for (const Place& place : directory->places()) {
    const Array* array = file.find(prefix + place.name);
    if (!array || array->shape() != place.shape || array->type() != place.type)
      throw Error(
          Trouble::data, name,
          array ? "the tensor \"" + place.name + "\" of shape " + array->shape().text() : "no tensor \"" + place.name + "\"",
          "the shape " + place.shape.text() + ", as the experiment in the checkpoint has");
    std::memcpy(block.data() + place.offset_bytes, array->data(), static_cast<std::size_t>(place.bytes()));
  }
  return block;
}

/// Collects snapshots as tensors; one that several states share is written once. What it is given must outlive it.
struct Writer {
  TensorFile file;
  Value experiments = Value::array();
  std::vector<const Snapshot*> written = {};

  std::int64_t place_of(const Snapshot& shot) {
    const auto place = std::find(written.begin(), written.end(), &shot) - written.begin();
    if (place < std::ssize(written)) return place;
    written.push_back(&shot);
    experiments.push_back(shot.plan->experiment().to_value());
    for (const Place& tensor : shot.state.directory().places())
      file.tensors.emplace_back(std::to_string(place) + "/" + tensor.name, view_of(shot.state, tensor));
    return place;
  }
  Value described(const TrainingState& state) {
    Value v = Value::table();
    for (const auto& [key, shot] : {std::pair{"now", &state.now}, {"best", &state.best}, {"good", &state.good}})
      if (*shot) v[key] = place_of(**shot);
    v["initial"] = metrics_to_value(state.initial);
    v["history"] = Value::array();
    for (const EpochReport& report : state.history) v["history"].push_back(report_to_value(report));
    if (state.first_nan_step) v["first_nan_step"] = *state.first_nan_step;
    v["seconds"] = exact_number(state.seconds);
    v["training_seconds"] = exact_number(state.training_seconds);
    return v;
  }
  Value described(const WatcherMemory& memory) {
    Value v = Value::table();
    v["facts"] = memory.facts;
    v["numbers"] = Value::array();
    for (const auto& [name, numbers] : memory.numbers) {
      v["numbers"].push_back(name);
      file.tensors.emplace_back(watcher_prefix + name,
                                Array::borrow<double>(numbers, Shape{static_cast<std::int64_t>(numbers.size())}));
    }
    v["kept"] = Value::array();
    for (const TrainingState& kept : memory.kept) v["kept"].push_back(described(kept));
    return v;
  }
};

/// Reads states from an opened checkpoint.
class Reader {
 public:
  Reader(const Opened& opened, const std::string& name, const std::shared_ptr<const Plan>& like) : opened_(opened), name_(name) {
    std::shared_ptr<const Plan> plan = like;
    std::int64_t place = 0;
    for (const Value& described : SavedValue(opened.description, name).at("experiments").items()) {
      Experiment experiment = Experiment::from_value(described, name);
      experiment.folder = like->experiment().folder;
      if (!(plan->experiment().to_value() == experiment.to_value())) plan = like->with(experiment);
      auto shot = std::make_shared<Snapshot>();
      shot->plan = plan;
      shot->state = block_of(opened.file, std::to_string(place++) + "/", plan->layout().directory, name);
      shots_.push_back(std::move(shot));
    }
  }
  TrainingState state(const Value& described) const {
    const SavedValue d(described, name_);
    TrainingState state;
    state.now = shot_at(described, "now"), state.best = shot_at(described, "best"), state.good = shot_at(described, "good");
    if (!state.now) d.refuse();
    state.initial = metrics_of_value(described, "initial", name_);
    for (const Value& report : d.at("history").items()) state.history.push_back(report_of_value(report, name_));
    if (described.find("first_nan_step")) state.first_nan_step = d.at("first_nan_step").integer();
    state.seconds = d.at("seconds").number();
    state.training_seconds = d.at("training_seconds").number();
    const Counters& c = Plan::counters(state.now->state);
    if (c.best_epoch < 0 || c.best_epoch > static_cast<std::int64_t>(state.history.size()) || c.row < 0 || c.epoch < 0)
      d.refuse();
    return state;
  }
  WatcherMemory memory(const Value& described) const {
    const SavedValue d(described, name_);
    WatcherMemory memory{.facts = d.at("facts").value(), .numbers = {}, .kept = {}};
    for (const Value& key : d.at("numbers").items()) {
      const std::string& name = SavedValue(key, name_).string();
      const Array* numbers = opened_.file.find(watcher_prefix + name);
      if (!numbers || numbers->type() != ElementType::float64) d.refuse();
      memory.numbers[name].assign(numbers->as<double>(), numbers->as<double>() + numbers->shape().count());
    }
    for (const Value& kept : d.at("kept").items()) memory.kept.push_back(state(kept));
    return memory;
  }

 private:
  std::shared_ptr<const Snapshot> shot_at(const Value& described, const char* key) const {
    if (!described.find(key)) return nullptr;
    const SavedValue d(described, name_);
    const std::int64_t place = d.at(key).integer();
    if (place < 0 || place >= std::ssize(shots_)) d.refuse();
    return shots_[static_cast<std::size_t>(place)];
  }

  const Opened& opened_;
  const std::string& name_;
  std::vector<std::shared_ptr<const Snapshot>> shots_;
};

}  // namespace

std::vector<std::byte> checkpoint_bytes(const TrainingState& state) {
  const Plan& plan = *state.now->plan;
  Writer writer;
  Value v = writer.described(state);
  v["format"] = checkpoint_format;
  v["version"] = version();
  v["isa"] = name_of(plan.isa());
  v["fingerprint"] = plan.prepared().fingerprint();
  const Counters& counters = Plan::counters(state.now->state);
  v["step"] = counters.step;
  v["epoch"] = counters.epoch;
  if (state.watcher) v["watcher"] = writer.described(*state.watcher);
  v["experiments"] = std::move(writer.experiments);
  const std::string text = to_json(v, -1);
  const std::span<const std::uint8_t> raw(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  writer.file.tensors.emplace_back(description_name,
                                   Array::borrow<std::uint8_t>(raw, Shape{static_cast<std::int64_t>(raw.size())}));
  return write_safetensors(writer.file);
}

CheckpointHeader checkpoint_header(std::span<const std::byte> bytes, const std::string& name) {
  const Opened opened(bytes, name);
  const SavedValue d(opened.description, name);
  const std::int64_t now = d.at("now").integer();
  const Value::Array& experiments = d.at("experiments").items();
  if (now < 0 || now >= static_cast<std::int64_t>(experiments.size())) d.refuse();
  return {.version = d.at("version").string(),
          .isa = d.at("isa").string(),
          .experiment = experiments[static_cast<std::size_t>(now)],
          .fingerprint = d.at("fingerprint").value(),
          .step = d.at("step").integer(),
          .epoch = d.at("epoch").integer()};
}

bool same_state(std::span<const std::byte> a, std::span<const std::byte> b, const std::string& name) {
  Opened first(a, name), second(b, name);
  for (Opened* opened : {&first, &second})
    for (const char* key : {"seconds", "training_seconds"}) opened->description[key] = 0;
  if (first.file.tensors.size() != second.file.tensors.size()) return false;
  for (std::size_t i = 0; i < first.file.tensors.size(); ++i) {
    const auto& [left, x] = first.file.tensors[i];
    const auto& [right, y] = second.file.tensors[i];
    if (left != right) return false;
    if (left == description_name) continue;
    if (x.shape() != y.shape() || x.type() != y.type()) return false;
    if (std::memcmp(x.data(), y.data(), static_cast<std::size_t>(x.shape().count() * size_of(x.type()))) != 0) return false;
  }
  // Times of epochs differ between runs of the same bits, but these are of one run.
  return first.description == second.description;
}

std::vector<std::string> checkpoint_differences(const CheckpointHeader& header, const Plan& plan) {
  std::vector<std::string> found;
  const Value now = plan.prepared().fingerprint();
  for (const auto& [key, v] : now.items()) {
    const Value* then = header.fingerprint.find(key);
    if (then && *then == v) continue;
    const Value *rows_then = then ? then->find("rows") : nullptr, *rows = v.find("rows");
    if (rows && rows_then && !(*rows == *rows_then))
      found.push_back("the " + key + " rows: " + to_json(*rows_then, -1) + " then, " + to_json(*rows, -1) + " now");
    else found.push_back(rows ? "the content of the " + key + " rows" : "the " + key + " of the data");
  }
  if (header.isa != name_of(plan.isa()))
    found.push_back("the instruction set: " + header.isa + " then, " + name_of(plan.isa()) + " now");
  if (header.version != version()) found.push_back("the version of tend: " + header.version + " then, " + version() + " now");
  return found;
}

TrainingState state_of_checkpoint(std::span<const std::byte> bytes, const std::string& name,
                                  const std::shared_ptr<const Plan>& like) {
  const Opened opened(bytes, name);
  const Reader reader(opened, name, like);
  TrainingState state = reader.state(opened.description);
  if (const Value* watcher = opened.description.find("watcher"))
    state.watcher = std::make_shared<const WatcherMemory>(reader.memory(*watcher));
  return state;
}

}  // namespace tend

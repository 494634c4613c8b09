#include "tend/train/model.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>

#include "tend/base/write_whole.h"
#include "tend/experiment/shelves.h"
#include "tend/network/safetensors.h"
#include "tend/train/model_parts.h"

namespace tend {

namespace {

constexpr std::int64_t format = 1, most_members = 1 << 16;

Value strings(const std::vector<std::string>& all) {
  Value list = Value::array();
  for (const std::string& s : all) list.push_back(s);
  return list;
}

Value numbers(const std::vector<double>& all) {
  Value list = Value::array();
  for (double v : all) list.push_back(v);
  return list;
}

/// Reads the model's table. A missing value and a value of another kind raise the same error.
class Description {
 public:
  Description(const Value& table, std::string name) : table_(table), name_(std::move(name)) {}
  const Value& at(std::string_view key) const {
    const Value* v = table_.find(key);
    if (!v) refuse(key);
    return *v;
  }
  bool has(std::string_view key) const { return table_.find(key) != nullptr; }
  std::int64_t integer(std::string_view key) const { return at(key).is_integer() ? at(key).integer() : refuse(key); }
  double number(std::string_view key) const { return at(key).is_number() ? at(key).number() : static_cast<double>(refuse(key)); }
  std::string string(std::string_view key) const { return at(key).is_string() ? at(key).string() : (refuse(key), ""); }
  std::vector<std::string> strings(std::string_view key) const {
    std::vector<std::string> all;
    for (const Value& v : items(key)) all.push_back(v.is_string() ? v.string() : (refuse(key), ""));
    return all;
  }
  std::vector<double> numbers(std::string_view key) const {
    std::vector<double> all;
    for (const Value& v : items(key)) all.push_back(v.is_number() ? v.number() : static_cast<double>(refuse(key)));
    return all;
  }
  Shape shape(std::string_view key) const {
    std::vector<std::int64_t> sizes;
    for (const Value& v : items(key))
      sizes.push_back(v.is_integer() && v.integer() >= 0 && v.integer() < (1 << 30) ? v.integer() : refuse(key));
    return Shape(sizes);
  }
  const Value::Array& items(std::string_view key) const {
    if (!at(key).is_array()) refuse(key);
    return at(key).array_items();
  }
  [[noreturn]] std::int64_t refuse(std::string_view key) const {
    throw Error(Trouble::data, name_, "a model whose \"" + std::string(key) + "\" is missing or damaged",
                "a model that tend saved");
  }

 private:
  const Value& table_;
  std::string name_;
};

Value describe_like(const Dataset& like) {
  Value v = Value::table();
  v["task"] = name_of(like.task);
  v["classes"] = strings(like.classes);
  v["class_values"] = numbers(like.class_values);
  v["target_names"] = strings(like.target_names);
  v["columns"] = columns_to_value(like.columns);
  if (like.largest_sample != 255) v["largest_sample"] = like.largest_sample;
  v["row_shape"] = Value::array();
  for (int i = 1; i < like.x.shape().rank(); ++i) v["row_shape"].push_back(like.x.shape()[i]);
  return v;
}

Dataset read_like(const Description& d, const std::string& name) {
  Dataset like;
  bool is_known = false;
  for (Task t : {Task::classification, Task::regression, Task::multilabel})
    if (d.string("task") == name_of(t)) like.task = t, is_known = true;
  if (!is_known) d.refuse("task");
  like.classes = d.strings("classes");
  like.class_values = d.numbers("class_values");
  like.target_names = d.strings("target_names");
  like.columns = columns_of_value(d.at("columns"), name + ", columns");
  if (d.has("largest_sample"))
    like.largest_sample = d.integer("largest_sample") == 65535 ? 65535 : static_cast<int>(d.refuse("largest_sample"));
  std::vector<std::int64_t> sizes = d.shape("row_shape").sizes();
  if (sizes.empty() || std::find(sizes.begin(), sizes.end(), 0) != sizes.end()) d.refuse("row_shape");
  sizes.insert(sizes.begin(), 0);
  like.x = Array(Shape(sizes), ElementType::float64);
  return like;
}

Value describe_coding(const TargetCoding& c) {
  Value v = Value::table();
  v["outputs"] = c.outputs;
  v["width"] = c.width;
  if (c.places != 1) v["places"] = c.places;
  v["takes_codes"] = c.takes_codes;
  v["decides_at"] = c.decides_at;
  v["kind"] = c.kind;
  if (c.temperature != 1) v["temperature"] = c.temperature;
  v["shift"] = numbers(c.shift);
  v["scale"] = numbers(c.scale);
  return v;
}

TargetCoding read_coding(const Description& d, const Dataset& like) {
  TargetCoding c;
  c.task = like.task;
  c.classes = static_cast<std::int64_t>(like.classes.size());
  c.outputs = d.integer("outputs");
  c.width = d.integer("width");
  if (d.has("places")) c.places = d.integer("places");
  if (!d.at("takes_codes").is_bool()) d.refuse("takes_codes");
  c.takes_codes = d.at("takes_codes").boolean();
  c.decides_at = d.number("decides_at");
  c.kind = d.string("kind");
  if (d.has("temperature")) c.temperature = d.number("temperature");
  c.shift = d.numbers("shift");
  c.scale = d.numbers("scale");
  const auto scales = static_cast<std::int64_t>(c.shift.size());
  if (c.outputs < 1 || c.width < 1 || c.places < 1 || c.places > (1 << 30) || c.shift.size() != c.scale.size() ||
      (scales && scales != c.outputs) || !(c.temperature > 0) || !std::isfinite(c.temperature))
    d.refuse("targets");
  return c;
}

Value describe_groups(const std::vector<MemberLayers>& groups) {
  Value all = Value::array();
  for (const MemberLayers& group : groups) {
    Value v = Value::table();
    v["layers"] = group.layers;
    v["members"] = group.members;
    all.push_back(std::move(v));
  }
  return all;
}

/// The layers of a pack's members; of all of them without "groups".
std::vector<MemberLayers> read_groups(const Description& d, const std::string& name) {
  const std::int64_t members = d.has("pack") ? d.integer("pack") : 1;
  if (members < 1 || members > most_members) d.refuse("pack");
  if (!d.has("groups")) return {{.layers = d.at("layers"), .members = static_cast<int>(members)}};
  std::vector<MemberLayers> groups;
  std::int64_t left = members;
  for (const Value& v : d.items("groups")) {
    if (!v.is_table()) d.refuse("groups");
    const Description group(v, name);
    const std::int64_t of_group = group.integer("members");
    if (of_group < 1 || of_group > left) d.refuse("groups");
    groups.push_back({.layers = group.at("layers"), .members = static_cast<int>(of_group)});
    left -= of_group;
  }
  if (left != 0) d.refuse("groups");
  return groups;
}

/// The size of the file limits memory: a description with more weights than the file has bytes is refused before any allocation.
void refuse_oversized(const Network& network, std::size_t bytes, const std::string& name) {
  const std::int64_t weights = network.parameter_count();
  if (weights < 0 || weights > static_cast<std::int64_t>(bytes / sizeof(float)))
    throw Error(Trouble::data, name,
                "a network of " + std::to_string(weights) + " weights in a file of " + std::to_string(bytes) + " bytes",
                "a model that tend saved");
}

}  // namespace

Model::Inside::Inside(const Network& network, Value name, std::shared_ptr<const LossEntry> loss, const TargetCoding& coding,
                      Pipeline p, Dataset l)
    : loss_value(std::move(name)),
      pipeline(std::move(p)),
      like(std::move(l)),
      programs(ProgramParts{.network = std::make_shared<const Network>(network),
                            .loss = std::move(loss),
                            .coding = coding,
                            .backend = &fast_backend(),
                            .optimizer = {}}),
      state(programs.layout().directory),
      inference(programs) {
  share_evenly(programs.layout(), state);
}

std::vector<std::byte> Model::to_bytes() const {
  Value v = Value::table();
  v["format"] = format;
  v["layers"] = inside_->network().layers_value();
  if (inside_->network().members() > 1) v["pack"] = inside_->network().members();
  if (const std::vector<MemberLayers> groups = inside_->network().pack(); groups.size() > 1)
    v["groups"] = describe_groups(groups);
  v["input"] = Value::array();
  for (std::int64_t n : inside_->network().input_shape().sizes()) v["input"].push_back(n);
  v["loss"] = inside_->loss_value;
  v["targets"] = describe_coding(inside_->coding());
  v["pipeline"] = inside_->pipeline.to_value();
  v["data"] = describe_like(inside_->like);
  TensorFile file;
  file.metadata["tend"] = to_json(v, -1);
  for (const Place& place : inside_->state.directory().places()) {
    if (place.kind == PlaceKind::counter) continue;
    Array array(place.shape, place.type);
    std::memcpy(array.data(), inside_->state.data() + place.offset_bytes, static_cast<std::size_t>(place.bytes()));
    file.tensors.emplace_back(place.name, std::move(array));
  }
  return write_safetensors(file);
}

void Model::save(const std::string& path) const {
  const std::vector<std::byte> bytes = to_bytes();
  write_whole(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

Model Model::load(const std::string& path, const Shelves* shelves) {
  const std::optional<std::string> text = read_whole(path);
  if (!text) throw Error(Trouble::missing, path, "no such file", "a model that tend saved (model.safetensors)");
  return load(std::as_bytes(std::span(*text)), path, shelves);
}

Model Model::load(std::span<const std::byte> bytes, const std::string& name, const Shelves* given) {
  const TensorFile file = read_safetensors(bytes, name);
  const auto metadata = file.metadata.find("tend");
  if (metadata == file.metadata.end())
    throw Error(Trouble::data, name, "tensors without tend's description", "a model that tend saved",
                "weights of other programs cannot be run as they are");
  const Value table = parse_json(metadata->second, name);
  const Description d(table, name);
  if (d.integer("format") != format)
    throw Error(Trouble::data, name, "format " + std::to_string(d.integer("format")), "format 1",
                "use the version of tend that wrote it");
  Dataset like = read_like(Description(d.at("data"), name), name);
  TargetCoding coding = read_coding(Description(d.at("targets"), name), like);
  std::shared_ptr<Inside> made;
  try {
    const Shelves& shelves = given ? *given : builtin_shelves();
    const Network network(read_groups(d, name), d.shape("input"), {}, shelves);
    refuse_oversized(network, bytes.size(), name);
    made = std::make_shared<Inside>(network, d.at("loss"), shelves.losses.make(d.at("loss"), "loss.name"), coding,
                                    Pipeline::from_value(d.at("pipeline"), name), std::move(like));
  } catch (const Error& e) {
    if (e.trouble == Trouble::data) throw;
    throw Error(Trouble::data, name, e.what(), "a model that this version can run");
  }
  if (made->network().output_shape().count() != made->coding().row_outputs() ||
      made->pipeline.row_shape() != made->network().input_shape())
    d.refuse("layers");
  for (const Place& place : made->state.directory().places()) {
    if (place.kind == PlaceKind::counter) continue;
    const Array* array = file.find(place.name);
    if (!array || array->shape() != place.shape || array->type() != place.type)
      throw Error(
          Trouble::data, name,
          array ? "the tensor \"" + place.name + "\" of shape " + array->shape().text() : "no tensor \"" + place.name + "\"",
          "the shape " + place.shape.text());
    std::memcpy(made->state.data() + place.offset_bytes, array->data(), static_cast<std::size_t>(place.bytes()));
  }
  return Model(std::move(made));
}

Prediction Model::predict(const Dataset& rows) const {
  const Part part = inside_->pipeline.apply(rows);
  const TargetCoding& coding = inside_->coding();
  const auto executor = make_pool(part.rows() > 4 * Inference::rows_at_once ? usual_threads() : 1);
  Prediction p;
  p.rows = part.rows();
  const std::int64_t answer = coding.answer_width();
  p.width = answer * coding.places;
  p.outputs.resize(static_cast<std::size_t>(p.rows * p.width));
  const bool multilabel = coding.task == Task::multilabel;
  inside_->inference.each_row(inside_->state.data(), part, nullptr, nullptr, *executor,
                              [&](std::int64_t r, const float* o, double) {
                                for (std::int64_t t = 0; t < coding.places; ++t) {
                                  coding.answer(o + t * coding.outputs, p.outputs.data() + r * p.width + t * answer);
                                  if (coding.task == Task::classification)
                                    p.classes.push_back(coding.decide(o + t * coding.outputs));
                                }
                                for (std::int64_t t = 0; multilabel && t < coding.outputs; ++t)
                                  p.classes.push_back(o[t] > coding.decides_at);
                              });
  return p;
}

std::vector<std::pair<std::string, double>> Model::evaluate(const Dataset& rows, Confusion* confusion,
                                                            const WantedMetrics& wanted) const {
  if (rows.y.empty())
    throw Error(Trouble::usage, "evaluate", "rows without a target", "rows with their targets", "predict needs none");
  const Part part = inside_->pipeline.apply(rows);
  const auto executor = make_pool(part.rows() > 4 * Inference::rows_at_once ? usual_threads() : 1);
  return inside_->inference.metrics(inside_->state.data(), part, inside_->coding().encode(part.y), nullptr, *executor, confusion,
                                    wanted);
}

void Model::predict(std::span<const float> rows, std::span<float> out) const {
  const std::int64_t size = row_size(), n = static_cast<std::int64_t>(rows.size()) / size;
  if (static_cast<std::int64_t>(rows.size()) != n * size || static_cast<std::int64_t>(out.size()) != n * width())
    throw Error(Trouble::usage, "Model::predict",
                std::to_string(rows.size()) + " values in, room for " + std::to_string(out.size()) + " out",
                "rows of " + std::to_string(size) + " values, and " + std::to_string(width()) + " out for each");
  std::vector<std::int64_t> sizes = inside_->like.x.shape().sizes();
  sizes[0] = n;
  Dataset data;
  data.task = inside_->like.task;
  data.classes = inside_->like.classes;
  data.columns = inside_->like.columns;
  data.x = Array(Shape(sizes), ElementType::float64);
  for (std::size_t i = 0; i < rows.size(); ++i) data.x.as<double>()[i] = static_cast<double>(rows[i]);
  const Prediction p = predict(data);
  for (std::size_t i = 0; i < p.outputs.size(); ++i) out[i] = static_cast<float>(p.outputs[i]);
}

const Dataset& Model::like() const { return inside_->like; }
std::int64_t Model::width() const { return inside_->coding().answer_width() * inside_->coding().places; }
std::int64_t Model::row_size() const {
  std::int64_t n = 1;
  for (int i = 1; i < inside_->like.x.shape().rank(); ++i) n *= inside_->like.x.shape()[i];
  return n;
}

}  // namespace tend

#include "tend/record/checkpoints.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <functional>

#include "tend/base/digest.h"
#include "tend/base/text.h"
#include "tend/base/write_whole.h"
#include "tend/network/safetensors.h"
#include "tend/train/checkpoint.h"
#include "tend/train/run.h"

namespace tend {

namespace {

namespace fs = std::filesystem;

constexpr const char* state_name = "state.safetensors";
constexpr std::size_t fewest_kept = 2;

std::string folder_of_step(const std::string& run, std::int64_t step) {
  char name[40];
  std::snprintf(name, sizeof name, "/checkpoints/step-%012lld", static_cast<long long>(step));
  return run + name;
}

std::string manifest_of(std::span<const std::byte> bytes, std::int64_t step) {
  Value v = Value::table();
  v["format"] = 1;
  v["step"] = step;
  v["bytes"] = static_cast<std::int64_t>(bytes.size());
  v["sha256"] = sha256(bytes);
  v["crc32c"] = Value::table();
  for (const TensorPlace& tensor : list_safetensors(bytes, state_name))
    v["crc32c"][tensor.name] = static_cast<std::int64_t>(crc32c(tensor.bytes));
  return to_json(v) + "\n";
}

std::string content_of(const std::string& path) {
  std::optional<std::string> bytes = read_whole(path);
  if (!bytes) throw Error(Trouble::data, path, "no such file", "a checkpoint that tend saved");
  return *std::move(bytes);
}

/// The first tensor whose bytes are not those of the manifest, for the message.
std::string damaged_tensor(std::span<const std::byte> bytes, const Value& manifest) {
  try {
    const Value* sums = manifest.find("crc32c");
    for (const TensorPlace& tensor : list_safetensors(bytes, state_name))
      if (const Value* sum = sums ? sums->find(tensor.name) : nullptr;
          !sum || !sum->is_integer() || sum->integer() != static_cast<std::int64_t>(crc32c(tensor.bytes)))
        return "the tensor \"" + tensor.name + "\" is damaged";
  } catch (const Error&) {
  }
  return "its bytes are not those that its manifest has the SHA-256 of";
}

}  // namespace

std::vector<SavedCheckpoint> list_checkpoints(const std::string& run) {
  std::vector<SavedCheckpoint> all;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(run + "/checkpoints", error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("step-") || name.size() > 24 || name.size() < 6 ||
        !std::all_of(name.begin() + 5, name.end(), [](char c) { return is_digit(c); }))
      continue;
    all.push_back({.path = entry.path().string(), .step = std::stoll(name.substr(5))});
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.step > b.step; });
  return all;
}

std::vector<std::byte> read_checkpoint(const std::string& path) {
  const std::string text = content_of(path + "/manifest.json"), state = content_of(path + "/" + state_name);
  const std::span<const std::byte> bytes = std::as_bytes(std::span(state));
  Value manifest;
  try {
    manifest = parse_json(text, path + "/manifest.json");
  } catch (const Error& e) {
    throw Error(Trouble::data, path, "a manifest that is damaged: " + e.got, "a checkpoint that tend saved");
  }
  const Value* sum = manifest.find("sha256");
  if (!sum || !sum->is_string() || sum->string() != sha256(bytes))
    throw Error(Trouble::data, path, damaged_tensor(bytes, manifest), "a checkpoint that tend saved");
  return {bytes.begin(), bytes.end()};
}

SavedCheckpoint save_checkpoint(const std::string& run, const TrainingState& state) {
  const std::int64_t step = Plan::counters(state.now->state).step;
  const std::string path = folder_of_step(run, step), folder = run + "/checkpoints";
  const std::vector<std::byte> bytes = checkpoint_bytes(state);
  const std::string manifest = manifest_of(bytes, step);
  std::error_code error;
  if (fs::create_directories(folder, error); error)
    throw Error(Trouble::write, folder, error.message(), "a folder that can be written");
  if (fs::exists(path)) {
    try {
      if (same_state(read_checkpoint(path), bytes, path)) return {path, step};
    } catch (const Error&) {
    }
    remove_folder_whole(path);  // of this step, but damaged, or of another moment between the same steps
  }
  const std::string_view content(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  write_folder_whole(path, {{.name = state_name, .bytes = content}, {.name = "manifest.json", .bytes = manifest}});
  if (!has_bytes(path + "/" + state_name, content) || !has_bytes(path + "/manifest.json", manifest))
    throw Error(Trouble::write, path, "it was written, but other bytes are read back", "a disk that keeps what is written");
  const std::vector<SavedCheckpoint> all = list_checkpoints(run);
  for (std::size_t i = fewest_kept; i < all.size(); ++i) remove_folder_whole(all[i].path);
  return {path, step};
}

SavedCheckpoint save_checkpoint_gone_back(const std::string& run, const TrainingState& state) {
  const std::int64_t step = Plan::counters(state.now->state).step;
  const auto is_later = [&](const SavedCheckpoint& c) { return c.step > step; };
  std::vector<SavedCheckpoint> later = list_checkpoints(run);
  std::erase_if(later, std::not_fn(is_later));
  while (later.size() >= fewest_kept) {  // otherwise the saved one would be the oldest beyond those kept
    remove_folder_whole(later.back().path);
    later.pop_back();
  }
  SavedCheckpoint saved = save_checkpoint(run, state);
  for (const SavedCheckpoint& c : later) remove_folder_whole(c.path);
  return saved;
}

FoundCheckpoint find_checkpoint(const std::string& run) {
  FoundCheckpoint found;
  for (const SavedCheckpoint& saved : list_checkpoints(run)) {
    try {
      found.bytes = read_checkpoint(saved.path);
      checkpoint_header(found.bytes, saved.path);
      found.saved = saved;
      return found;
    } catch (const Error& e) {
      found.damaged.push_back(saved.path + ": " + e.got);
    }
  }
  if (found.damaged.empty())
    throw Error(Trouble::missing, run, "a run without a checkpoint", "a run that was saved at least once",
                "train it again: tend train " + run + "/experiment.toml");
  throw Error(Trouble::data, run, "only damaged checkpoints: " + listed(found.damaged, "; "), "a whole one",
              "train it again: tend train " + run + "/experiment.toml");
}

}  // namespace tend

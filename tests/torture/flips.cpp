// Flips bits of the files of a run and cuts them off: torture_flips RUN COUNT SEED. A damaged checkpoint is refused; every other
// file is refused with an Error or read, and never ends the program. Prints how many cases were as they must be, and how many
// were refused.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "tend/base/error.h"
#include "tend/record/checkpoints.h"
#include "tend/record/record.h"
#include "tend/record/run_list.h"
#include "tend/train/checkpoint.h"
#include "tend/train/model.h"

namespace {

namespace fs = std::filesystem;

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Reads what was damaged. Returns false if damage of a checkpoint went unnoticed. Throws Error if it is refused.
bool read(const std::string& run, const std::string& file, const std::string& checkpoint, const std::vector<std::byte>& whole) {
  if (file.starts_with("checkpoints/")) {
    const std::vector<std::byte> bytes = tend::read_checkpoint(checkpoint);
    tend::checkpoint_header(bytes, checkpoint);
    return bytes == whole;
  }
  if (file == "model.safetensors") {
    tend::Model::load(run + "/" + file);
  } else if (file == "record.db") {
    const tend::Record record(run + "/" + file, tend::Record::Mode::read);
    if (!record.troubles().empty()) throw tend::Error(tend::Trouble::data, run, "a damaged record");
    for (const std::string& name : record.series_names()) record.series(name, 100);
    record.epochs(), record.notes(), record.files(), record.about("configuration");
  } else if (tend::read_run(run, "r").state == "damaged") {
    throw tend::Error(tend::Trouble::data, run, "a damaged summary");
  }
  return true;
}

}  // namespace

int main(int count, char** words) {
  if (count != 4) return 2;
  const std::string run = words[1];
  const std::vector<tend::SavedCheckpoint> saved = tend::list_checkpoints(run);
  if (saved.empty()) return 2;
  const std::string checkpoint = saved[0].path, folder = "checkpoints/" + fs::path(checkpoint).filename().string();
  const std::vector<std::byte> whole = tend::read_checkpoint(checkpoint);
  const std::vector<std::string> files{folder + "/state.safetensors",
                                       folder + "/manifest.json",
                                       "model.safetensors",
                                       "record.db",
                                       "summary.json",
                                       "experiment.toml"};
  std::mt19937_64 random(static_cast<std::uint64_t>(std::atoll(words[3])));
  long good = 0, refused = 0;
  const long cases = std::atol(words[2]);
  for (long i = 0; i < cases; ++i) {
    const std::string& file = files[static_cast<std::size_t>(i) % files.size()];
    const std::string before = content(run + "/" + file);
    std::string damaged = before;
    const std::size_t at = random() % before.size();
    if (random() % 4 == 0) damaged.resize(at);
    else damaged[at] = static_cast<char>(damaged[at] ^ (1 << random() % 8));
    std::ofstream(run + "/" + file, std::ios::binary) << damaged;
    try {
      if (read(run, file, checkpoint, whole)) ++good;
      else std::printf("%s: damage at byte %zu went unnoticed\n", file.c_str(), at);
    } catch (const tend::Error&) {
      ++good, ++refused;
    } catch (const std::exception& e) {
      std::printf("%s: damage at byte %zu: %s\n", file.c_str(), at, e.what());
    }
    std::ofstream(run + "/" + file, std::ios::binary) << before;
  }
  std::printf("%ld %ld\n", good, refused);
  return good == cases ? 0 : 1;
}

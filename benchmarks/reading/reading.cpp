// Reads a source once and prints JSON: reading SOURCE [TARGET].
#include <chrono>
#include <cstdio>
#include <string>

#include <sys/resource.h>

#include "tend/data/settings.h"

int main(int count, char** arguments) {
  tend::DataSettings settings;
  if (count > 2) settings.target = std::string(arguments[2]);
  const auto start = std::chrono::steady_clock::now();
  const tend::Dataset data = tend::read_dataset(std::string(arguments[1]), settings, {.folder = "", .registered = {}});
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  std::printf(
      "{\"seconds\": %.6f, \"cpu_seconds\": %.6f, \"peak_mib\": %.1f, \"rows\": %lld, \"table_mib\": %.1f}\n", seconds,
      static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
          1e-6 * static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec),
      static_cast<double>(used.ru_maxrss) / 1024, static_cast<long long>(data.rows()),
      static_cast<double>((data.x.shape().count()) * tend::size_of(data.x.type()) + data.y.shape().count() * 8) / (1 << 20));
}

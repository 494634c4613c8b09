// Time of predictions of one row: predict_row MODEL [THREADS]. Prints JSON: the median and the 99th percentile in microseconds.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "tend/tend.h"

int main(int count, char** arguments) {
  if (count < 2) return std::fprintf(stderr, "usage: predict_row MODEL [THREADS]\n"), 64;
  const tend::Model model = tend::Model::load(arguments[1]);
  const int threads = count > 2 ? std::atoi(arguments[2]) : 1;
  constexpr int warm_up = 500, repeats = 10000;
  std::vector<std::vector<double>> times(static_cast<std::size_t>(threads));
  std::vector<std::thread> all;
  for (auto& mine : times)
    all.emplace_back([&model, &mine] {
      std::vector<float> row(static_cast<std::size_t>(model.row_size()), 0.5f), out(static_cast<std::size_t>(model.width()));
      for (int i = 0; i < warm_up + repeats; ++i) {
        const auto began = std::chrono::steady_clock::now();
        model.predict(row, out);
        const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - began;
        if (i >= warm_up) mine.push_back(took.count());
      }
    });
  for (std::thread& one : all) one.join();
  std::vector<double> together;
  for (const auto& mine : times) together.insert(together.end(), mine.begin(), mine.end());
  std::sort(together.begin(), together.end());
  std::printf("{\"median_microseconds\": %.2f, \"p99_microseconds\": %.2f}\n", together[together.size() / 2],
              together[together.size() * 99 / 100]);
}

#include "tend/exam/exam.h"

#include <chrono>
#include <cstdio>

namespace tend {

ExamBackends::ExamBackends() : others{&reference_backend(ElementType::float32)} {
  for (Isa isa : {Isa::portable, Isa::avx2, Isa::avx512})
    if (isa <= best_isa()) others.push_back(&fast_backend(isa));
}

std::vector<ShelfResult> examine_everything() {
  std::vector<ShelfResult> all;
  for (ShelfResult (*examine)() :
       {+[] { return examine_layers(); }, +[] { return examine_activations(); }, +[] { return examine_initializers(); },
        +[] { return examine_losses(); }, +[] { return examine_optimizers(); }, +[] { return examine_schedules(); }}) {
    const auto began = std::chrono::steady_clock::now();
    all.push_back(examine());
    all.back().seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  }
  return all;
}

std::string text_of(const ShelfResult& r) {
  char line[200];
  std::snprintf(line, sizeof line, "%-13s %3d entries  %3d cases  %9lld comparisons", r.shelf.c_str(), r.entries, r.cases,
                static_cast<long long>(r.comparisons));
  std::string text = line;
  if (r.worst_gradient_error > 0) {
    std::snprintf(line, sizeof line, "  worst gradient error %.1e", r.worst_gradient_error);
    text += line;
  }
  text += "\n";
  for (const Fault& f : r.faults) text += "  FAILED " + f.entry + ", " + f.test + ": " + f.message + "\n";
  return text;
}

}  // namespace tend

#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "tend/base/registry.h"
#include "tend/tune/sampler.h"

namespace tend {

/// A sampler behind one interface.
class SamplerEntry {
 public:
  virtual ~SamplerEntry() = default;
  virtual std::string_view name() const = 0;
  virtual std::vector<double> suggest(const Study& study, Random& random) const = 0;
};

template <class S>
class SamplerModel : public SamplerEntry {
 public:
  explicit SamplerModel(S entry, std::string name = std::string(entry_name<S>))
      : entry_(std::move(entry)), name_(std::move(name)) {}
  std::string_view name() const override { return name_; }
  std::vector<double> suggest(const Study& study, Random& random) const override { return entry_.suggest(study, random); }

 private:
  S entry_;
  std::string name_;
};

const Registry<SamplerEntry>& builtin_samplers();

}  // namespace tend

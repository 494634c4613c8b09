#pragma once
#include <string_view>
#include <vector>

#include "tend/base/registry.h"
#include "tend/repair/remedy.h"

namespace tend {

/// A remedy behind one interface.
class RemedyEntry {
 public:
  virtual ~RemedyEntry() = default;
  virtual std::string_view name() const = 0;
  virtual int place() const = 0;
  virtual bool helps_against(std::string_view cause) const = 0;
  virtual std::vector<Changes> propose(const TrialContext& run) const = 0;
};

template <class R>
class RemedyModel : public RemedyEntry {
 public:
  explicit RemedyModel(R entry, std::string name = std::string(entry_name<R>))
      : entry_(std::move(entry)), name_(std::move(name)) {}
  std::string_view name() const override { return name_; }
  int place() const override { return R::place; }
  bool helps_against(std::string_view cause) const override {
    return (" " + std::string(R::causes) + " ").find(" " + std::string(cause) + " ") != std::string::npos;
  }
  std::vector<Changes> propose(const TrialContext& run) const override { return entry_.propose(run); }

 private:
  R entry_;
  std::string name_;
};

const Registry<RemedyEntry>& builtin_remedies();

/// Changes that may help, and where they come from.
struct Proposal {
  std::string remedy;  ///< name on the shelf, or of the check or rule that advises them
  Changes changes;
  bool is_advised = false;  ///< what a check or rule says of itself
};
/// The proposals of a shelf against a cause, in their order; those that the experiment cannot take, and those that change
/// nothing, are left out.
std::vector<Proposal> proposals_against(std::string_view cause, const TrialContext& run,
                                        const Registry<RemedyEntry>& remedies = builtin_remedies());

}  // namespace tend

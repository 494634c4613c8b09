#pragma once
#include <memory>
#include <optional>
#include <string>

#include "tend/base/random.h"
#include "tend/base/registry.h"
#include "tend/prepare/frame.h"

namespace tend {

/// The parts while steps are fitted.
struct Work {
  Frame train, validation, test;
  std::int64_t classes = 0;  ///< 0 unless classification
  std::uint64_t seed = 0;    ///< seed of the experiment
  DataNotes* notes = nullptr;
};

/// The requirements for a file on the shelf prepare/steps: its settings, and one of four kinds of work.
///   steps that change rows:  void fit(const Frame& train);   learns from the training rows
///                            void apply(Frame& rows) const;  changes each row independently of the other rows
///                            Value learnt() const; void restore(const Value& learnt, const std::string& where);  if fit
///                            learns
///   steps that learn from targets: the same, but
///                            void fit(Work& work);  changes work.train itself, so that no row's own target enters its inputs
///                            S for_new_rows() const;  knows none of the training rows
///   steps that augment:      void check(const Shape& row) const;  throws if the prepared row is unsuitable
///                            void augment(float* image, const Shape& row, Random& random) const;
///   steps that spoil:        void spoil(Work& work) const;   act only while fitting, are not kept
/// `static constexpr bool takes_categories = true`, `scales`, `adds_columns` and `bounds` say what the functions of Step with
/// these names return. Wrong use (a random crop of a table) throws Error; the pipeline adds the place in the experiment file.
template <class S>
concept ChangesRows = requires(S s, const Frame& train, Frame& rows) {
  s.fit(train);
  std::as_const(s).apply(rows);
};
template <class S>
concept LearnsFromTargets = requires(S s, Work& work, Frame& rows) {
  s.fit(work);
  std::as_const(s).apply(rows);
  { std::as_const(s).for_new_rows() } -> std::same_as<S>;
};
template <class S>
concept Augments = requires(const S s, float* image, const Shape& row, Random& random) {
  s.check(row);
  s.augment(image, row, random);
};
template <class S>
concept Spoils = requires(const S s, Work& work) {
  s.spoil(work);
};
template <class S>
concept PrepareStep = HasFieldTuple<S> &&(ChangesRows<S> + LearnsFromTargets<S> + Augments<S> + Spoils<S> == 1);
template <class S>
concept Learns = requires(S s, const Value& v, const std::string& where) {
  { std::as_const(s).learnt() } -> std::same_as<Value>;
  s.restore(v, where);
};

/// The interface of a step for pipelines. A step is immutable; fitting makes a new one.
class Step {
 public:
  virtual ~Step() = default;
  /// Learns from work.train and changes all parts. Returns nullptr if nothing is kept.
  virtual std::shared_ptr<const Step> fit(Work& work) const = 0;
  virtual void apply(Frame& rows) const = 0;
  virtual std::shared_ptr<const Step> for_new_rows() const = 0;  ///< Pipeline::for_new_rows; nullptr: the step itself
  virtual bool augments() const = 0;
  virtual void check(const Shape& row) const = 0;
  virtual void augment(float* image, const Shape& row, Random& random) const = 0;
  virtual bool takes_categories() const = 0;  ///< turns codes of categories into columns
  virtual bool scales() const = 0;            ///< leaves numbers about as large as 1 (S::scales)
  virtual bool adds_columns() const = 0;      ///< and leaves the others as they are (S::adds_columns)
  virtual bool bounds() const = 0;            ///< so that values far from all others do not stay far (S::bounds)
  virtual std::string_view kind() const = 0;
  virtual Value to_value() const = 0;  ///< {kind = ..., settings ..., learnt}
  virtual std::shared_ptr<const Step> restored(const Value& learnt, const std::string& where) const = 0;
};

const Registry<Step>& builtin_steps();
/// The value of prepare.steps with one step more, which comes before those that augment rows.
Value with_row_step(const Value& steps, Value step);

/// Converts numbers for saving: numbers that are not finite become words, because JSON cannot hold them.
Value numbers_to_value(const std::vector<double>& numbers);
std::vector<double> numbers_of_value(const Value& v, const std::string& where);
/// The two tables of numbers by column or channel that most steps learn.
struct ShiftAndFactor {
  std::vector<double> shift, factor;
  Value to_value() const;
  void read(const Value& v, const std::string& where);
};

}  // namespace tend

#pragma once
#include <array>
#include <concepts>
#include <cstdint>
#include <string_view>

#include "tend/base/field.h"
#include "tend/kernels/functions.h"

namespace tend {

/// The contract of a file on the shelf update/optimizers: an update rule for one element. T is as in network/activation.h.
/// The kernels apply weight decay, clipping and schedules around it (kernels/functions.h, SweepChunk).
///   struct Momentum { double learning_rate = 0.01, momentum = 0.9; fields;
///     static constexpr std::array<std::string_view, 1> slots = {"velocity"};      // at most 4
///     static constexpr bool decoupled_decay = false;                              // true: as in adamw
///     static constexpr double default_weight_decay = 0;                           // if the file sets none
///     static constexpr std::array<double, 3> three_steps = {...};                 // weights after the exam (three_step_gradients)
///     double initial(int slot) const { return 0; }
///     std::array<double, n> constants(double rate, std::int64_t step) const;      // n <= 16, step counts from 1
///     template <class T> static void element(T& w, T g, T* s, const T* c); };     // s: the slots, c: the constants as T
/// The functions that kernels call are static. Settings reach them only through the constants, which every step receives
/// (StepInputs::optimizer), so that entries with different settings share a Program.
/// A step that depends on more than one element (kernels/functions.h, SweepFunctions) has at least 3 slots, the third of which is
/// the direction, and instead of element():
///     template <class T> static void direction(T w, T g, T* s, const T* c);       // writes s; c[14]: 1 for a matrix, c[15]: decay
///     static double factor(const TensorFacts& facts);
/// and, if the direction must be processed as a whole before the second pass (defined in a .cpp beside the header, with
/// update/emit_function.h):
///     static void emit_between(const Backend&, Emitter&, const std::vector<SweepSegment>&, const std::vector<Slot>& slots);
/// Optional: `static constexpr int compared_steps = 1` (the exam compares instruction sets after this number of steps; 3).
/// `static constexpr bool grows_with_gradient = true` (a gradient twice as large makes the step twice as large: sgd; others
/// divide by its size), `static constexpr bool for_full_batches = true` (each step uses all training rows, so few steps suffice:
/// lbfgs).
template <class O>
concept Directed = requires(const double* w, double* s, const TensorFacts& facts) {
  { O::factor(facts) } -> std::same_as<double>;
  O::direction(*w, 0.0, s, s);
};

template <class O>
concept Optimizer = HasFieldTuple<O> &&(Directed<O> || requires(double& w, double* s) { O::element(w, 0.0, s, s); }) &&
                    requires(const O o) {
  { o.learning_rate } -> std::convertible_to<double>;
  { o.initial(0) } -> std::same_as<double>;
  o.constants(0.1, std::int64_t{1}).size();
  { O::decoupled_decay } -> std::convertible_to<bool>;
  { O::default_weight_decay } -> std::convertible_to<double>;
  O::slots.size();
  { O::three_steps[0] } -> std::convertible_to<double>;
};

/// The exam of an update rule: from weights 1, -2, 0.5, three steps of these gradients with the entry's defaults and without
/// decay must lead to O::three_steps, which come from the paper or from an independent implementation.
inline constexpr double three_step_weights[3] = {1, -2, 0.5};
inline constexpr double three_step_gradients[3][3] = {{0.5, -1, 0}, {0.25, 3, 1e-4}, {-0.125, 0.5, -2}};

}  // namespace tend

#pragma once
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "tend/network/arena_plan.h"
#include "tend/network/compile.h"

namespace tend {

/// Builds one Program: collects the calls that layers emit, decides which operations are fused, and plans the arena at the end.
class Compiler : public Emitter {
 public:
  Compiler(const Network& network, const StateLayout& state, const CompileOptions& options)
      : network_(network),
        state_(state),
        options_(options),
        element_(size_of(options.backend->element_type())),
        groups_(network.groups()) {
    TEND_EXPECTS(options.backend->element_type() == state.type);
    const auto inputs = static_cast<std::int64_t>(network.step_inputs().size());
    program_.step_bytes_ = layer_input_slot(inputs).offset + static_cast<std::int64_t>(state.groups.size() * sizeof(GroupInputs));
    const std::int64_t swept = options.sweep ? static_cast<std::int64_t>(state.segments.size()) : 0;
    program_.signal_count_ = signal_place::first_parameter + signal_place::per_parameter * swept;
  }

  Program compile();

  Slot temporary(std::int64_t bytes) override { return {Buffer::arena, plan_.add(bytes)}; }
  void call(std::unique_ptr<Kernel> kernel, std::vector<Slot> operands, Slot gate) override {
    if (is_collecting_) return collected_.back().push_back({std::move(kernel), std::move(operands), gate});
    program_.calls_.push_back({.kernel = std::move(kernel), .operands = std::move(operands), .gate = gate, .of = of_});
  }

 private:
  /// Emits for each group of members what it emits for one, and joins the calls of the groups.
  template <class F>
  void for_groups(F emit) {
    if (groups_.size() == 1) return select(0), emit();
    std::vector<Call> before = std::move(program_.calls_);
    std::vector<std::vector<Call>> calls;
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      program_.calls_.clear();
      select(g);
      emit();
      calls.push_back(std::move(program_.calls_));
    }
    program_.calls_ = std::move(before);
    join_groups(calls);
  }
  void select(std::size_t group);
  void join_groups(std::vector<std::vector<Call>>& calls);
  bool is_several() const { return groups_.size() > 1; }
  void lay_out_batch();
  void count_consumers();
  void reserve_outputs();
  void emit_forward();
  void emit_forward(std::size_t i);
  void emit_join();
  void emit_loss();
  void emit_backward();
  void emit_backward(std::size_t i);
  void emit_penalties();
  void emit_limits();
  template <class F>
  void for_each_weight(F emit);
  void gather_gradient(std::size_t i);
  Pass pass_of(std::size_t i, int member);
  /// Emits for each member what it emits for one. The calls of the members become one call, in which their blocks follow one
  /// another: threads share the members among them. Nothing changes where the members share the value.
  template <class F>
  void for_members(bool is_own, F emit) {
    if (!is_own) return emit(0);
    is_collecting_ = true;
    for (int m = 0; m < members_; ++m) {
      collected_.emplace_back();
      emit(m);
    }
    is_collecting_ = false;
    join_calls();
    collected_.clear();
  }
  void join_calls();
  bool is_passed_through(const Node& node) const;
  int fused_activation(std::size_t i) const;
  Epilogue slope_below(std::size_t i, int& activation) const;
  /// Rows of a node's value: those of the batch, for each member if the members differ from here on.
  std::int64_t rows_of(int i) const {
    return i >= 0 && is_own_[static_cast<std::size_t>(i)] ? members_ * options_.rows : options_.rows;
  }
  /// The place among all parameters of parameter k of node i of a member of the group.
  std::size_t place_of_parameter(std::size_t i, std::size_t k, int member) const {
    return parameters_before_ + static_cast<std::size_t>(member) * parameters_of_member_ + first_parameter_[i] + k;
  }
  Slot new_value(std::size_t i) { return temporary(rows_of(static_cast<int>(i)) * nodes_[i].layout.output.count() * element_); }
  /// The part of node i's value or gradient that belongs to a member. i may be -1: the input.
  Slot part_of(Slot slot, int i, int member) const {
    if (slot && i >= 0 && is_own_[static_cast<std::size_t>(i)])
      slot.within += member * options_.rows * nodes_[static_cast<std::size_t>(i)].layout.output.count() * element_;
    return slot;
  }
  PointwiseFunctions functions_of(std::size_t i) const {
    return nodes_[i].activation->functions(options_.backend->element_type(), options_.backend->isa());
  }
  Slot value_of(int i) const { return i < 0 ? Slot{Buffer::batch, 0} : values_[static_cast<std::size_t>(i)]; }
  bool wants_gradient(int i) const {
    return i < 0 ? options_.input_gradient : has_parameters_above_[static_cast<std::size_t>(i)];
  }
  /// Records that the value can be read after the last call so far. A trace does not keep the value alive.
  void trace(std::size_t i, Slot slot, bool is_gradient) {
    if (!options_.fuse && first_member_ == 0)
      program_.traces_.push_back({.call = static_cast<std::ptrdiff_t>(program_.calls_.size()) - 1,
                                  .node = static_cast<int>(i),
                                  .is_gradient = is_gradient,
                                  .slot = slot});
  }
  void finish();

  const Network& network_;
  const StateLayout& state_;
  CompileOptions options_;
  std::int64_t element_;
  std::vector<Network::Group> groups_;
  // Of the present group: its nodes, its members, the first of them among all, and the first of its parameters.
  std::span<const Node> nodes_;
  int members_ = 1, first_member_ = 0;
  std::size_t parameters_of_member_ = 0, parameters_before_ = 0;
  Slot losses_;  // of the members, where each has its own
  /// A call of one member, before those of all members are joined.
  struct MemberCall {
    std::unique_ptr<Kernel> kernel;
    std::vector<Slot> operands;
    Slot gate;
  };
  bool is_collecting_ = false;
  std::vector<std::vector<MemberCall>> collected_;  // by member
  std::vector<char> is_own_;                        // the node has a value for each member
  Program program_;
  ArenaPlan plan_;
  std::string of_;
  std::vector<std::size_t> first_parameter_;
  std::vector<std::int64_t> first_layer_input_;
  std::vector<std::vector<std::size_t>> consumers_;
  std::vector<char> has_parameters_above_;
  std::vector<Slot> values_;    // of each node's output
  std::vector<char> is_fused_;  // the kernel before it computes the activation
  std::vector<std::map<std::string, Slot>> kept_;
  std::vector<std::vector<Slot>> contributions_;  // terms of the gradient of each node's output
  std::vector<Slot> input_contributions_;
  std::vector<char> slope_done_;  // the gradient already contains the activation's slope
  std::vector<Slot> gradients_;
};

}  // namespace tend

#pragma once
#include <cstdint>
#include <vector>

#include "tend/experiment/experiment.h"
#include "tend/network/network.h"

namespace tend {

/// The layers of each member of a pack, drawn from the lists network.pack_widths, pack_depths, pack_activations and pack_dropout:
/// a function of the seed. The first member has network.layers as they are; each other takes one entry of each list, all equally
/// likely. Members of equal layers follow one another, as do the members of one setting that leave out one fold each. A pack of
/// several widths is the random search of Bergstra and Bengio, 2012, with all trials in one run.
/// Changes by list: widths: the outputs of each product before the last one. depths: the number of these products; the first
/// blocks stay (a block is a product and what follows it), and the last one is repeated. activations: all before the last
/// product. dropout: the rates of all layers that drop in training, except those of rate 0. Throws Error{usage} where a list does
/// not fit the layers. Without lists, or with one member: network.layers for all members.
std::vector<MemberLayers> pack_layers(const NetworkSettings& settings, std::uint64_t seed, const Shape& input,
                                      const NetworkShelves& shelves);

}  // namespace tend

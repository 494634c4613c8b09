#pragma once
#include "tend/base/executor.h"
#include "tend/train/metrics.h"
#include "tend/train/plan.h"

namespace tend {

/// Metrics of a linear model beside a network on a table: one dense layer on the same prepared columns, with the same loss, made
/// by a short training of its own (AdamW, learning rate 0.01 with cosine decay, 1 to 100 epochs, about 600,000 rows in
/// total, fewer if they are wide). Inputs and targets of an unusual scale are standardized for it; then there is no "loss", which
/// would be in other units. They tell what the hidden layers are worth. Empty where rows are not single lists of numbers,
/// the network has one layer with parameters, reads codes or joins earlier layers at its end, the part has no rows, or the linear
/// model diverges.
Metrics linear_model_metrics(const Plan& plan, PartName part, Executor& executor);

}  // namespace tend

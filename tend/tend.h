#pragma once

/// Everything that a program needs to train a network and to use it.
#include "tend/base/version.h"
#include "tend/check/preflight.h"
#include "tend/data/dataset.h"
#include "tend/data/settings.h"
#include "tend/experiment/experiment.h"
#include "tend/experiment/infer.h"
#include "tend/train/model.h"
#include "tend/train/training.h"
#include "tend/tune/search.h"
#include "tend/watch/watched_training.h"

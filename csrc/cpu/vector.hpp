// Portable vectors of GCC and Clang. The headers of this folder are the only ones that know how
// lanes are spelt, and the only ones with intrinsics, where a compiler makes poor code of the
// portable form.
#pragma once

#include "vector/blend_bytes.hpp"
#include "vector/blend_bytes_to_floats.hpp"
#include "vector/blend_cubic.hpp"
#include "vector/blend_floats.hpp"
#include "vector/bytes.hpp"
#include "vector/doubles.hpp"
#include "vector/doubts.hpp"
#include "vector/lanes.hpp"
#include "vector/steps.hpp"

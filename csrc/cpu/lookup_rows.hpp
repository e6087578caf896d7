// Rows of bytes through the table of their image.
#pragma once

#include "map.hpp"
#include "vector/lookup.hpp"

FASTAUG_BEGIN

// With `alpha` every fourth byte stays.
inline void look_up_rows(const Batch& in, const Batch& out, Rows rows, const uint8_t* table,
                         bool alpha) {
  map_rows<uint8_t, uint8_t>(in, out, rows, [&](const uint8_t* from, uint8_t* to, int64_t count) {
    if (alpha)
      look_up<true>(table, from, to, count);
    else
      look_up<false>(table, from, to, count);
  });
}

FASTAUG_END

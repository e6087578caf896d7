// Bytes through tables that are there already: what several ops of single values do, one after the
// other, made one.
#include "vector/lookup.hpp"

#include "kernels.hpp"
#include "map.hpp"
#include "table.hpp"

FASTAUG_BEGIN

void lookup(const LookupArgs& args, Rows rows) {
  const uint8_t* table = args.tables + 256 * rows.image;
  const bool alpha = args.keeps_alpha && args.in.c == 4;
  map_rows<uint8_t, uint8_t>(args.in, args.out, rows,
                             [&](const uint8_t* from, uint8_t* to, int64_t count) {
                               if (alpha)
                                 look_up<true>(table, from, to, count);
                               else
                                 look_up<false>(table, from, to, count);
                             });
}

FASTAUG_END

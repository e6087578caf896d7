// Bytes through tables that are there already: what several ops of single values do, one after the
// other, made one.
#include "kernels.hpp"
#include "lookup_rows.hpp"
#include "table.hpp"

FASTAUG_BEGIN

void lookup(const LookupArgs& args, Rows rows) {
  const uint8_t* table = args.tables + 256 * rows.image;
  const bool alpha = args.keeps_alpha && args.in.c == 4;
  look_up_rows(args.in, args.out, rows, table, alpha);
}

FASTAUG_END

// Quarter turns: a half turn is a flip of both axes, an odd one reads a column for every row.
#include "kernels.hpp"
#include "mirror.hpp"
#include "table.hpp"
#include "turn.hpp"

FASTAUG_BEGIN

void rot90(const Rot90Args& args, Rows rows) {
  const int64_t k = args.k[rows.image];
  if (k % 2 != 0) return turn::turn_image(args.in, rows.image, args.out, rows, {k == 3, k == 1});
  mirror_items(args.in, rows.image, args.out, rows, {k == 2, k == 2});
}

FASTAUG_END

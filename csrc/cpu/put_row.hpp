// Rows that were made elsewhere, because they are too short for a register, put in place.
#pragma once

#include "rows.hpp"

FASTAUG_BEGIN

template <class T>
void put_row(const Batch& b, int64_t image, int64_t y, const T* from) {
  char* to = row_address(b, image, y);
  if (rows_are_plain(b))
    std::memcpy(to, from, static_cast<std::size_t>(b.w * b.c) * sizeof(T));
  else
    scatter_row(b, from, to);
}

FASTAUG_END

// A footprint as pieces: all its columns of cells of one height at one place, side by side or not.
// A full rectangle is one piece; an ellipse is one for each height it has.
#pragma once

#include "../ops/morphology.hpp"
#include "scratch.hpp"

FASTAUG_BEGIN

// Cells from the pixel's column + dx on, one next to the other.
struct Span {
  int64_t dx, length;
};

struct Piece {
  int64_t dy, height;
  int64_t first, count;  // spans, the shortest first
};

// Where the cells of a footprint lie from the pixel.
struct Box {
  int64_t top, height, left, width;
};

// What is left of some memory; from nothing, how much is needed.
struct Room {
  char* start;
  int64_t used = 0;
  template <class X>
  X* take(int64_t count) {
    X* p = start == nullptr ? nullptr : reinterpret_cast<X*>(start + used);
    used += (count * static_cast<int64_t>(sizeof(X)) + 63) / 64 * 64;
    return p;
  }
};

constexpr int64_t pairs_cost = 4;  // of finding the winners of two, in taps

class Footprint {
 public:
  Footprint(const MorphologyArgs& args, int64_t image, bool reflected) {
    if (args.sizes == nullptr) {
      find_pieces(args, reflected);
      return;
    }
    const Window y = window_of(args.sizes[2 * image], args.in.h, reflected);
    const Window x = window_of(args.sizes[2 * image + 1], args.in.w, reflected);
    box = {y.start, y.length, x.start, x.length};
    symmetric_ = 2 * y.start == 1 - y.length && 2 * x.start == 1 - x.length;
    whole_ = {box.top, box.height, 0, 1};
    across_ = {box.left, box.width};
    pieces = &whole_;
    spans = &across_;
    count = 1;
  }
  Footprint(const Footprint&) = delete;  // as a rectangle's piece is within

  bool is_rectangle() const { return pieces == &whole_; }

  // Whether its cells have so little in common that they are best looked at one by one.
  bool is_sparse() const { return sparse_; }

  // Whether every window sees a pixel of the image: its own.
  bool sees_itself() const { return closed_; }

  // What lies outside does not matter where it only repeats pixels that the window sees anyway.
  Border border(Border asked) const {
    const bool repeats =
        asked == Border::mirror ? symmetric_ : asked == Border::nearest || asked == Border::reflect;
    return repeats && closed_ ? Border::ignore : asked;
  }

  // How far the winners of two neighbours, or single cells, are from the pixel of the box' first
  // row. Rows are `stride` apart; where pairs are found, those of a row are so much further on.
  void find_taps(const MorphologyArgs& args, bool reflected, int64_t stride, int64_t pairs,
                 int64_t channels, int64_t* offsets) const {
    for (int64_t i = 0; i < args.run_count; ++i) {
      const Run r = reflected ? reflect(args.runs[i]) : args.runs[i];
      const bool paired = in_pairs && r.length > 1;
      for (int64_t x = 0; x < r.length; x += 1 + paired)
        *offsets++ = (r.dy - box.top) * stride + (paired ? pairs : 0) +
                     (r.dx + smaller(x, r.length - 1 - paired)) * channels;
    }
  }

  Box box;
  const Piece* pieces;
  const Span* spans;
  int64_t count;
  int64_t taps = 0;       // if it is sparse: pairs of cells next to each other, or cells
  bool in_pairs = false;  // which are to be found first

 private:
  // What is found out about a footprint, and kept for the images after this one.
  struct Found {
    const Piece* pieces;
    const Span* spans;
    int64_t count;
    const Run* runs;  // a copy: they are found anew for others
    bool closed, symmetric, sparse;
  };

  void find_pieces(const MorphologyArgs& args, bool reflected) {
    int64_t cells = 0;
    for (int64_t i = 0; i < args.run_count; ++i) {
      cells += args.runs[i].length;
      taps += (args.runs[i].length + 1) / 2;
    }
    in_pairs = taps + pairs_cost < cells;
    if (!in_pairs) taps = cells;
    int64_t top = INT64_MAX, bottom = INT64_MIN, left = INT64_MAX, right = INT64_MIN;
    for (int64_t i = 0; i < args.run_count; ++i) {
      const Run r = reflected ? reflect(args.runs[i]) : args.runs[i];
      top = smaller(top, r.dy);
      bottom = larger(bottom, r.dy);
      left = smaller(left, r.dx);
      right = larger(right, r.dx + r.length - 1);
    }
    box = {top, bottom - top + 1, left, right - left + 1};
    const Found& found = *find(args, reflected);
    pieces = found.pieces;
    spans = found.spans;
    count = found.count;
    closed_ = found.closed;
    symmetric_ = found.symmetric;
    sparse_ = found.sparse;
  }

  // Both footprints of an opening are live at the same time.
  const Found* find(const MorphologyArgs& args, bool reflected) {
    const Slot slot = reflected ? Slot::filtered : Slot::grey;
    const int64_t key = args.run_count;
    const std::size_t run_bytes = static_cast<std::size_t>(args.run_count) * sizeof(Run);
    const Kept kept = kept_scratch(slot, sizeof(Found), &key, sizeof key);
    Found* found = static_cast<Found*>(kept.memory);
    if (kept.made && found->runs != nullptr && std::memcmp(found->runs, args.runs, run_bytes) == 0)
      return found;
    found->runs = nullptr;
    const int64_t most_pieces = find_columns(args, reflected);
    Run* runs = nullptr;
    const auto lay_out = [&](Room room) {
      found = room.take<Found>(1);
      runs = room.take<Run>(args.run_count);
      pieces_ = room.take<Piece>(most_pieces);
      spans_ = room.take<Span>(most_pieces);
      return static_cast<std::size_t>(room.used);
    };
    const std::size_t bytes = lay_out(Room{nullptr});
    lay_out(Room{static_cast<char*>(kept_scratch(slot, bytes, &key, sizeof key).memory)});
    split();
    std::memcpy(runs, args.runs, run_bytes);
    *found = {pieces_, spans_, count, runs, closed_, symmetric_, is_better_by_cells()};
    return found;
  }

  void split() {
    int64_t span_count = 0;
    count = 0;
    for (int64_t y = 0; y < box.height; ++y) {
      int32_t* row = heights_ + y * box.width;
      for (int64_t x = 0; x < box.width; ++x)
        if (row[x] != 0) span_count = add_piece(y, row, row[x], x, span_count);
    }
  }

  // By how many registers are read for each that is made, roughly: a tap is one, a piece costs as
  // much as three beside those along the rows, of which long ones come to eight. As measured, they
  // are equally fast where these are.
  bool is_better_by_cells() const {
    int64_t by_pieces = 0;
    for (int64_t i = 0; i < count; ++i) {
      by_pieces += 3;
      const Span* span = spans_ + pieces_[i].first;
      for (int64_t j = 0; j < pieces_[i].count; ++j)
        by_pieces += smaller<int64_t>(span[j].length, 8);
    }
    return taps + (in_pairs ? pairs_cost : 0) <= by_pieces;
  }

  // heights_[y][x]: of the column of cells that starts there, or 0.
  // Gives back how many such columns there are.
  int64_t find_columns(const MorphologyArgs& args, bool reflected) {
    const int64_t cells = box.height * box.width;
    heights_ = static_cast<int32_t*>(
        scratch(Slot::table, static_cast<std::size_t>(cells) * sizeof(int32_t)));
    std::memset(heights_, 0, static_cast<std::size_t>(cells) * sizeof(int32_t));
    for (int64_t i = 0; i < args.run_count; ++i) {
      const Run r = reflected ? reflect(args.runs[i]) : args.runs[i];
      int32_t* row = heights_ + (r.dy - box.top) * box.width + r.dx - box.left;
      for (int64_t x = 0; x < r.length; ++x) row[x] = 1;
    }
    find_symmetry();
    for (int64_t y = box.height - 2; y >= 0; --y)
      for (int64_t at = y * box.width; at < (y + 1) * box.width; ++at)
        if (heights_[at] != 0) heights_[at] += heights_[at + box.width];
    int64_t columns = 0;
    for (int64_t y = box.height - 1; y >= 0; --y)
      for (int64_t at = y * box.width; at < (y + 1) * box.width; ++at) {
        if (y > 0 && heights_[at - box.width] != 0) heights_[at] = 0;
        columns += heights_[at] != 0;
      }
    return columns;
  }

  bool has(int64_t dy, int64_t dx) const {
    const int64_t y = dy - box.top, x = dx - box.left;
    return y >= 0 && y < box.height && x >= 0 && x < box.width && heights_[y * box.width + x] != 0;
  }

  // A pixel outside, reflected or moved to the edge, is one that the window sees if with every cell
  // the footprint has those one nearer to the middle, on both sides of it; mirrored, it may be as
  // far on the other side, too.
  void find_symmetry() {
    closed_ = symmetric_ = true;
    for (int64_t dy = box.top; dy < box.top + box.height; ++dy)
      for (int64_t dx = box.left; dx < box.left + box.width; ++dx) {
        if (!has(dy, dx)) continue;
        const int64_t y = (dy < 0 ? -dy : dy) - 1, x = (dx < 0 ? -dx : dx) - 1;
        closed_ = closed_ && (dx == 0 || (has(dy, x) && has(dy, -x))) &&
                  (dy == 0 || (has(y, dx) && has(-y, dx)));
        symmetric_ = symmetric_ && has(dy, -dx) && has(-dy, dx);
      }
  }

  // All columns of `height` in a row, from x on.
  int64_t add_piece(int64_t y, int32_t* row, int32_t height, int64_t x, int64_t first) {
    int64_t end = first;
    for (; x < box.width; ++x) {
      if (row[x] != height) continue;
      row[x] = 0;
      if (end > first && spans_[end - 1].dx + spans_[end - 1].length == box.left + x)
        ++spans_[end - 1].length;
      else
        spans_[end++] = {box.left + x, 1};
    }
    for (int64_t i = first + 1; i < end; ++i) {
      const Span s = spans_[i];
      int64_t j = i;
      for (; j > first && spans_[j - 1].length > s.length; --j) spans_[j] = spans_[j - 1];
      spans_[j] = s;
    }
    pieces_[count++] = {box.top + y, height, first, end - first};
    return end;
  }

  bool closed_ = true, symmetric_ = true, sparse_ = false;
  Piece whole_;
  Span across_;
  // While they are found.
  int32_t* heights_;
  Piece* pieces_;
  Span* spans_;
};

FASTAUG_END

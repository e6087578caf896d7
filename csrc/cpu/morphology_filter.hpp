// One erosion or dilation of an image, a group of rows at a time. For each piece of the footprint
// the winners along columns go to a few rows in the nearest cache, get their borders there, and are
// joined along rows, so that every row of the image is read once from afar and nothing of the
// image's size is written but the result.
#pragma once

#include "morphology_along.hpp"
#include "morphology_border.hpp"
#include "morphology_cells.hpp"
#include "morphology_columns.hpp"
#include "morphology_edges.hpp"
#include "morphology_footprint.hpp"
#include "morphology_strips.hpp"
#include "morphology_taps.hpp"
#include "morphology_three.hpp"

FASTAUG_BEGIN

constexpr int64_t most_held = 4;           // pieces whose columns wait until they are joined
constexpr int64_t most_kept = 1 << 19;     // keys of the rows that are looked at cell by cell
constexpr int64_t taps_before_growth = 7;  // more than that, and windows are grown first

// Whether vector code can read or write the rows where they lie.
template <class T>
bool lies_ready(const Batch& b) {
  return rows_are_plain(b) && b.w * b.c >= lanes<T>;
}

struct Needed {
  int64_t begin, end;
};

constexpr int64_t line = 64;  // elements, so at least that of a cache

inline int64_t whole_lines(int64_t elements) { return (elements + line - 1) / line * line; }

template <class K>
int64_t whole_lanes(int64_t elements) {
  return (elements + lanes<K> - 1) / lanes<K> * lanes<K>;
}

template <class T, bool Erode>
class Filter {
  using Key = MorphologyKey<T>;
  using K = typename Key::type;

 public:
  // Of rows [begin, end), with the footprint for `image`; the input is image `in_image` of `in`, of
  // which each row may take the place of the one so many before. Its memory is that of `slot`.
  Filter(const MorphologyArgs& args, int64_t image, bool reflected, const Batch& in,
         int64_t in_image, int64_t begin, int64_t end, Slot slot, int64_t held = INT64_MAX)
      : in_(in),
        in_image_(in_image),
        held_(held),
        begin_(begin),
        footprint_(args, image, reflected),
        border_(footprint_.border(args.border)),
        channels_(in.c),
        outside_(outside_for(footprint_, border_, args.cval)) {
    const Box& box = footprint_.box;
    pad_left_ = larger<int64_t>(-box.left, 0);
    pad_right_ = larger<int64_t>(box.left + box.width - 1, 0);
    // Room for what mirrored pixels on the right of the row before write too much, and for
    // `outside`.
    lead_ = whole_lines(pad_left_ * channels_ + 16);
    // Windows start with a register where columns are read as often as they are written.
    if (footprint_.is_rectangle() && has_even_shifts) lead_ = pad_left_ * channels_ + line;
    size_ = larger(in_.w * in.c, lanes<K>);
    inputs_ = end - begin + box.height - 1;
    if (footprint_.is_rectangle() && (in.c == 1 || in.c == 3 || in.c == 4) &&
        (sizeof(K) == 1 || sizeof(K) == 4))
      along_ = Along(box.width, in.c * static_cast<int64_t>(sizeof(K)));
    three_ = footprint_.is_rectangle() && box.height == 3 && box.width == 3 && lies_ready<T>(in_) &&
             fits_three<T>(in.w * in.c, in.c);
    if (footprint_.is_rectangle()) group_ = group_for<T>(box.height);
    copies_ = (!own_key<T> && !three_) || !lies_ready<T>(in_) ? box.height + group_ - 1 : 0;
    held_rows_ = (footprint_.is_rectangle() ? 1 : smaller(footprint_.count, most_held)) * group_;
    if (footprint_.is_sparse()) try_cells();
    if (footprint_.is_rectangle()) block_count_ = larger<int64_t>((box.height - 1) / group_ - 1, 0);
    const bool outside_is_constant = border_ == Border::constant || border_ == Border::ignore;
    fills_ = !outside_is_constant || in_.w * in.c < lanes<K>;  // or short rows are written past
    in_strips_ = has_even_shifts && is_float_bits<T> && along_.base > 0 && !fills_ &&
                 group_ == large_group && block_count_ == 0 && copies_ == 0 &&
                 size_ > 2 * strip_registers * lanes<K>;
    Room needed{nullptr};
    lay_out(needed);
    Room room{static_cast<char*>(scratch(slot, static_cast<std::size_t>(needed.used)))};
    lay_out(room);
    columns_ += lead_;
    if (taps_ > 0) footprint_.find_taps(args, reflected, stride_, stride_ / 2, channels_, offsets_);
    surround_.find(pad_left_, pad_right_, in_.w, channels_, -lead_, border_, stretches_);
    if (outside_is_constant && !three_) {
      // Before the first row and after each.
      const Lanes<K> outside = outside_ - Lanes<K>{};
      for (int64_t i = -1; i < held_rows_; ++i) {
        K* const row = columns_ + i * stride_;
        for (int64_t at = i < 0 ? stride_ - lead_ : size_; at < stride_; at += lanes<K>)
          store_lanes(row + at, outside);
      }
    }
    find_rows();
  }

  // How many rows are made together.
  int64_t rows_at_once() const { return group_; }

  // Whether rows can be made by whole lines, with an end and a start; as they are, or set against
  // others.
  bool makes_lines(bool as_made) const {
    return register_bytes == 64 && (three_ || (in_strips_ && as_made));
  }

  // All rows of the input that are needed; none if the windows see only what lies outside.
  Needed needed() const {
    Needed n{in_.h, 0};
    for (int64_t i = 0; i < inputs_; ++i) {
      if (from_[i] < 0) continue;
      n.begin = smaller(n.begin, from_[i]);
      n.end = larger(n.end, from_[i] + 1);
    }
    return n.begin < n.end ? n : Needed{0, 0};
  }

  // The last row of the input that the group of rows from `y` on needs, or -1.
  int64_t last_needed(int64_t y) const {
    int64_t last = -1;
    const int64_t end = smaller(y - begin_ + group_ + footprint_.box.height - 1, inputs_);
    for (int64_t i = y - begin_; i < end; ++i) last = larger(last, from_[i]);
    return last;
  }

  // The first `count` rows of the group from `y` on; groups come in order, from the first on. There
  // must be somewhere to store the other rows of the group, too. False if they could not be made,
  // as pixels that they see are not their own keys.
  template <class Store>
  bool make(int64_t y, int64_t count, Store store) {
    const int64_t first = y - begin_;
    if constexpr (sizeof(T) == 1 || sizeof(T) == 4)
      if (three_)
        return win_three_by_three<T, Erode>(rows_ + first, size_, channels_, border_, outside_,
                                            store);
    if constexpr (has_even_shifts && is_float_bits<T> && Store::as_made)
      if (in_strips_) return make_strips(first, count, store);
    if constexpr (is_float_bits<T>)
      if (!rows_are_keys(first + group_ + footprint_.box.height - 1)) return false;
    make_rows(first, count, store);
    return true;
  }

  // The same past the cache, if it makes lines.
  template <class Store>
  bool make_lines(int64_t y, int64_t count, Store store) {
    const int64_t first = y - begin_;
    if (three_)
      return win_three_by_three<T, Erode>(rows_ + first, size_, channels_, border_, outside_,
                                          store);
    if constexpr (is_float_bits<T> && Store::as_made) return make_strips(first, count, store);
    return true;
  }

 private:
  // Where something is no less than zero in every window, zero is as good as anything less.
  static K outside_for(const Footprint& footprint, Border border, double cval) {
    const K outside = outside_of<T, Erode>(border, cval);
    if (is_float_bits<T> && !Erode && border == Border::ignore && footprint.sees_itself())
      return larger(outside, K{0});
    return outside;
  }

  template <class Store>
  void make_rows(int64_t first, int64_t count, Store store) {
    if (taps_ > 0) return make_cells(first, store);
    copy_rows(first + group_ + footprint_.box.height - 1);
    if (footprint_.is_rectangle()) return make_rectangle(first, count, store);
    Taps<K> taps;
    int64_t held = 0;
    for (int64_t i = 0; i < footprint_.count;) {
      const int nested = nested_in(i);
      if (held + nested >= most_held) {
        join(taps, count);
        held = 0;
      }
      K* columns[most_nested + 1];
      for (int k = 0; k <= nested; ++k) columns[k] = columns_ + columns_at(held++);
      const Piece& outer = footprint_.pieces[i];
      const K* const* rows = rows_ + first + outer.dy - footprint_.box.top;
      if (nested == 0)
        win_columns<Erode>(rows, outer.height, group_, columns[0], stride_, size_,
                           blocks_for(first));
      else if (nested == 1)
        win_nested_rows<Erode, 1>(rows, columns, stride_, size_);
      else
        win_nested_rows<Erode, 2>(rows, columns, stride_, size_);
      for (int k = nested; k >= 0; --k, ++i) {
        const Piece& piece = footprint_.pieces[i];
        if (fills_) surround_.fill(columns[k], stride_, count);
        add_spans(footprint_.spans + piece.first, piece.count, columns[k], count, taps);
      }
    }
    win_taps<Erode>(taps, stride_, count, size_, Prefetching<Store>{*this, first, 0, store});
  }

  // How many of the pieces after piece i have one row less above and below than the one before.
  int nested_in(int64_t i) const {
    int n = 0;
    for (const Piece* p = footprint_.pieces + i; n < most_nested && i + n + 1 < footprint_.count;
         ++n, ++p)
      if (p[1].dy != p->dy + 1 || p[1].height != p->height - 2 || p[1].height < 3) break;
    return n > 0 && footprint_.pieces[i + n].height == 3 ? n : 0;
  }

  // Cell by cell, from keys with their borders around them.
  template <class Store>
  void make_cells(int64_t first, Store store) {
    const int64_t end = first + group_ + footprint_.box.height - 1;
    if (end > held_from_ + held_rows_) {
      K* const start = columns_ - lead_;
      std::memmove(start, start + (first - held_from_) * stride_,
                   static_cast<std::size_t>((held_end_ - first) * stride_) * sizeof(K));
      held_from_ = first;
    }
    for (; held_end_ < smaller(end, inputs_); ++held_end_) {
      K* const row = columns_ + (held_end_ - held_from_) * stride_;
      copy_row(held_end_, row);
      if (fills_) surround_.fill(row, stride_, 1);
      if (pairs_) win_pairs<Erode>(row - lead_, row - lead_ + stride_ / 2, channels_, stride_ / 2);
    }
    win_cells<Erode>(columns_ + (first - held_from_) * stride_, stride_, offsets_, taps_, size_,
                     Prefetching<Store>{*this, first, 0, store});
  }

  // Of a full rectangle: winners along columns, and then along rows from where the first window
  // starts.
  template <class Store>
  void make_rectangle(int64_t first, int64_t count, Store store) {
    win_columns<Erode>(rows_ + first, footprint_.box.height, group_, columns_, stride_, size_,
                       blocks_for(first));
    if (fills_) surround_.fill(columns_, stride_, count);
    const K* from = columns_ - pad_left_ * channels_;
    if (along_.base > 0) return make_along(from, first, count, store);
    // As many rows at a time as the nearest cache holds beside all else.
    const int64_t chunk = larger<int64_t>(8192 / (stride_ * static_cast<int64_t>(sizeof(K))), 1);
    for (int64_t r = 0; r < count; r += chunk) {
      const int64_t rows = smaller(chunk, count - r);
      win_taps<Erode>(taps_along(from + r * stride_, rows), stride_, rows, size_,
                      Prefetching<Store>{*this, first, r, store});
    }
  }

  // The same in strips, where rows lie ready; those of the group's last windows are seen first in
  // the strip that they are needed in.
  template <class Store>
  bool make_strips(int64_t first, int64_t count, Store store) {
    const int64_t seen = first + footprint_.box.height - 1, end = smaller(seen + group_, inputs_);
    if (!rows_are_keys(seen)) return false;
    Fresh<K> fresh;
    for (; copied_ < end; ++copied_)
      if (from_[copied_] >= 0) fresh.rows[fresh.count++] = rows_[copied_];
    bool done = false;
    with_kind<sizeof(K)>(along_, channels_, [&](auto kind) {
      done = win_strips<Erode, decltype(kind)>(rows_ + first, fresh, footprint_.box.height, size_,
                                               pad_left_ * channels_, outside_, count, along_,
                                               store, strips_);
    });
    return done;
  }

  template <class Store>
  void make_along(const K* from, int64_t first, int64_t count, Store store) {
    const T* ahead[large_group] = {};
    for (int64_t r = 0; r < count; ++r)
      ahead[r] = row_ahead(first + footprint_.box.height - 1 + group_ + r);
    if constexpr (Store::as_made) {
      win_along<T, Erode>(from, stride_, count, size_, channels_, along_, store.to, ahead);
    } else {
      K* made[large_group] = {};
      for (int64_t r = 0; r < count; ++r) made[r] = joined_ + r * stride_;
      win_along<K, Erode>(from, stride_, count, size_, channels_, along_, made,
                          reinterpret_cast<const K* const*>(ahead));
      for (int64_t r = 0; r < count; ++r) {
        const auto put = store.row(r);
        each_lanes<K>(size_, [&](int64_t at) { put(at, load_lanes(made[r] + at)); });
      }
    }
  }

  // Few taps along a row: of pixels, or of windows grown for it.
  Taps<K> taps_along(const K* from, int64_t count) {
    // The last row goes on as far as all others do, into the next one's left.
    const int64_t width = footprint_.box.width, size = count * stride_ + pad_left_ * channels_;
    int64_t reach = double_windows<Erode>(from, grown_, size, width, channels_);
    for (; width > taps_before_growth * reach; reach *= growth)
      grow_windows<Erode>(reach == 1 ? from : grown_, grown_, reach * channels_, size);
    Taps<K> taps;
    for (int64_t x = 0; x < width; x += reach)
      taps.at[taps.count++] = (reach == 1 ? from : grown_) + smaller(x, width - reach) * channels_;
    return taps;
  }

  // While a row is made, those that the next group will see first are fetched.
  template <class Store>
  struct Prefetching {
    const Filter& filter;
    int64_t first, before;  // rows of the group
    Store store;
    auto row(int64_t of) const {
      const int64_t r = before + of;
      if (sizeof(T) > 1)  // batches of bytes stay near enough
        filter.prefetch(first + filter.footprint_.box.height - 1 + filter.group_ + r);
      return store.row(r);
    }
  };

  const T* row_ahead(int64_t i) const {
    if (i >= inputs_ || from_[i] < 0 || !rows_are_plain(in_)) return nullptr;
    return reinterpret_cast<const T*>(address_of(from_[i]));
  }

  // Always inlined: GCC takes a function that does nothing but prefetch for one that does nothing.
  __attribute__((always_inline)) void prefetch(int64_t i) const {
    if (i < inputs_ && from_[i] >= 0) prefetch_row(in_, in_image_, place_of(from_[i]));
  }

  void lay_out(Room& room) {
    const int64_t right = pad_right_ * channels_, beyond = (unrolled + 8) * lanes<K>;
    stride_ = whole_lines(lead_ + size_ + right + (taps_ > 0 ? 0 : unrolled * lanes<K>)) *
              (pairs_ ? 2 : 1);
    // Windows run on from one row to the next: what lies right of one is left of the other, if it
    // is the same.
    if (footprint_.is_rectangle())
      stride_ =
          whole_lanes<K>(size_ + (fills_ ? lead_ + right : larger(right, pad_left_ * channels_)));
    copy_stride_ = whole_lines(size_);
    columns_ = room.take<K>(lead_ + held_rows_ * stride_ + right + beyond);
    joined_ = room.take<K>(group_ * stride_);
    grown_ = room.take<K>(group_ * stride_ + pad_left_ * channels_ + right + beyond);
    if (in_strips_) strips_ = room.take<K>(StripRoom<K>::elements(pad_left_ * channels_));
    outside_row_ = room.take<K>(size_);
    copied_rows_ = room.take<K>(copies_ * copy_stride_);
    block_rows_ = room.take<K>((block_count_ + 1) * copy_stride_);
    blocks_ = room.take<const K*>(block_count_ + 1);
    rows_ = room.take<const K*>(inputs_ + 2 * group_);
    from_ = room.take<int64_t>(inputs_);
    stretches_ = room.take<Stretch>(pad_left_ + pad_right_);
    offsets_ = room.take<int64_t>(taps_);
  }

  // As long as the rows that windows see at once are not too much for the cache.
  void try_cells() {
    const int64_t above = footprint_.box.height - 1;
    const int64_t rows = above + larger<int64_t>((above + group - 1) / group, 1) * group;
    const int64_t pixels = lead_ + size_ + pad_right_ * channels_;
    if (rows * pixels * (footprint_.in_pairs ? 2 : 1) > most_kept) return;
    held_rows_ = rows;
    taps_ = footprint_.taps;
    pairs_ = footprint_.in_pairs;
    copies_ = 0;
  }

  int64_t place_of(int64_t y) const { return y < held_ ? y : y % held_; }
  const char* address_of(int64_t y) const { return row_address(in_, in_image_, place_of(y)); }

  int64_t columns_at(int64_t piece) const { return piece * group_ * stride_; }

  // Where each row lies that a window sees, from the first one's on.
  void find_rows() {
    const int64_t first = begin_ + footprint_.box.top, inputs = inputs_, height = in_.h;
    const int64_t slots = copies_;
    // Rows of the image may be any number of bytes apart.
    const int64_t step = slots > 0 ? copy_stride_ * static_cast<int64_t>(sizeof(K)) : in_.stride_h;
    const char* inside =
        slots > 0 ? reinterpret_cast<const char*>(copied_rows_) : row_address(in_, in_image_, 0);
    const K** rows = rows_;
    int64_t* all_from = from_;
    bool any_outside = false;
    const auto find = [&](int64_t i, int64_t at) {
      const int64_t from = map_border(first + i, height, border_);
      all_from[i] = from;
      any_outside = any_outside || from < 0;
      if (slots == 0) at = from < 0 ? from : place_of(from);
      rows[i] = from < 0 ? outside_row_ : reinterpret_cast<const K*>(inside + at * step);
    };
    // Most rows are those of the image, where they lie.
    const int64_t begin = slots > 0 ? inputs : smaller(larger<int64_t>(-first, 0), inputs);
    const int64_t end = smaller(larger(height - first, begin), inputs);
    const bool all_held = held_ >= height;
    for (int64_t i = 0, slot = 0; i < begin; ++i) {
      find(i, slot);
      slot = slot + 1 == slots ? 0 : slot + 1;
    }
    const char* lies_at = inside + (first + begin) * step;
    for (int64_t i = begin; i < end; ++i, lies_at += step) {
      all_from[i] = first + i;
      rows[i] = reinterpret_cast<const K*>(all_held ? lies_at : address_of(first + i));
    }
    for (int64_t i = end; i < inputs; ++i) find(i, 0);
    // Windows of the last group that nobody wants read something, too.
    for (int64_t i = inputs; i > 0 && i < inputs + 2 * group_; ++i) rows[i] = rows[i - 1];
    if (!any_outside) return;
    const K outside = three_ ? bit_cast<K>(Key::to(outside_)) : outside_;
    K* row = outside_row_;
    each_lanes<K>(size_, [&](int64_t at) { store_lanes(row + at, outside - Lanes<K>{}); });
  }

  // Whether all pixels of the rows before `end` are their own keys.
  bool rows_are_keys(int64_t end) {
    bool all = true;
    for (; copied_ < smaller(end, inputs_); ++copied_)
      if (from_[copied_] >= 0) all = all && are_keys(rows_[copied_], size_);
    return all;
  }

  // Keys of the rows before `end` that are not where they can be read.
  void copy_rows(int64_t end) {
    if (copies_ == 0) return;
    for (; copied_ < smaller(end, inputs_); ++copied_) {
      if (from_[copied_] >= 0) copy_row(copied_, copied_rows_ + copied_ % copies_ * copy_stride_);
    }
  }

  void copy_row(int64_t i, K* to) {
    if (from_[i] < 0) {
      each_lanes<K>(size_, [&](int64_t at) { store_lanes(to + at, outside_ - Lanes<K>{}); });
    } else if (lies_ready<T>(in_)) {
      const T* from = reinterpret_cast<const T*>(address_of(from_[i]));
      each_lanes<K>(size_, [&](int64_t at) {
        store_lanes(to + at, to_keys<T>(load_lanes(from + at), Erode));
      });
    } else {
      T* buffer = row_buffer<T>(Slot::row, in_);
      const T* from = read_row(in_, in_image_, place_of(from_[i]), buffer);
      for (int64_t x = 0; x < in_.w * in_.c; ++x) to[x] = Key::from(from[x], Erode);
    }
  }

  // The blocks of a full rectangle that windows of the group from `first` on have in common.
  Blocks<K> blocks_for(int64_t first) {
    if (block_count_ == 0) return {nullptr, 0, nullptr};
    const int64_t height = footprint_.box.height, ring = block_count_ + 1;
    const auto block = [&](int64_t i) { return block_rows_ + i % ring * copy_stride_; };
    if (first == 0)
      for (int64_t i = 0; i < block_count_; ++i)
        win_block<Erode>(rows_ + height - 1 - (block_count_ - i) * group_, group_, block(i), size_);
    for (int64_t i = 0; i < block_count_; ++i) blocks_[i] = block(first / group_ + i);
    return {blocks_, block_count_, block(first / group_ + block_count_)};
  }

  // What the taps have come to, as the only tap.
  void join(Taps<K>& taps, int64_t count) {
    win_taps<Erode>(taps, stride_, count, size_, ToKeys<K>{joined_, stride_});
    taps.at[0] = joined_;
    taps.count = 1;
  }

  void add_spans(const Span* span, int64_t span_count, K* columns, int64_t count, Taps<K>& taps) {
    const Span* last = span + span_count;
    bool added = false;
    for (int64_t reach = 1;; reach *= growth) {
      int64_t needed = 0;
      for (const Span* s = span; s < last; ++s) needed += (s->length + reach - 1) / reach;
      const bool grows = needed > taps_before_growth && last[-1].length >= growth * reach;
      for (; span < last && (!grows || span->length < growth * reach); ++span) {
        for (int64_t x = 0; x < span->length; x += reach) {
          if (taps.count == most_taps) join(taps, count);
          const int64_t dx = span->dx + smaller(x, span->length - reach);
          taps.at[taps.count++] = columns + dx * channels_;
          added = true;
        }
      }
      if (!grows) return;
      fills_ = true;  // as what is grown in place overwrites the border
      if (added) join(taps, count);
      added = false;
      const int64_t padded = pad_left_ + in_.w + pad_right_ - (growth * reach - 1);
      for (int64_t r = 0; r < count; ++r)
        grow_windows<Erode>(columns + r * stride_ - pad_left_ * channels_,
                            columns + r * stride_ - pad_left_ * channels_, reach * channels_,
                            padded * channels_);
    }
  }

  const Batch in_;
  bool three_;
  const int64_t in_image_, held_, begin_;
  int64_t group_ = group;
  Footprint footprint_;
  Along along_{1, 1};
  const Border border_;
  const int64_t channels_;
  const K outside_;
  bool in_strips_ = false;
  K* strips_ = nullptr;
  bool fills_;  // the border of every group of rows
  int64_t pad_left_, pad_right_, lead_;
  int64_t size_;    // elements of a row, at least a register full
  int64_t inputs_;  // rows that windows see
  int64_t copies_, copied_ = 0, block_count_ = 0;
  int64_t held_rows_;  // of winners along columns, or of the image
  bool pairs_ = false;
  int64_t taps_ = 0, held_from_ = 0, held_end_ = 0;
  int64_t stride_, copy_stride_;
  K *columns_, *joined_, *grown_, *outside_row_, *copied_rows_, *block_rows_;
  const K **blocks_, **rows_;
  int64_t *from_, *offsets_;
  Stretch* stretches_;
  Surround surround_;
};

FASTAUG_END

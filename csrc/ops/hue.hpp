// The hue of pixels, turned as in HSV. Hue is the angle of a colour in sixths of a turn, and all
// angles are multiplied by the chroma, so that nothing is divided and grey is no special case.
#pragma once

#include "fixed.hpp"
#include "saturation.hpp"

FASTAUG_BEGIN

// A channel is as bright as the brightest within a sixth of a turn from its own hue, as dark as the
// darkest from two sixths on, and between them in between: `sum`, of the brightest and the chroma,
// less the angle.
template <class V>
FASTAUG_FN V within(V v, V least, V most) {
  return smaller(larger(v, least), most);
}

// `turn` is in sixths, from 0 to 6.
template <class V, class Real>
FASTAUG_FN Colour<V> turn_hue(Colour<V> p, Real turn) {
  const V most = larger(larger(p.red, p.green), p.blue);
  const V least = smaller(smaller(p.red, p.green), p.blue);
  const V chroma = most - least, two = chroma + chroma, three = two + chroma, six = three + three;
  // From the hue of the brightest channel towards that of the next one; then from that of red.
  const V after_green = (p.blue - p.red) + two, after_blue = (p.red - p.green) - two;
  const V later = p.green == most ? after_green : after_blue, after_red = p.green - p.blue;
  const V turned = (p.red == most ? after_red : later) + turn * chroma;
  const V back = turned - six;
  const V angle = turned > three ? back : turned;
  // The other way round the circle it may be nearer.
  const V sum = most + chroma, around = sum - six;
  const V from_green = magnitude(angle - two), from_blue = magnitude(angle + two);
  return {within(sum - magnitude(angle), least, most),
          within(larger(sum - from_green, around + from_green), least, most),
          within(larger(sum - from_blue, around + from_blue), least, most)};
}

// Bytes. Whole thirds of a turn exchange channels; what is left is no more than a sixth, one way or
// the other. With every angle multiplied by the chroma it is a number of levels that can be rounded
// right away, as all else are whole levels, by which channels rise and fall.
struct ByteTurn {
  int32_t thirds;  // 0 to 2
  bool back;
  int16_t share;  // of a sixth
};

FASTAUG_FN ByteTurn byte_turn(double turn) {
  const double thirds = round_half_even(0.5 * turn), rest = turn - 2.0 * thirds;
  return {static_cast<int32_t>(thirds) % 3, rest < 0.0, fixed_share(rest < 0.0 ? -rest : rest)};
}

// By how much the first exceeds the second, if it does.
template <class V>
FASTAUG_FN V excess(V a, V b) {
  return larger(a, b) - b;
}

// The share of bytes, rounded.
template <class V>
FASTAUG_FN V share_of_bytes(V v, int16_t share) {
  return rounded_product<V>(v, share);
}

// A channel `v` after its hue went on by `step` levels. On the way round, red, green, blue, it
// comes after one channel and before the other. It rises while the one before it is the brighter,
// but not until the one after it has come down to it; it falls while the one before it is the
// darker, but not until the one after it has come up.
template <class V>
FASTAUG_FN V step_hue(V v, V before, V after, V step) {
  const V up = smaller(excess(step, excess(after, v)), excess(before, v));
  const V down = smaller(excess(step, excess(v, after)), excess(v, before));
  return (v + up) - down;
}

template <class V>
FASTAUG_FN Colour<V> step_hue(Colour<V> p, int16_t share, bool back) {
  const V most = larger(larger(p.red, p.green), p.blue);
  const V least = smaller(smaller(p.red, p.green), p.blue);
  const V step = share_of_bytes<V>(most - least, share);
  if (back)
    return {step_hue(p.red, p.green, p.blue, step), step_hue(p.green, p.blue, p.red, step),
            step_hue(p.blue, p.red, p.green, step)};
  return {step_hue(p.red, p.blue, p.green, step), step_hue(p.green, p.red, p.blue, step),
          step_hue(p.blue, p.green, p.red, step)};
}

// By so many thirds of a turn.
template <class V>
FASTAUG_FN Colour<V> turn_thirds(Colour<V> p, int32_t thirds) {
  if (thirds == 1) return {p.blue, p.red, p.green};
  if (thirds == 2) return {p.green, p.blue, p.red};
  return p;
}

template <class V>
FASTAUG_FN Colour<V> turn_bytes(Colour<V> p, ByteTurn turn) {
  return turn_thirds(step_hue(p, turn.share, turn.back), turn.thirds);
}

FASTAUG_END

// The hue of pixels, turned as in HSV. Hue is the angle of a colour in sixths of a turn, and all
// angles are multiplied by the chroma, so that nothing is divided and grey is no special case.
#pragma once

#include "color_matrix.hpp"

FASTAUG_BEGIN

// What a channel falls short of the brightest one by, at an angle from its own hue: nothing within
// a sixth of a turn, all of the chroma from two sixths on.
template <class V>
FASTAUG_FN V shortfall(V angle, V chroma) {
  return smaller(larger(angle - chroma, V{}), chroma);
}

// `turn` is in sixths, from -3 to 3.
template <class V, class Real>
FASTAUG_FN Colour<V> turn_hue(Colour<V> p, Real turn) {
  const V most = larger(larger(p.red, p.green), p.blue);
  const V chroma = most - smaller(smaller(p.red, p.green), p.blue);
  const V two = chroma + chroma, three = two + chroma, six = three + three;
  // From the hue of the brightest channel towards that of the next one; then from that of red.
  V angle = p.red == most ? p.green - p.blue
                          : (p.green == most ? (p.blue - p.red) + two : (p.red - p.green) - two);
  angle = angle + turn * chroma;
  angle = angle > three ? angle - six : angle;
  angle = angle < -three ? angle + six : angle;
  const V from_green = magnitude(angle - two), from_blue = magnitude(angle + two);
  return {most - shortfall(magnitude(angle), chroma),
          most - shortfall(smaller(from_green, six - from_green), chroma),
          most - shortfall(smaller(from_blue, six - from_blue), chroma)};
}

FASTAUG_END

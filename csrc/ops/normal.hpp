// Standard normal numbers: by G. Box and M. Muller (1958), two from two words, and by inverting the
// distribution, one from half a word.
#pragma once

#include "stream.hpp"
#include "transcendental.hpp"

FASTAUG_BEGIN

template <class V>
struct NormalPair {
  V first, second;
};

// The lower 23 bits of the first word make the radius, which reaches 5.8 standard deviations, those
// of the second an angle in a quarter turn; the highest bits are the signs.
template <class V>
FASTAUG_FN NormalPair<V> normal_pair(typename LanesOf<V>::Word radius_word,
                                     typename LanesOf<V>::Word angle_word) {
  using Word = typename LanesOf<V>::Word;
  // Both begin as a float in [1, 2) or [2, 4); what is taken away leaves an exact one.
  const V u = bit_cast<V>((radius_word & 0x007fffffu) | 0x3f800000u) - 0.999999940395355225f;
  const V t = bit_cast<V>((angle_word & 0x007fffffu) | 0x40000000u) - 3.0f;
  const V r = root(minus_two_log(u));
  const Direction<V> d = first_quarter(t);
  const Word x = bit_cast<Word>(r * d.cos) ^ (radius_word & 0x80000000u);
  const Word y = bit_cast<Word>(r * d.sin) ^ (angle_word & 0x80000000u);
  return {bit_cast<V>(x), bit_cast<V>(y)};
}

// The number that a share (half + 1/2) / 2^16 of all lies below 1/2 from, for a signed half: 3e-5
// absolute. The distance from the nearer end is `v`; each of its binades has a polynomial.
struct NormalQuantile {
  alignas(64) float c0[16], c1[16], c2[16], c3[16], c4[16];
};

FASTAUG_TABLE NormalQuantile normal_quantile = {
    {4.158701419830322f, 4.19462776184082f, 4.097057819366455f, 3.9366049766540527f,
     3.768683910369873f, 3.59360671043396f, 3.4105775356292725f, 3.2186834812164307f,
     3.016730785369873f, 2.8031930923461914f, 2.5761382579803467f, 2.333117723464966f,
     2.0709903240203857f, 1.7814680337905884f, 4.3249192237854f, 4.076206684112549f},
    {-0.08117935806512833f, -0.12257681041955948f, -0.08487627655267715f, -0.04456285014748573f,
     -0.02335165999829769f, -0.012271844781935215f, -0.0064739324152469635f,
     -0.0034333073999732733f, -0.0018332138424739242f, -0.0009873906383290887f,
     -0.0005378284840844572f, -0.00029732909752056f, -0.00016768537170719355f,
     -9.633646550355479e-05f, 0.0f, 0.0f},
    {0.0f, 0.010055070742964745f, 0.005293992348015308f, 0.0013955748872831464f,
     0.00036518133128993213f, 9.569830581312999e-05f, 2.5132552764262073e-05f,
     6.623974059039028e-06f, 1.7540496628498659e-06f, 4.6711957679690386e-07f,
     1.2520538916760415e-07f, 3.378199764370038e-08f, 9.151627899939285e-09f,
     2.3947752669783995e-09f, 0.0f, 0.0f},
    {0.0f, -0.0003700119268614799f, -0.00019782468734774739f, -2.61941477219807e-05f,
     -3.42818475473905e-06f, -4.4917308628100727e-07f, -5.894161958508448e-08f,
     -7.758894859932752e-09f, -1.0258530691586998e-09f, -1.3637609097560954e-10f,
     -1.8248288297106896e-11f, -2.460617647137564e-12f, -3.3481409918850735e-13f,
     -4.3982561868808126e-14f, 0.0f, 0.0f},
    {0.0f, 0.0f, 3.0995918223197805e-06f, 2.0588912263974635e-07f, 1.3471233017980921e-08f,
     8.825484232310998e-10f, 5.788739626533257e-11f, 3.808143037020706e-12f, 2.515850483671145e-13f,
     1.6709374904772326e-14f, 1.1168432223826593e-15f, 7.519345068581409e-17f,
     5.090190316194596e-18f, 3.0482714511587774e-19f, 0.0f, 0.0f}};

template <class V>
FASTAUG_FN V normal_from_half(typename LanesOf<V>::Int half) {
  using Int = typename LanesOf<V>::Int;
  using Word = typename LanesOf<V>::Word;
  const V x = to_float<V>(half) - 32767.5f;
  const Word bits = bit_cast<Word>(x);
  const V v = 32768.0f - bit_cast<V>(bits & 0x7fffffffu);
  const Int binade = bit_cast<Int>(v) >> 23;
  const V square = v * v;
  const V low =
      entry_of_16<V>(normal_quantile.c0, binade) + entry_of_16<V>(normal_quantile.c1, binade) * v;
  const V high = entry_of_16<V>(normal_quantile.c2, binade) +
                 entry_of_16<V>(normal_quantile.c3, binade) * v +
                 entry_of_16<V>(normal_quantile.c4, binade) * square;
  const V z = low + high * square;
  return bit_cast<V>(bit_cast<Word>(z) | (bits & 0x80000000u));
}

FASTAUG_END

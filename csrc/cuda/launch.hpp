// How a kernel is written once and run by a GPU or, to be checked without one, by loops.
//
// A kernel is a struct with Args (passed by value), `threads` to a block, a number of `phases` and
// `template <int phase> run(args, shared, place)`: what one thread does between two barriers.
// Nothing but shared memory lives from one phase to the next, and no thread looks into another's
// registers, so that running a block is a loop over phases around a loop over threads.
//
// The compiler saves registers where more blocks would fit a multiprocessor, and spills a few for
// it now and then. A kernel that says how many `blocks` there have to be is left with what they
// leave.
#pragma once

#include "../arguments.hpp"
#include "../ops/portable.hpp"

#ifdef __CUDACC__
#define FASTAUG_UNROLL _Pragma("unroll")
#define FASTAUG_LOOP _Pragma("unroll 1")
#else
#define FASTAUG_UNROLL
#define FASTAUG_LOOP
#endif

FASTAUG_BEGIN

struct Place {
  int64_t block;
  int32_t thread;
};

template <class Kernel>
FASTAUG_FN constexpr auto blocks_of(int) -> decltype(Kernel::blocks + 0) {
  return Kernel::blocks;
}
template <class Kernel>
FASTAUG_FN constexpr int blocks_of(long) {
  return 0;
}

// One more, of a number that threads share.
FASTAUG_FN void count_one(int64_t* number) {
#ifdef __CUDA_ARCH__
  atomicAdd(reinterpret_cast<unsigned long long*>(number), 1ull);
#else
  ++*number;
#endif
}

FASTAUG_END

#ifdef __CUDACC__

FASTAUG_BEGIN

template <class Kernel, int phase>
__device__ __forceinline__ void run_phases(const typename Kernel::Args& args, char* shared,
                                           Place place) {
  Kernel::template run<phase>(args, shared, place);
  if constexpr (phase + 1 < Kernel::phases) {
    __syncthreads();
    run_phases<Kernel, phase + 1>(args, shared, place);
  }
}

FASTAUG_END

#define FASTAUG_KERNEL(name, ...)                                                                 \
  extern "C" __global__ void __launch_bounds__(fastaug::__VA_ARGS__::threads,                     \
                                               fastaug::blocks_of<fastaug::__VA_ARGS__>(0))       \
      name(const fastaug::__VA_ARGS__::Args args) {                                               \
    extern __shared__ __align__(16) char fastaug_shared[];                                        \
    fastaug::run_phases<fastaug::__VA_ARGS__, 0>(                                                 \
        args, fastaug_shared,                                                                     \
        {static_cast<fastaug::int64_t>(blockIdx.x), static_cast<fastaug::int32_t>(threadIdx.x)}); \
  }

#else

#include <vector>

FASTAUG_BEGIN

template <class Kernel, int phase>
void emulate_phases(const typename Kernel::Args& args, char* shared, int64_t block) {
  for (int32_t thread = 0; thread < Kernel::threads; ++thread)
    Kernel::template run<phase>(args, shared, {block, thread});
  if constexpr (phase + 1 < Kernel::phases) emulate_phases<Kernel, phase + 1>(args, shared, block);
}

FASTAUG_END

#define FASTAUG_KERNEL(name, ...)                                                    \
  extern "C" void name(const fastaug::__VA_ARGS__::Args* args, std::int64_t blocks,  \
                       std::int64_t shared_bytes) {                                  \
    for (std::int64_t block = 0; block < blocks; ++block) {                          \
      std::vector<char> shared(static_cast<std::size_t>(shared_bytes), '\x5a');      \
      fastaug::emulate_phases<fastaug::__VA_ARGS__, 0>(*args, shared.data(), block); \
    }                                                                                \
  }

#endif

// The file of an op makes its kernels, but where it is one of those that a fused kernel is made
// from.
#ifdef FASTAUG_FUSED
#define FASTAUG_CUDA_KERNEL(name, ...)
#else
#define FASTAUG_CUDA_KERNEL(name, ...) FASTAUG_KERNEL(name, __VA_ARGS__)
#endif

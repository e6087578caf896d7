#include "parallel.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>

#if !defined(_WIN32)
#include <pthread.h>
#endif

namespace fastaug {
namespace {

// Waits for something that is about to happen, for some tens of microseconds: as long as it takes
// to wake a sleeping thread, on a virtual machine more. Whoever else wants the core has it
// meanwhile.
template <class Done>
void linger(Done done) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::microseconds(50);
  while (!done() && std::chrono::steady_clock::now() < until) std::this_thread::yield();
}

struct Job {
  std::int64_t count;
  void* context;
  Body body;
  std::atomic<std::int64_t> next{0};
  int wanted;                   // helpers that may still join; guarded by the pool's mutex
  std::atomic<int> helping{0};  // helpers at work; changed under it
  std::mutex error_mutex;
  std::exception_ptr error;

  void work() {
    for (std::int64_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < count;) {
      try {
        body(context, i);
      } catch (...) {
        next.store(count, std::memory_order_relaxed);
        const std::lock_guard<std::mutex> hold(error_mutex);
        if (!error) error = std::current_exception();
      }
    }
  }
};

class Pool {
 public:
  void run(Job& job) {
    const int helpers = job.wanted;
    {
      const std::lock_guard<std::mutex> hold(mutex_);
      grow_to(helpers);
      jobs_.push_back(&job);
      ++waiting_;
    }
    for (int i = 0; i < helpers; ++i) wake_.notify_one();
    job.work();
    {
      const std::lock_guard<std::mutex> hold(mutex_);
      remove(&job);
    }
    linger([&] { return job.helping == 0; });
    std::unique_lock<std::mutex> hold(mutex_);
    idle_.wait(hold, [&] { return job.helping == 0; });
  }

  int size() {
    const std::lock_guard<std::mutex> hold(mutex_);
    return workers_;
  }

 private:
  // A system that refuses another thread leaves us with those we have; the caller works anyway.
  void grow_to(int workers) {
    while (workers_ < workers) {
      try {
        std::thread([this] { serve(); }).detach();
      } catch (const std::system_error&) {
        return;
      }
      ++workers_;
    }
  }

  void remove(Job* job) {
    for (auto it = jobs_.begin(); it != jobs_.end(); ++it) {
      if (*it == job) {
        jobs_.erase(it);
        --waiting_;
        return;
      }
    }
  }

  void serve() {
    std::unique_lock<std::mutex> hold(mutex_);
    for (;;) {
      wake_.wait(hold, [&] { return !jobs_.empty(); });
      Job* job = jobs_.front();
      if (--job->wanted == 0) {
        jobs_.pop_front();
        --waiting_;
      }
      ++job->helping;
      hold.unlock();
      job->work();
      hold.lock();
      if (--job->helping == 0) idle_.notify_all();
      hold.unlock();
      linger([&] { return waiting_ > 0; });
      hold.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_, idle_;
  std::deque<Job*> jobs_;
  std::atomic<int> waiting_{0};  // how many these are
  int workers_ = 0;
};

// Never freed: its workers wait in it until the process ends. In a forked child they are gone and
// its mutex may be locked for ever, so the child forgets it and makes one of its own.
std::atomic<Pool*> the_pool{nullptr};

Pool& pool() {
#if !defined(_WIN32)
  static const int registered =
      pthread_atfork(nullptr, nullptr, [] { the_pool.store(nullptr, std::memory_order_relaxed); });
  (void)registered;
#endif
  Pool* current = the_pool.load(std::memory_order_acquire);
  if (current == nullptr) {
    Pool* made = new Pool;
    if (the_pool.compare_exchange_strong(current, made, std::memory_order_acq_rel)) return *made;
    delete made;
  }
  return *current;
}

}  // namespace

void parallel_for(std::int64_t count, int threads, void* context, Body body) {
  if (threads <= 1 || count <= 1) {
    for (std::int64_t i = 0; i < count; ++i) body(context, i);
    return;
  }
  Job job;
  job.count = count;
  job.context = context;
  job.body = body;
  job.wanted = static_cast<int>(count < threads ? count : threads) - 1;
  pool().run(job);
  if (job.error) std::rethrow_exception(job.error);
}

int worker_count() {
  Pool* current = the_pool.load(std::memory_order_acquire);
  return current == nullptr ? 0 : current->size();
}

}  // namespace fastaug

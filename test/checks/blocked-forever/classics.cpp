// RUN: %check_tether %s blocked-forever,tether-blocking-under-lock,tether-lock-order,tether-lost-wakeup,tether-unbounded-wait,tether-unfulfilled-promise,tether-unreceived-channel
// The classic problems of concurrent programming, each with a form that can come to a standstill and
// one that cannot. Where a check knows more about a defect than that somebody waits, that one speaks.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <thread>

void work();

// ---- dining philosophers ------------------------------------------------------------------------

static void eats_bad(std::mutex &Left, std::mutex &Right) {
  std::lock_guard First(Left);
  work();
  std::lock_guard Second(Right);
  // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: the lock of 'One' may block for ever: 'Hume' waits for it in turn, through others
  work();
}

void philosophers_bad() {
  std::mutex One, Two, Three;
  std::jthread Kant([&] { eats_bad(One, Two); });
  std::jthread Hume([&] { eats_bad(Two, Three); });
  std::jthread Marx([&] { eats_bad(Three, One); });
}

static void eats_in_order(std::mutex &Left, std::mutex &Right) {
  std::lock_guard First(Left);
  std::lock_guard Second(Right);
  work();
}

void philosophers_one_left_handed_ok() {
  std::mutex One, Two, Three;
  std::jthread Kant([&] { eats_in_order(One, Two); });
  std::jthread Hume([&] { eats_in_order(Two, Three); });
  std::jthread Marx([&] { eats_in_order(One, Three); });
}

static void eats_at_once(std::mutex &Left, std::mutex &Right) {
  std::scoped_lock Both(Left, Right);
  work();
}

void philosophers_both_forks_at_once_ok() {
  std::mutex One, Two, Three;
  std::jthread Kant([&] { eats_at_once(One, Two); });
  std::jthread Hume([&] { eats_at_once(Two, Three); });
  std::jthread Marx([&] { eats_at_once(Three, One); });
}

static void eats_with_waiter(std::mutex &Left, std::mutex &Right, std::counting_semaphore<> &Chairs) {
  Chairs.acquire();
  {
    std::lock_guard First(Left);
    std::lock_guard Second(Right);
    work();
  }
  Chairs.release();
}

void philosophers_with_waiter_ok() {
  std::mutex One, Two, Three;
  std::counting_semaphore<> Chairs(2);
  std::jthread Kant([&] { eats_with_waiter(One, Two, Chairs); });
  std::jthread Hume([&] { eats_with_waiter(Two, Three, Chairs); });
  std::jthread Marx([&] { eats_with_waiter(Three, One, Chairs); });
}

// ---- two locks in two orders --------------------------------------------------------------------

void two_orders_bad() {
  std::mutex From, To;
  std::jthread Pays([&] {
    std::lock_guard First(From);
    std::lock_guard Second(To);
    work();
  });
  std::jthread PaysBack([&] {
    std::lock_guard First(To);
    std::lock_guard Second(From);
    // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: 'From' is locked while 'To' is held, and elsewhere the other way round
    work();
  });
}

void two_orders_tried_ok() {
  std::mutex From, To;
  std::jthread Pays([&] {
    std::lock_guard First(From);
    std::lock_guard Second(To);
    work();
  });
  std::jthread PaysBack([&] {
    std::lock_guard First(To);
    if (From.try_lock()) {
      work();
      From.unlock();
    }
  });
}

// ---- readers and writers ------------------------------------------------------------------------

struct Journal {
  std::mutex Counting;
  int Readers = 0;
  std::binary_semaphore Room{1};

  void read() {
    {
      std::lock_guard L(Counting);
      if (++Readers == 1)
        Room.acquire();
        // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: receive from 'Room' may block for ever: 'readers_and_writers_bad' waits for it in turn
    }
    work();
    std::lock_guard L(Counting);
    if (--Readers == 0)
      Room.release();
  }
  void write_and_count() {
    Room.acquire();
    {
      std::lock_guard L(Counting);
      work();
    }
    Room.release();
  }
  void write() {
    Room.acquire();
    work();
    Room.release();
  }
};

void readers_and_writers_bad() {
  Journal J;
  std::jthread One([&] { J.read(); });
  std::jthread Two([&] { J.read(); });
  J.write_and_count();
}

void readers_and_writers_ok() {
  Journal J;
  std::jthread One([&] { J.read(); });
  std::jthread Two([&] { J.read(); });
  J.write();
}

void a_reader_becomes_a_writer_bad() {
  std::shared_mutex Pages;
  auto Edit = [&] {
    std::shared_lock Reads(Pages);
    work();
    std::unique_lock Writes(Pages);
    // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: 'Pages' is locked by the thread that holds it
    work();
  };
  std::jthread One(Edit);
  std::jthread Two(Edit);
}

void a_reader_becomes_a_writer_ok() {
  std::shared_mutex Pages;
  auto Edit = [&] {
    {
      std::shared_lock Reads(Pages);
      work();
    }
    std::unique_lock Writes(Pages);
    work();
  };
  std::jthread One(Edit);
  std::jthread Two(Edit);
}

// ---- bounded buffer -----------------------------------------------------------------------------

// Who is woken may be one who cannot go on: a consumer by a consumer.
void buffer_with_notify_one_bad() {
  std::mutex M;
  std::condition_variable Changed;
  int Size = 0;
  auto Put = [&] {
    std::unique_lock L(M);
    Changed.wait(L, [&] { return Size < 1; });
    ++Size;
    Changed.notify_one();
  };
  auto Take = [&] {
    std::unique_lock L(M);
    Changed.wait(L, [&] { return Size > 0; });
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: the wait on 'Changed' may block for ever: 'Another' waits for it in turn
    --Size;
    Changed.notify_one();
  };
  std::jthread Producer(Put), Another(Put);
  std::jthread Consumer(Take), OneMore(Take);
}

void buffer_with_notify_all_ok() {
  std::mutex M;
  std::condition_variable Changed;
  int Size = 0;
  auto Put = [&] {
    std::unique_lock L(M);
    Changed.wait(L, [&] { return Size < 1; });
    ++Size;
    Changed.notify_all();
  };
  auto Take = [&] {
    std::unique_lock L(M);
    Changed.wait(L, [&] { return Size > 0; });
    --Size;
    Changed.notify_all();
  };
  std::jthread Producer(Put), Another(Put);
  std::jthread Consumer(Take), OneMore(Take);
}

void buffer_with_two_conditions_ok() {
  std::mutex M;
  std::condition_variable Room, Work;
  int Size = 0;
  auto Put = [&] {
    std::unique_lock L(M);
    Room.wait(L, [&] { return Size < 1; });
    ++Size;
    Work.notify_one();
  };
  auto Take = [&] {
    std::unique_lock L(M);
    Work.wait(L, [&] { return Size > 0; });
    --Size;
    Room.notify_one();
  };
  std::jthread Producer(Put), Another(Put);
  std::jthread Consumer(Take), OneMore(Take);
}

// ---- the double-checked event -------------------------------------------------------------------

void double_checked_event_bad() {
  std::mutex M;
  std::condition_variable Cv;
  std::atomic<bool> Ready = false;
  std::jthread Setter([&] {
    Ready = true;
    Cv.notify_all(); // between the look and the wait
  });
  if (!Ready) {
    std::unique_lock L(M);
    Cv.wait(L);
    // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: wake-up of 'Cv' may be lost: it waits without having looked at any state
  }
}

void double_checked_event_ok() {
  std::mutex M;
  std::condition_variable Cv;
  std::atomic<bool> Ready = false;
  std::jthread Setter([&] {
    {
      std::lock_guard L(M);
      Ready = true;
    }
    Cv.notify_all();
  });
  if (!Ready) {
    std::unique_lock L(M);
    Cv.wait(L, [&] { return Ready.load(); });
  }
}

// ---- the sleeping barber ------------------------------------------------------------------------

void barber_bad() {
  std::mutex Chairs;
  std::counting_semaphore<> Customers(0), Barber(0);
  std::jthread Shop([&] {
    Customers.acquire();
    std::lock_guard L(Chairs);
    Barber.release();
  });
  std::lock_guard L(Chairs);
  Customers.release();
  Barber.acquire(); // the chairs are not free meanwhile
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: a receive from 'Barber' may block while 'Chairs' is held: 'lambda', which ends the wait, needs the same mutex
}

void barber_ok() {
  std::mutex Chairs;
  std::counting_semaphore<> Customers(0), Barber(0);
  std::jthread Shop([&] {
    Customers.acquire();
    std::lock_guard L(Chairs);
    Barber.release();
  });
  {
    std::lock_guard L(Chairs);
    Customers.release();
  }
  Barber.acquire();
}

// ---- gate and turnstile -------------------------------------------------------------------------

void turnstile_bad() {
  std::mutex M;
  int Arrived = 0;
  std::counting_semaphore<> Turnstile(0);
  auto Meet = [&] {
    {
      std::lock_guard L(M);
      if (++Arrived == 3)
        Turnstile.release();
    }
    Turnstile.acquire(); // lets one pass only
    // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: receive from 'Turnstile' may block for ever: nobody is left who sends to it or closes it
    work();
  };
  std::jthread One(Meet), Two(Meet), Three(Meet);
}

void turnstile_ok() {
  std::mutex M;
  int Arrived = 0;
  std::counting_semaphore<> Turnstile(0);
  auto Meet = [&] {
    {
      std::lock_guard L(M);
      if (++Arrived == 3)
        Turnstile.release();
    }
    Turnstile.acquire();
    Turnstile.release(); // lets the next one pass
    work();
  };
  std::jthread One(Meet), Two(Meet), Three(Meet);
}

// ---- cigarette smokers --------------------------------------------------------------------------

void smokers_bad() {
  std::counting_semaphore<> Tobacco(0), Paper(0), Match(0), Smoked(0);
  std::jthread WithMatch([&] {
    Tobacco.acquire();
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: receive from 'Tobacco' may block for ever: 'smokers_bad' waits for it in turn
    Paper.acquire();
    work();
    Smoked.release();
  });
  std::jthread WithPaper([&] {
    Tobacco.acquire();
    Match.acquire();
    work();
    Smoked.release();
  });
  std::jthread WithTobacco([&] {
    Paper.acquire();
    Match.acquire();
    work();
    Smoked.release();
  });
  // In each turn, for another one; but what is given may be taken by two who cannot smoke.
  Tobacco.release();
  Paper.release();
  Smoked.acquire();
  Tobacco.release();
  Match.release();
  Smoked.acquire();
  Paper.release();
  Match.release();
  Smoked.acquire();
}

void smokers_ok() {
  std::binary_semaphore WithMatch(0), WithPaper(0), WithTobacco(0), Smoked(0);
  std::jthread First([&] {
    WithMatch.acquire();
    work();
    Smoked.release();
  });
  std::jthread Second([&] {
    WithPaper.acquire();
    work();
    Smoked.release();
  });
  std::jthread Third([&] {
    WithTobacco.acquire();
    work();
    Smoked.release();
  });
  WithMatch.release();
  Smoked.acquire();
  WithPaper.release();
  Smoked.acquire();
  WithTobacco.release();
  Smoked.acquire();
}

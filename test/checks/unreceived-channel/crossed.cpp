// RUN: %check_tether %s unreceived-channel
// Objects in an array whose members name the ends of others: which object it is, is not known.
#include <semaphore>
#include <thread>

void use(int);

class Filter {
public:
  Filter(std::counting_semaphore<> &Mine, std::counting_semaphore<> &Next) : Mine(Mine), Next(Next) {}
  void run(int Index) {
    for (int Left = 8; Left != 0; --Left) {
      if (Index == 0)
        Next.release();
      Mine.acquire();
      // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: receive from 'First' may never return: 'alone_bad' leaves without sending
      if (Index == 1)
        Next.release();
    }
  }

private:
  std::counting_semaphore<> &Mine, &Next;
};

void crossed_ok() {
  std::counting_semaphore<> First(0), Second(0);
  Filter *Both[2];
  Both[0] = new Filter(First, Second);
  Both[1] = new Filter(Second, First);
  std::thread Other([&Both] { Both[1]->run(1); });
  Both[0]->run(0);
  Other.join();
  delete Both[0];
  delete Both[1];
}

void alone_bad() {
  std::counting_semaphore<> First(0), Second(0);
  Filter *Only[1];
  Only[0] = new Filter(First, Second);
  std::thread Other([&Only] { Only[0]->run(1); });
  use(1);
  Other.join();
  delete Only[0];
}

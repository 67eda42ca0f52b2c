// flags: -std=c++20
// needs: /usr/include/concurrentqueue/blockingconcurrentqueue.h
// needs: /usr/include/readerwriterqueue/readerwritercircularbuffer.h
#include <concurrentqueue/blockingconcurrentqueue.h>
#include <readerwriterqueue/readerwritercircularbuffer.h>
#include <readerwriterqueue/readerwriterqueue.h>

using namespace moodycamel;

void several(ConcurrentQueue<int> &Queue, BlockingConcurrentQueue<int> &Blocking,
             ConsumerToken &Me) {
  int Values[2];
  Queue.enqueue(1);
  Queue.try_enqueue(1);
  Queue.try_dequeue(Values[0]);
  Queue.try_dequeue_bulk(Values, 2);
  Queue.size_approx();
  Blocking.enqueue(1);
  Blocking.wait_dequeue(Values[0]);
  Blocking.wait_dequeue_timed(Values[0], -1);
  Blocking.wait_dequeue_timed(Me, Values[0], -1);
  Blocking.wait_dequeue_bulk(Values, 2);
  Blocking.wait_dequeue_bulk_timed(Values, 2, -1);
  Blocking.wait_dequeue_bulk_timed(Me, Values, 2, -1);
}

void one(ReaderWriterQueue<int> &Queue, BlockingReaderWriterQueue<int> &Blocking,
         BlockingReaderWriterCircularBuffer<int> &Ring) {
  int Value;
  Queue.enqueue(1);
  Queue.try_enqueue(1);
  Queue.try_dequeue(Value);
  Blocking.wait_dequeue(Value);
  Blocking.wait_dequeue_timed(Value, -1);
  Ring.wait_enqueue(1);
  Ring.wait_enqueue_timed(1, -1);
  Ring.try_enqueue(1);
  Ring.wait_dequeue(Value);
  Ring.wait_dequeue_timed(Value, -1);
  Ring.try_dequeue(Value);
}

void slots(LightweightSemaphore &Slots) {
  Slots.wait();
  Slots.wait(-1);
  Slots.tryWait();
  Slots.signal();
}

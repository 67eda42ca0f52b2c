// flags: -std=c++20
// needs: /usr/include/absl/synchronization/mutex.h
#include <absl/base/call_once.h>
#include <absl/synchronization/barrier.h>
#include <absl/synchronization/blocking_counter.h>
#include <absl/synchronization/mutex.h>
#include <absl/synchronization/notification.h>
#include <absl/time/clock.h>

void mutexes(absl::Mutex &Mutex, bool &Ready, absl::Duration Time, absl::Time Deadline) {
  absl::Condition Condition(&Ready);
  Mutex.Lock();
  Mutex.TryLock();
  Mutex.AssertHeld();
  Mutex.Await(Condition);
  Mutex.AwaitWithTimeout(Condition, Time);
  Mutex.AwaitWithDeadline(Condition, Deadline);
  Mutex.LockWhen(Condition);
  Mutex.LockWhenWithTimeout(Condition, Time);
  Mutex.LockWhenWithDeadline(Condition, Deadline);
  Mutex.Unlock();
  Mutex.ReaderLock();
  Mutex.ReaderTryLock();
  Mutex.ReaderUnlock();
  absl::MutexLock Lock(&Mutex);
  absl::ReaderMutexLock Reader(&Mutex);
  absl::WriterMutexLock Writer(&Mutex);
  absl::MutexLockMaybe Maybe(&Mutex);
  absl::ReleasableMutexLock Releasable(&Mutex);
  Releasable.Release();
}

void waiting(absl::CondVar &Condition, absl::Mutex &Mutex, absl::Notification &Done,
             absl::BlockingCounter &Counter, absl::Barrier &Barrier, absl::Duration Time,
             absl::Time Deadline) {
  Condition.Wait(&Mutex);
  Condition.WaitWithTimeout(&Mutex, Time);
  Condition.WaitWithDeadline(&Mutex, Deadline);
  Condition.Signal();
  Condition.SignalAll();
  Done.WaitForNotification();
  Done.WaitForNotificationWithTimeout(Time);
  Done.WaitForNotificationWithDeadline(Deadline);
  Done.HasBeenNotified();
  Done.Notify();
  Counter.Wait();
  Counter.DecrementCount();
  Barrier.Block();
  absl::SleepFor(Time);
  static absl::once_flag Once;
  absl::call_once(Once, [] {});
}

// flags: -std=c11 -I/usr/include/SDL2
// needs: /usr/include/SDL2/SDL.h
#include <SDL.h>

static int body(void *Data) { return 0; }

void tasks(void) {
  SDL_Thread *Thread = SDL_CreateThread(body, "worker", 0);
  SDL_GetThreadID(Thread);
  SDL_GetThreadName(Thread);
  SDL_WaitThread(Thread, 0);
  Thread = SDL_CreateThreadWithStackSize(body, "worker", 65536, 0);
  SDL_DetachThread(Thread);
  SDL_Delay(1);
}

void waits(SDL_cond *Condition, SDL_mutex *Mutex, SDL_sem *Slots) {
  SDL_CondWait(Condition, Mutex);
  SDL_CondWaitTimeout(Condition, Mutex, SDL_MUTEX_MAXWAIT);
  SDL_CondSignal(Condition);
  SDL_CondBroadcast(Condition);
  SDL_SemWait(Slots);
  SDL_SemWaitTimeout(Slots, 1);
  SDL_SemTryWait(Slots);
  SDL_SemPost(Slots);
  SDL_SemValue(Slots);
}

void locks(SDL_mutex *Mutex, SDL_SpinLock *Spin) {
  SDL_LockMutex(Mutex);
  SDL_TryLockMutex(Mutex);
  SDL_UnlockMutex(Mutex);
  SDL_AtomicLock(Spin);
  SDL_AtomicTryLock(Spin);
  SDL_AtomicUnlock(Spin);
}

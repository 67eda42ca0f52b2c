// flags: -std=c11 -D_GNU_SOURCE
// needs: /usr/include/grpc/support/sync.h
#include <grpc/support/sync.h>
#include <grpc/support/time.h>

void waits(gpr_cv *Condition, gpr_mu *Mutex, gpr_event *Event) {
  gpr_mu_init(Mutex);
  gpr_cv_init(Condition);
  gpr_mu_lock(Mutex);
  gpr_mu_trylock(Mutex);
  gpr_cv_wait(Condition, Mutex, gpr_inf_future(GPR_CLOCK_REALTIME));
  gpr_cv_signal(Condition);
  gpr_cv_broadcast(Condition);
  gpr_mu_unlock(Mutex);
  gpr_event_wait(Event, gpr_inf_future(GPR_CLOCK_REALTIME));
  gpr_event_set(Event, Event);
  gpr_sleep_until(gpr_now(GPR_CLOCK_REALTIME));
  gpr_cv_destroy(Condition);
  gpr_mu_destroy(Mutex);
}

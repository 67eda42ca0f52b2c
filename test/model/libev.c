// flags: -std=c11
// needs: /usr/include/ev.h
#include <ev.h>

void loops(struct ev_loop *Loop, ev_async *Signal) {
  ev_run(Loop, 0);
  ev_break(Loop, EVBREAK_ALL);
  ev_async_send(Loop, Signal);
  ev_sleep(0.1);
}

// flags: -std=c11
// needs: /usr/include/event2/event.h
#include <event2/event.h>

void loops(struct event_base *Base) {
  event_base_dispatch(Base);
  event_base_loop(Base, EVLOOP_ONCE);
  event_base_loopbreak(Base);
  event_base_loopexit(Base, 0);
}

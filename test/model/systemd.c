// flags: -std=c11 -D_GNU_SOURCE
// needs: /usr/include/systemd/sd-bus.h
#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

void buses(sd_bus *Bus, sd_bus_message *Message) {
  sd_bus_call(Bus, Message, 0, 0, 0);
  sd_bus_wait(Bus, UINT64_MAX);
}

void loops(sd_event *Loop) {
  sd_event_wait(Loop, UINT64_MAX);
  sd_event_run(Loop, UINT64_MAX);
  sd_event_loop(Loop);
  sd_event_exit(Loop, 0);
}

// flags: -std=c11
// needs: /usr/include/mosquitto.h
#include <mosquitto.h>

void loops(struct mosquitto *Client) {
  mosquitto_loop_forever(Client, -1, 1);
  mosquitto_loop(Client, 100, 1);
  mosquitto_loop_start(Client);
  mosquitto_disconnect(Client);
  mosquitto_loop_stop(Client, false);
}

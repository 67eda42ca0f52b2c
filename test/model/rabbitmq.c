// flags: -std=c11 -D_GNU_SOURCE
// needs: /usr/include/amqp.h
#include <amqp.h>

void messages(amqp_connection_state_t Connection, amqp_frame_t *Frame) {
  amqp_envelope_t Envelope;
  amqp_message_t Message;
  amqp_consume_message(Connection, &Envelope, NULL, 0);
  amqp_simple_wait_frame(Connection, Frame);
  amqp_simple_wait_frame_noblock(Connection, Frame, NULL);
  amqp_read_message(Connection, 1, &Message, 0);
}

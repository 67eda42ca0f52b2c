// flags: -std=c11
// needs: /usr/include/zmq.h
#define ZMQ_BUILD_DRAFT_API
#include <zmq.h>

static void body(void *Data) {}

void messages(void *Context, void *Socket, void *Other, zmq_msg_t *Message, char *Data) {
  zmq_pollitem_t Item;
  zmq_poller_event_t Event;
  zmq_recv(Socket, Data, 1, 0);
  zmq_msg_recv(Message, Socket, 0);
  zmq_poll(&Item, 1, -1);
  zmq_poller_wait(Other, &Event, -1);
  zmq_proxy(Socket, Other, 0);
  zmq_ctx_shutdown(Context);
}

void tasks(void) {
  void *Thread = zmq_threadstart(body, 0);
  zmq_threadclose(Thread);
  zmq_sleep(1);
}

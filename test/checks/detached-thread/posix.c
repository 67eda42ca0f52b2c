// RUN: %check_tether %s detached-thread
#include <pthread.h>

struct server {
  pthread_t acceptor;
  int socket;
};

static void *serve(void *data) {
  pthread_detach(pthread_self());
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: temporary thread is detached:
  return data;
}

int member_bad(struct server *server) {
  int error = pthread_create(&server->acceptor, 0, serve, server);
  if (error)
    return error;
  return pthread_detach(server->acceptor);
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: thread 'acceptor' is detached:
}

int member_ok(struct server *server) {
  int error = pthread_create(&server->acceptor, 0, serve, server);
  if (error)
    return error;
  return pthread_join(server->acceptor, 0);
}

// The attribute is set in one place and used in another: its value is not followed.
void FN_detached_from_birth(pthread_t *worker) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_create(worker, &attributes, serve, 0);
  pthread_attr_destroy(&attributes);
}

void joinable_attribute_ok(void) {
  pthread_t worker;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_JOINABLE);
  pthread_create(&worker, &attributes, serve, 0);
  pthread_attr_destroy(&attributes);
  pthread_join(worker, 0);
}

// flags: -std=c++20
// needs: /usr/include/httplib.h
#include <httplib.h>

void servers(httplib::Server &Server) {
  Server.listen("localhost", 80);
  Server.listen_after_bind();
  Server.stop();
}

void tasks(httplib::TaskQueue &Queue) {
  Queue.enqueue([] {});
  Queue.shutdown();
}

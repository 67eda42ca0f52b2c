// flags: -std=c++17
// needs: /usr/include/zmq.hpp
#include <zmq.hpp>

void messages(zmq::context_t &Context, zmq::socket_t &Socket, zmq::message_t &Message,
              zmq::pollitem_t *Items) {
  Socket.bind("inproc://name");
  Socket.recv(Message, zmq::recv_flags::none);
  zmq::poll(Items, 1, -1);
  Context.shutdown();
}

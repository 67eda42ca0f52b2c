// flags: -std=c11
// needs: /usr/include/nanomsg/nn.h
#include <nanomsg/nn.h>

void messages(int Socket, int Other, char *Data, struct nn_msghdr *Message) {
  struct nn_pollfd Poll;
  int Limit = 100;
  nn_setsockopt(Socket, NN_SOL_SOCKET, NN_RCVTIMEO, &Limit, sizeof Limit);
  nn_recv(Socket, Data, 1, 0);
  nn_recvmsg(Socket, Message, 0);
  nn_poll(&Poll, 1, -1);
  nn_device(Socket, Other);
  nn_close(Socket);
}

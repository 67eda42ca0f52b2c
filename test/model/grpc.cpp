// flags: -std=c++20
// needs: /usr/include/grpcpp/grpcpp.h
#include <grpcpp/grpcpp.h>

void queues(grpc::CompletionQueue &Queue) {
  void *Tag;
  bool Ok;
  Queue.Next(&Tag, &Ok);
  Queue.AsyncNext(&Tag, &Ok, gpr_inf_future(GPR_CLOCK_REALTIME));
  Queue.Shutdown();
}

void calls(grpc::ClientContext &Client, grpc::ServerContext &Server, grpc::Channel &Channel) {
  Client.TryCancel();
  Server.TryCancel();
  Server.IsCancelled();
  Channel.WaitForStateChange(GRPC_CHANNEL_IDLE, gpr_inf_future(GPR_CLOCK_REALTIME));
  Channel.WaitForConnected(gpr_inf_future(GPR_CLOCK_REALTIME));
}

void servers(grpc::Server &Server) {
  Server.Wait();
  Server.Shutdown();
}

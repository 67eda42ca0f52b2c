// flags: -std=c11
// needs: /usr/include/nats/nats.h
#include <nats/nats.h>

void messages(natsConnection *Connection, natsSubscription *Subscription) {
  natsMsg *Message;
  natsMsgList Several;
  natsSubscription_NextMsg(&Message, Subscription, 100);
  natsSubscription_Fetch(&Several, Subscription, 1, 100, 0);
  natsSubscription_WaitForDrainCompletion(Subscription, -1);
  natsConnection_Request(&Message, Connection, "subject", "", 0, 100);
  natsConnection_RequestString(&Message, Connection, "subject", "", 100);
  natsConnection_FlushTimeout(Connection, 100);
  natsSubscription_Unsubscribe(Subscription);
  nats_Sleep(1);
}

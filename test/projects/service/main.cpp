#include "audit.h"
#include "courier.h"
#include "desk.h"
#include "router.h"
#include "sorter.h"
#include <chrono>
#include <iostream>
#include <sstream>

using namespace mailroom;

int main() {
  std::ostringstream Book;
  Audit Log(Book);
  Log.note("open");

  Sorter Inbound;
  Inbound.start();
  for (int I = 1; I <= 5; ++I)
    Inbound.put({I, "Street 3", 100 * I});

  Desk Offers;
  for (int I = 1; I <= 3; ++I)
    Offers.add([I](const Parcel &P) { return Offer{"carrier " + std::to_string(I), P.Grams * I}; });
  if (auto Best = Offers.ask({6, "Street 3", 250}, 300))
    Log.note("carried by " + Best->Carrier);

  Router Plan;
  std::cout << "line " << Plan.lineTo("Street 3").value_or(-1) << '\n';
  std::cout << "line " << Plan.lineTo("Where?").value_or(-1) << '\n';

  std::stop_source Morning;
  Courier Carrier;
  if (!Carrier.open(Morning.get_token()))
    return 1;
  Morning.request_stop(); // the round is over, the connection stays open

  std::vector<Parcel> Bag;
  while (Bag.size() < 5) {
    for (Parcel &P : Inbound.bagFor("Street 3"))
      Bag.push_back(std::move(P));
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  std::cout << "delivered " << Carrier.deliver(Bag) << '\n';
  Inbound.stop();
  Log.note("closed");
}

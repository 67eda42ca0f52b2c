// flags: -std=c++17
// needs: /usr/include/caf/all.hpp
#include <caf/all.hpp>

void waits(caf::actor_system &System, caf::scoped_actor &Self, caf::actor Other) {
  Self->wait_for(Other);
  Self->await_all_other_actors_done();
  System.await_all_actors_done();
}

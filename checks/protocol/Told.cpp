#include "protocol/Told.h"
#include "protocol/Channels.h"
#include "protocol/Conditions.h"
#include "protocol/Locks.h"
#include "protocol/Promises.h"
#include "protocol/StopProtocol.h"
#include "protocol/Waits.h"

namespace tether {

template <typename Findings> static void addSteps(ToldPlaces &Told, const Findings &Found) {
  for (const auto &F : Found) {
    Told.add(F.Where);
    for (const Step &S : F.Steps)
      Told.add(S.Where);
  }
}

ToldPlaces findTold(const Program &P) {
  ToldPlaces Told;
  for (const Hostage &H : findHostages(P, /*All=*/false))
    Told.add(H.Wait->At);
  for (const LockCycle &C : findLockCycles(P)) {
    Told.add(C.One.Lock->At);
    Told.add(C.Other.Lock->At);
  }
  for (const Nested &N : findRelocked(P, /*Strict=*/false))
    Told.add(N.Lock->At);

  addSteps(Told, findUnnotified(P));
  addSteps(Told, findUnlocked(P));
  addSteps(Told, findBlindWaits(P));
  addSteps(Told, leftUnfinished(P));
  addSteps(Told, neverDeliveredMembers(P));
  addSteps(Told, notGivenBack(P));
  addSteps(Told, forgottenOnes(P));
  addSteps(Told, stopForgotten(P));
  for (const Task &T : P.tasks()) {
    if (!T.Body)
      continue;
    for (auto Query : {stopOverwritten, joinsItself, joinedBeforeWoken})
      if (auto Found = Query(P, T))
        addSteps(Told, std::vector<Unstoppable>{*Found});
  }
  for (const Stuck &S : receiversLeave(P))
    Told.add(S.End->At);
  for (const auto &F : P.functions()) {
    addSteps(Told, neverDelivered(P, *F));
    addSteps(Told, countsShort(P, *F));
    for (const Stuck &S : abandonedByStarter(P, *F, /*Strict=*/false))
      Told.add(S.End->At);
    F->forEach([&](const Event &E, Position At) {
      if (E.Immediate && isOpenWait(E) && findUnwoken(P, {F.get(), &E, At}))
        Told.add(E.At);
    });
  }
  return Told;
}

} // namespace tether

#include "protocol/Told.h"
#include "protocol/Channels.h"
#include "protocol/Conditions.h"
#include "protocol/Forgotten.h"
#include "protocol/Locks.h"
#include "protocol/Meetings.h"
#include "protocol/Notifications.h"
#include "protocol/Promises.h"
#include "protocol/Requests.h"
#include "protocol/StopProtocol.h"
#include "protocol/Waits.h"
#include "protocol/WorkState.h"

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
  for (const LockCycle &C : P.answer(findLockCycles)) {
    Told.add(C.One.Lock->At);
    Told.add(C.Other.Lock->At);
  }
  for (const Nested &N : findRelocked(P, /*Strict=*/false))
    Told.add(N.Lock->At);

  for (auto Find : {findUnnotified, findUnlocked, findUnseen, findUnread})
    addSteps(Told, P.answer(Find));
  for (auto Find : {leftUnfinished, neverDeliveredMembers, neverAnswered, neverReached,
                    notGivenBack, forgottenOnes})
    addSteps(Told, P.answer(Find));
  for (auto Find : {findSelfJoins, findUnstoppable, findOverwritten, findForgotten})
    addSteps(Told, P.answer(Find));
  for (const Stuck &S : receiversLeave(P))
    Told.add(S.End->At);
  for (const auto &F : P.functions()) {
    addSteps(Told, neverDelivered(P, *F));
    addSteps(Told, countsShort(P, *F));
    addSteps(Told, leftMeeting(P, *F));
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

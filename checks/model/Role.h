// What an API call does, in one word.
//
// A role is what the API tables, attributes and inferred summaries agree on, and the only thing a
// rule may ask about: no rule knows a library's name. The spelling in the second column is the one
// used in the YAML tables, in `tether model` and in dumps.
#ifndef TETHER_MODEL_ROLE_H
#define TETHER_MODEL_ROLE_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>

namespace tether {

#define TETHER_ROLES(X)                                                                            \
  X(MakeToken, "make-token")     /* a token of the object */                                       \
  X(NeverToken, "never-token")   /* a token that is never stopped */                               \
  X(RequestStop, "request-stop") /* triggers a stop */                                             \
  X(Poll, "poll")                /* asks whether stop was requested */                             \
  X(OnStop, "on-stop")           /* registers a callback with a token, while the object lives */   \
  X(Spawn, "spawn")              /* starts a task */                                               \
  X(Join, "join")                /* waits for the end of a task */                                 \
  X(Detach, "detach")            /* gives up the handle of a running task */                       \
  X(Wait, "wait")                /* may block until another thread does something */               \
  X(Sleep, "sleep")              /* blocks for a time */                                           \
  X(Notify, "notify")            /* wakes waiters */                                               \
  X(Send, "send")                /* puts a value into a channel */                                 \
  X(Receive, "receive")          /* takes a value from a channel */                                \
  X(Close, "close")              /* ends a channel: both ends wake */                              \
  X(Select, "select")            /* does one of several sends and receives given as arguments */   \
  X(GetFuture, "get-future")     /* the receiving end of a one-shot channel */                     \
  X(Self, "self")                /* says which thread runs this code */                            \
  X(Lock, "lock")                                                                                  \
  X(Unlock, "unlock")                                                                              \
  X(Neutral, "neutral")     /* looks at the object, keeps nothing, changes nothing */              \
  X(Owns, "owns")           /* asks whether the object has something left to settle */             \
  X(Same, "same")           /* the result is the object itself: a move, a get(), a front() */      \
  X(Construct, "construct") /* makes an object of the type inside the result, or the container */  \
  X(Remove, "remove")       /* takes elements out of a container */                                \
  X(Input, "input")         /* takes bytes from a descriptor, which may have to wait for them */   \
  X(Output, "output")       /* gives bytes to a descriptor: who reads at its other end wakes */    \
  X(Limit, "limit")         /* waits on the descriptor end by themselves from now on */            \
  X(Exit, "exit")           /* ends the thread that runs it */                                     \
  X(Destroy, "destroy")     /* the object's life ends, now or soon */                              \
  X(Transfer, "transfer")   /* the object, or what it owes, now belongs to somebody else */        \
  /* What the language does, not an API: */                                                        \
  X(Call, "call")           /* of a function whose body we see */                                  \
  X(Invoke, "invoke")       /* of a callable object */                                             \
  X(Bind, "bind")           /* a reference or pointer member is made to name another object */     \
  X(Store, "store")         /* a value is kept in the object */                                    \
  X(Overwrite, "overwrite") /* the object gets a new value, the old one is lost */                 \
  X(Read, "read")           /* of plain state */                                                   \
  X(Throw, "throw")         /* an exception leaves the function here */                            \
  X(MayThrow, "may-throw")  /* code that cannot be seen runs here, and may throw */                \
  X(Write, "write")         /* of plain state */                                                   \
  X(Turn, "turn")           /* a loop begins again */

enum class Role : uint8_t {
#define TETHER_ROLE(Name, Spelling) Name,
  TETHER_ROLES(TETHER_ROLE)
#undef TETHER_ROLE
};

/// Tables and attributes can name the roles up to this one.
constexpr Role LastApiRole = Role::Transfer;

/// The spelling used in tables and dumps.
llvm::StringRef spelling(Role R);
/// Empty for a word that names no role.
std::optional<Role> parseRole(llvm::StringRef Word);

/// A set of roles, one bit each.
class RoleSet {
public:
  constexpr RoleSet() = default;
  constexpr RoleSet(Role R)
      : Bits(uint64_t{1} << static_cast<unsigned>(R)) {} // implicit: a role is a set
  constexpr bool contains(Role R) const { return (Bits & RoleSet(R).Bits) != 0; }
  constexpr bool intersects(RoleSet O) const { return (Bits & O.Bits) != 0; }
  constexpr bool empty() const { return Bits == 0; }
  static constexpr RoleSet all() {
    RoleSet S;
    S.Bits = ~uint64_t{0};
    return S;
  }
  friend constexpr RoleSet operator|(RoleSet A, RoleSet B) {
    A.Bits |= B.Bits;
    return A;
  }

private:
  uint64_t Bits = 0;
};
constexpr RoleSet operator|(Role A, Role B) { return RoleSet(A) | RoleSet(B); }

/// What calls do that a finding may be about; what is done to something that is there already is of
/// interest only together with what has made it. So is a wait: where there is no task, no token and
/// no lock, and what it waits for is of no type of ours, only a descriptor or a process is left,
/// and nobody who could end it, or be kept waiting.
constexpr RoleSet Beginnings = Role::MakeToken | Role::NeverToken | Role::RequestStop | Role::Poll |
                               Role::OnStop | Role::Spawn | Role::Join | Role::Detach | Role::Send |
                               Role::Receive | Role::Select | Role::GetFuture | Role::Lock;

/// What an object is, by its type.
#define TETHER_KINDS(X)                                                                            \
  X(None, "none")                                                                                  \
  X(Token, "token")               /* polled or waited with to learn of a stop */                   \
  X(Source, "source")             /* triggers a stop; copies share the state */                    \
  X(Registration, "registration") /* a callback registered while the object lives */               \
  X(Thread, "thread")             /* owns one running task */                                      \
  X(Group, "group")               /* owns several running tasks: pool, group, scope */             \
  X(Future, "future")             /* result of a task, or receiving end of a one-shot channel */   \
  X(Channel, "channel")           /* queue, rendezvous, semaphore, latch, promise, ... */          \
  X(Condition, "condition") /* condition variable or other thing without a memory to wait on */    \
  X(Mutex, "mutex")                                                                                \
  X(Guard, "guard")         /* holds a mutex while it lives */                                     \
  X(Pointer, "pointer")     /* stands for what it points to or holds: smart pointer, optional */   \
  X(Callable, "callable")   /* holds a function */                                                 \
  X(Unwinding, "unwinding") /* what is thrown to end a task */

enum class TypeKind : uint8_t {
#define TETHER_KIND(Name, Spelling) Name,
  TETHER_KINDS(TETHER_KIND)
#undef TETHER_KIND
};
llvm::StringRef spelling(TypeKind K);
std::optional<TypeKind> parseTypeKind(llvm::StringRef Word);

} // namespace tether

#endif

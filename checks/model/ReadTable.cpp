#include "model/ReadTable.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"
#include <map>
#include <tuple>

using namespace tether;
namespace yaml = llvm::yaml;
using llvm::StringRef;
using llvm::Twine;

namespace {

/// The words that `is:` takes in `calls`.
std::vector<StringRef> roleWords() {
  std::vector<StringRef> Words;
  for (unsigned I = 0; I <= static_cast<unsigned>(LastApiRole); ++I)
    Words.push_back(spelling(static_cast<Role>(I)));
  return Words;
}

/// The words that `is:` takes in `types`.
std::vector<StringRef> kindWords() {
  return {
#define TETHER_KIND(Name, Spelling) Spelling,
      TETHER_KINDS(TETHER_KIND)
#undef TETHER_KIND
  };
}

class Reader {
public:
  Reader(llvm::MemoryBufferRef Text, const ApiTable &Base)
      : Base(Base), Stream(Text, Sources, /*ShowColors=*/false) {
    Sources.setDiagHandler(
        [](const llvm::SMDiagnostic &D, void *Self) {
          auto &R = *static_cast<Reader *>(Self);
          R.SyntaxErrors.push_back(place(D.getFilename(), D.getLineNo(), D.getColumnNo() + 1) +
                                   D.getMessage().str());
        },
        this);
  }

  llvm::Expected<TableEntries> read() {
    readDocuments();
    for (const Likeness &L : Alike)
      copy(L);
    // What follows a syntax error is noise.
    const std::vector<std::string> &Problems = SyntaxErrors.empty() ? Mistakes : SyntaxErrors;
    if (!Problems.empty())
      return llvm::createStringError(llvm::inconvertibleErrorCode(), "%s",
                                     llvm::join(Problems, "\n").c_str());
    for (Api &A : Out.Calls)
      A.ExternC = ExternC;
    return std::move(Out);
  }

private:
  static std::string place(StringRef File, unsigned Line, unsigned Column) {
    return (File + ":" + Twine(Line) + ":" + Twine(Column) + ": ").str();
  }
  std::string file() const {
    return Sources.getMemoryBuffer(Sources.getMainFileID())->getBufferIdentifier().str();
  }
  unsigned line(const yaml::Node &N) const {
    return Sources.getLineAndColumn(N.getSourceRange().Start).first;
  }
  void mistake(const yaml::Node &N, const Twine &Message) {
    Mistakes.push_back(place(N) + Message.str());
  }
  std::string place(const yaml::Node &N) {
    llvm::SMLoc Start = N.getSourceRange().Start;
    auto [Line, Column] = Sources.getLineAndColumn(Start);
    // The range of {a: b} and [a, b] starts after the bracket.
    if (Column > 1 && !llvm::isa<yaml::ScalarNode>(N) &&
        StringRef("{[").contains(Start.getPointer()[-1]))
      --Column;
    return place(file(), Line, Column);
  }

  void readDocuments() {
    yaml::document_iterator Document = Stream.begin();
    if (Document == Stream.end())
      return;
    if (yaml::Node *Root = Document->getRoot())
      readTop(*Root);
    if (Stream.failed() || ++Document == Stream.end())
      return;
    if (yaml::Node *Second = Document->getRoot())
      mistake(*Second, "expected one YAML document in a file");
  }

  void readTop(yaml::Node &Root) {
    if (llvm::isa<yaml::NullNode>(Root))
      return; // an empty file is an empty table
    forEachKey(Root, "a table", {"library", "linkage", "types", "calls"},
               [&](StringRef Key, yaml::Node &V) {
                 if (Key == "library")
                   Out.Library = word(V, "library").value_or("");
                 else if (Key == "linkage")
                   ExternC = linkage(V);
                 else if (Key == "types")
                   forEachItem(V, "types", [&](yaml::Node &Entry) { readType(Entry); });
                 else
                   forEachItem(V, "calls", [&](yaml::Node &Entry) { readCall(Entry); });
               });
  }

  void readCall(yaml::Node &Entry) {
    Api A;
    A.Where = where(Entry);
    bool HasRole = false;
    Likeness L;
    size_t Before = Mistakes.size();
    forEachKey(Entry, "an entry of 'calls'",
               {"call",         "also",      "is",        "like",      "on",         "arity",
                "params",       "timeout",   "unit",      "infinite",  "flags",      "nonblocking",
                "callable",     "blocks",    "case",      "detached",  "attributes", "meets",
                "result-joins", "shared",    "wakes",     "while",     "set",        "count",
                "joined",       "stoppable", "token-arg", "timed-out", "unwinds",    "unwound"},
               [&](StringRef Key, yaml::Node &V) {
                 if (Key == "call")
                   set(A.Call, name(V, Key));
                 else if (Key == "also")
                   forEachWord(V, Key, [&](yaml::Node &Item) {
                     if (std::optional<std::string> Name = name(Item, Key))
                       A.Also.push_back(*Name);
                   });
                 else if (Key == "is")
                   HasRole = true, set(A.Is, role(V, Key));
                 else if (Key == "like")
                   set(L.Other, name(V, Key)), L.Place = place(V);
                 else if (Key == "on")
                   A.On = operand(V);
                 else if (Key == "arity")
                   A.Arity = index(V, "arity: a number of arguments");
                 else if (Key == "params")
                   forEachWord(V, Key, [&](yaml::Node &Item) {
                     A.Params.push_back(word(Item, Key).value_or(""));
                   });
                 else if (Key == "timeout")
                   A.Timeout = index(V, "timeout: the index of an argument, counted from 0");
                 else if (Key == "unit")
                   A.Unit = unit(V);
                 else if (Key == "infinite")
                   forEachWord(V, Key, [&](yaml::Node &Item) {
                     A.Infinite.push_back(word(Item, Key).value_or(""));
                   });
                 else if (Key == "flags")
                   A.Flags = index(V, "flags: the index of an argument, counted from 0");
                 else if (Key == "nonblocking")
                   forEachWord(V, Key, [&](yaml::Node &Item) {
                     A.NonBlocking.push_back(word(Item, Key).value_or(""));
                   });
                 else if (Key == "callable")
                   A.Callable = index(V, "callable: the index of an argument, counted from 0");
                 else if (Key == "blocks")
                   set(A.Blocks, boolean(V, Key));
                 else if (Key == "case")
                   set(A.Case, boolean(V, Key));
                 else if (Key == "detached")
                   set(A.Detached, boolean(V, Key));
                 else if (Key == "attributes")
                   A.Attributes = index(V, "attributes: the index of an argument, counted from 0");
                 else if (Key == "meets")
                   set(A.Meets, boolean(V, Key));
                 else if (Key == "result-joins")
                   set(A.ResultJoins, boolean(V, Key));
                 else if (Key == "shared")
                   set(A.Shared, boolean(V, Key));
                 else if (Key == "while")
                   A.While = index(V, "while: the index of an argument, counted from 0");
                 else if (Key == "count")
                   A.Count = index(V, "count: the index of an argument, counted from 0");
                 else if (Key == "set")
                   set(A.Set, boolean(V, Key));
                 else if (Key == "joined")
                   A.Joined = idiom(V, Key);
                 else if (Key == "stoppable")
                   A.Stoppable = idiom(V, Key);
                 else if (Key == "timed-out")
                   A.TimedOut = idiom(V, Key);
                 else if (Key == "token-arg")
                   A.TokenArg = index(V, "token-arg: the index of an argument, counted from 0");
                 else if (Key == "unwinds")
                   set(A.Unwinds, boolean(V, Key));
                 else if (Key == "unwound")
                   A.Unwound = idiom(V, Key);
                 else
                   set(A.Wakes, wakes(V));
               });
    if (Mistakes.size() != Before)
      return;
    if (A.Call.empty())
      return mistake(Entry, "entry without 'call', expected {call: <qualified name>, is: <role>}");
    if (!L.Other.empty()) {
      L.Call = std::move(A);
      return addLike(std::move(L), {"call", "also", "like"});
    }
    if (!HasRole)
      return mistake(Entry,
                     "entry without 'is', expected one of: " + llvm::join(roleWords(), ", "));
    if (!A.Infinite.empty() && !A.Timeout)
      return mistake(Entry, "'infinite' without 'timeout', expected the index of the argument that "
                            "has these values");
    if (A.Unit && !A.Timeout)
      return mistake(Entry, "'unit' without 'timeout', expected the index of the argument that is "
                            "counted in it");
    if (A.NonBlocking.empty() != !A.Flags)
      return mistake(Entry, "'flags' and 'nonblocking' belong together: the index of the argument, "
                            "and the words and bits in it that mean \"return at once\"");
    if (!A.Wakes.empty() && A.Is != Role::Notify && A.Is != Role::RequestStop &&
        A.Is != Role::Close)
      return mistake(Entry, "'wakes' belongs to 'is: notify', 'is: request-stop' and 'is: close' "
                            "only");
    if (A.Count && A.Is != Role::Send)
      return mistake(Entry, "'count' belongs to 'is: send' only");
    if ((A.While || A.Set) && A.Is != Role::Wait)
      return mistake(Entry, "'while' and 'set' belong to 'is: wait' only");
    if (A.Unwinds && A.Is != Role::RequestStop)
      return mistake(Entry, "'unwinds' belongs to 'is: request-stop' only");
    if (A.Unwound && !A.Unwinds)
      return mistake(Entry, "'unwound' belongs to 'unwinds: true' only");
    auto [Earlier, New] = Seen.try_emplace({A.Call, A.Arity, A.Params}, A.Where);
    if (!New)
      return mistake(Entry, "'" + A.Call + "' is listed already at " + Earlier->second +
                                ", expected different 'arity' or 'params'");
    Out.Calls.push_back(std::move(A));
  }

  void readType(yaml::Node &Entry) {
    ApiType T;
    T.Where = where(Entry);
    bool HasKind = false;
    Likeness L;
    size_t Before = Mistakes.size();
    forEachKey(Entry, "an entry of 'types'",
               {"type",      "also",    "is",         "like",       "must-join", "leaks",
                "recursive", "shared",  "owner",      "on-destroy", "capacity",  "capacity-arg",
                "needs-arg", "joining", "stoppable",  "lock-by",    "link",      "later",
                "early",     "give-up", "begins-arg", "opens",      "own-token", "rereads"},
               [&](StringRef Key, yaml::Node &V) {
                 if (Key == "type")
                   set(T.Type, name(V, Key));
                 else if (Key == "also")
                   forEachWord(V, Key, [&](yaml::Node &Item) {
                     if (std::optional<std::string> Name = name(Item, Key))
                       T.Also.push_back(*Name);
                   });
                 else if (Key == "is")
                   HasKind = true, set(T.Is, kind(V));
                 else if (Key == "like")
                   set(L.Other, name(V, Key)), L.Place = place(V);
                 else if (Key == "must-join")
                   set(T.MustJoin, boolean(V, Key));
                 else if (Key == "leaks")
                   set(T.Leaks, boolean(V, Key));
                 else if (Key == "recursive")
                   set(T.Recursive, boolean(V, Key));
                 else if (Key == "rereads")
                   set(T.Rereads, boolean(V, Key));
                 else if (Key == "shared")
                   set(T.Shared, boolean(V, Key));
                 else if (Key == "owner")
                   set(T.Owner, boolean(V, Key));
                 else if (Key == "on-destroy")
                   forEachWord(V, Key, [&](yaml::Node &Item) {
                     if (std::optional<Role> R = role(Item, Key))
                       T.OnDestroy.push_back(*R);
                   });
                 else if (Key == "capacity")
                   T.Capacity = index(V, "capacity: a number of elements");
                 else if (Key == "capacity-arg")
                   T.CapacityArg =
                       index(V, "capacity-arg: the index of an argument, counted from 0");
                 else if (Key == "needs-arg")
                   T.NeedsArg = index(V, "needs-arg: the index of an argument, counted from 0");
                 else if (Key == "begins-arg")
                   T.BeginsArg = index(V, "begins-arg: the index of an argument, counted from 0");
                 else if (Key == "opens")
                   set(T.Opens, opening(V));
                 else if (Key == "joining")
                   T.Joining = idiom(V, Key);
                 else if (Key == "stoppable")
                   T.Stoppable = idiom(V, Key);
                 else if (Key == "lock-by")
                   T.LockBy = idiom(V, Key);
                 else if (Key == "link")
                   T.Link = idiom(V, Key);
                 else if (Key == "later")
                   T.Later = idiom(V, Key);
                 else if (Key == "early")
                   T.Early = idiom(V, Key);
                 else if (Key == "own-token")
                   T.OwnToken = idiom(V, Key);
                 else
                   T.GiveUp = idiom(V, Key);
               });
    if (Mistakes.size() != Before)
      return;
    if (T.Type.empty())
      return mistake(Entry, "entry without 'type', expected {type: <qualified name>, is: <kind>}");
    if (!L.Other.empty()) {
      L.Type = std::move(T);
      return addLike(std::move(L), {"type", "also", "like"});
    }
    if (!HasKind)
      return mistake(Entry,
                     "entry without 'is', expected one of: " + llvm::join(kindWords(), ", "));
    if ((T.Capacity || T.CapacityArg || T.NeedsArg || T.BeginsArg ||
         T.Opens != ApiType::EachSend) &&
        T.Is != TypeKind::Channel)
      return mistake(Entry, "'capacity', 'capacity-arg', 'needs-arg', 'begins-arg' and 'opens' "
                            "belong to 'is: channel' only");
    if (T.OwnToken && T.Is != TypeKind::Thread)
      return mistake(Entry, "'own-token' belongs to 'is: thread' only");
    if (T.Owner && T.Is != TypeKind::Pointer)
      return mistake(Entry, "'owner' belongs to 'is: pointer' only");
    auto [Earlier, New] = SeenTypes.try_emplace(T.Type, T.Where);
    if (!New)
      return mistake(Entry, "'" + T.Type + "' is listed already at " + Earlier->second);
    Out.Types.push_back(std::move(T));
  }

  /// A text, or a map with what it needs.
  Idiom idiom(yaml::Node &N, StringRef Key) {
    Idiom Found;
    if (!llvm::isa<yaml::MappingNode>(N)) {
      set(Found.Text, word(N, Key));
      return Found;
    }
    auto Outer = std::move(Given); // the keys around
    forEachKey(N, "what a fix writes", {"use", "headers", "since"},
               [&](StringRef Part, yaml::Node &V) {
                 if (Part == "use")
                   set(Found.Text, word(V, Part));
                 else if (Part == "headers")
                   forEachWord(V, Part, [&](yaml::Node &Item) {
                     Found.Headers.push_back(word(Item, Part).value_or(""));
                   });
                 else if (auto Since = index(V, "since: the two digits of a version of C++"))
                   Found.Since = *Since;
               });
    Given = std::move(Outer);
    if (!Found)
      mistake(N, "'" + Key + "' without 'use', expected {use: <what to write>}");
    return Found;
  }

  // Entries that are like others.

  struct Likeness {
    std::string Other, Place;
    Api Call;
    ApiType Type; ///< of a type if its name is set
  };

  void addLike(Likeness L, llvm::ArrayRef<StringRef> Allowed) {
    for (const auto &[Key, Place] : Given)
      if (!llvm::is_contained(Allowed, StringRef(Key)))
        return Mistakes.push_back(Place + "'like' stands for all other keys");
    Alike.push_back(std::move(L));
  }

  static bool isNamed(const Api &A, StringRef Name) {
    return A.Call == Name || llvm::is_contained(A.Also, Name);
  }
  static StringRef fileOf(StringRef Where) { return Where.rsplit(':').first; }

  /// The calls that \p Wanted chooses: of this table, and of the latest one before it that has any.
  template <typename Predicate> std::vector<Api> latest(Predicate Wanted) const {
    std::vector<Api> Found;
    llvm::copy_if(Out.Calls, std::back_inserter(Found), Wanted);
    auto Last = llvm::find_if(llvm::reverse(Base.calls()), Wanted);
    if (Last != Base.calls().rend())
      llvm::copy_if(Base.calls(), std::back_inserter(Found), [&](const Api &A) {
        return fileOf(A.Where) == fileOf(Last->Where) && Wanted(A);
      });
    return Found;
  }

  void copy(const Likeness &L) { L.Type.Type.empty() ? copyCall(L) : copyType(L); }

  void copyCall(const Likeness &L) {
    std::vector<Api> Found = latest([&](const Api &A) { return isNamed(A, L.Other); });
    if (Found.empty())
      Mistakes.push_back(L.Place + "no table lists a call '" + L.Other + "'");
    for (Api &A : Found)
      add(std::move(A), L.Call.Call, L.Call.Also, L.Call.Where);
  }

  /// The type gets what the other one has, its calls included.
  void copyType(const Likeness &L) {
    auto IsOther = [&](const ApiType &T) {
      return T.Type == L.Other || llvm::is_contained(T.Also, L.Other);
    };
    auto Own = llvm::find_if(Out.Types, IsOther);
    auto Earlier = llvm::find_if(llvm::reverse(Base.types()), IsOther);
    if (Own == Out.Types.end() && Earlier == Base.types().rend()) {
      Mistakes.push_back(L.Place + "no table lists a type '" + L.Other + "'");
      return;
    }
    ApiType T = Own != Out.Types.end() ? *Own : *Earlier;
    std::vector<std::string> Names = T.Also;
    Names.push_back(T.Type);
    T.Type = L.Type.Type;
    T.Also = L.Type.Also;
    T.Where = L.Type.Where;
    T.Joining = T.Stoppable = T.Link = T.Later = T.Early = Idiom(); // those go by the other's name
    Out.Types.push_back(T);

    // The name of a member, as any of the names of the call gives it.
    auto MemberIn = [&](StringRef Name) -> std::string {
      auto [Class, Last] = Name.rsplit("::");
      if (Last.empty() || !llvm::is_contained(Names, Class))
        return {};
      return (Last == lastPart(Class) ? lastPart(T.Type) : Last).str();
    };
    auto Member = [&](const Api &A) {
      std::string Found = MemberIn(A.Call);
      for (const std::string &Name : A.Also)
        if (Found.empty())
          Found = MemberIn(Name);
      return Found;
    };
    for (Api &A : latest([&](const Api &A) { return !Member(A).empty(); })) {
      std::string Name = Member(A);
      std::vector<std::string> Also;
      for (const std::string &Class : T.Also)
        Also.push_back(Class + "::" + Name);
      add(std::move(A), T.Type + "::" + Name, std::move(Also), T.Where);
    }
  }

  static StringRef lastPart(StringRef Name) {
    return Name.contains("::") ? Name.rsplit("::").second : Name;
  }

  /// A copy of \p A under another name, unless the table has lines of its own for that.
  void add(Api A, std::string Name, std::vector<std::string> Also, std::string Where) {
    if (llvm::any_of(Out.Calls,
                     [&](const Api &Own) { return isNamed(Own, Name) && Own.Where != Where; }))
      return;
    A.Call = std::move(Name);
    A.Also = std::move(Also);
    A.Where = std::move(Where);
    Out.Calls.push_back(std::move(A));
  }

  // Shapes of YAML.

  template <typename Action>
  void forEachKey(yaml::Node &N, const char *What, llvm::ArrayRef<StringRef> Known, Action Act) {
    auto *Map = llvm::dyn_cast<yaml::MappingNode>(&N);
    if (!Map)
      return mistake(N, Twine("expected ") + What + ", a map with the keys " +
                            llvm::join(Known, ", "));
    llvm::StringSet<> Done;
    Given.clear();
    for (yaml::KeyValueNode &Pair : *Map) {
      yaml::Node *Key = Pair.getKey();
      auto *Scalar = llvm::dyn_cast_or_null<yaml::ScalarNode>(Key);
      if (!Scalar) {
        if (Key)
          mistake(*Key, "expected a key, one of: " + llvm::join(Known, ", "));
        continue;
      }
      std::string Word = text(*Scalar);
      if (!llvm::is_contained(Known, StringRef(Word))) {
        mistake(*Key, unknown("key", Word, Known));
        continue;
      }
      if (!Done.insert(Word).second) {
        mistake(*Key, "key '" + Word + "' twice in one entry");
        continue;
      }
      Given.push_back({Word, place(*Key)});
      if (yaml::Node *Value = Pair.getValue())
        Act(Word, *Value);
    }
  }

  template <typename Action> void forEachItem(yaml::Node &N, StringRef Key, Action Act) {
    if (llvm::isa<yaml::NullNode>(N))
      return; // the key alone: an empty list
    auto *List = llvm::dyn_cast<yaml::SequenceNode>(&N);
    if (!List)
      return mistake(N, "expected a list of entries after '" + Key + ":'");
    for (yaml::Node &Item : *List)
      Act(Item);
  }

  /// A list of words, or one word in place of a list of one.
  template <typename Action> void forEachWord(yaml::Node &N, StringRef Key, Action Act) {
    auto *List = llvm::dyn_cast<yaml::SequenceNode>(&N);
    if (!List)
      return Act(N);
    for (yaml::Node &Item : *List)
      Act(Item);
  }

  static std::string text(yaml::ScalarNode &N) {
    llvm::SmallString<64> Storage;
    return N.getValue(Storage).str();
  }

  std::optional<std::string> word(yaml::Node &N, StringRef Key) {
    if (auto *Scalar = llvm::dyn_cast<yaml::ScalarNode>(&N))
      return text(*Scalar);
    mistake(N, "expected a word for '" + Key + "'");
    return std::nullopt;
  }

  // Values.

  template <typename T> static void set(T &To, std::optional<T> From) {
    if (From)
      To = std::move(*From);
  }

  std::optional<std::string> name(yaml::Node &N, StringRef Key) {
    std::optional<std::string> Name = word(N, Key);
    if (!Name)
      return Name;
    // operator< and operator() are names; a list of arguments is not.
    StringRef Last = StringRef(*Name).rsplit("::").second;
    StringRef Plain =
        Last.starts_with("operator") ? StringRef(*Name).drop_back(Last.size()) : StringRef(*Name);
    if (!Name->empty() && !Plain.contains_insensitive(" ") &&
        Plain.find_first_of("<>(),;*&") == StringRef::npos && !StringRef(*Name).starts_with("::"))
      return Name;
    mistake(N, "'" + *Name +
                   "' is no name, expected a qualified name without template arguments "
                   "and parameters, such as std::thread::join");
    return std::nullopt;
  }

  std::optional<Role> role(yaml::Node &N, StringRef Key) {
    std::optional<std::string> Word = word(N, Key);
    if (!Word)
      return std::nullopt;
    std::optional<Role> R = parseRole(*Word);
    if (R && *R <= LastApiRole)
      return R;
    mistake(N, unknown("role", *Word, roleWords()));
    return std::nullopt;
  }

  std::optional<TypeKind> kind(yaml::Node &N) {
    std::optional<std::string> Word = word(N, "is");
    if (!Word)
      return std::nullopt;
    std::optional<TypeKind> K = parseTypeKind(*Word);
    if (!K)
      mistake(N, unknown("kind of type", *Word, kindWords()));
    return K;
  }

  std::optional<ApiType::Opening> opening(yaml::Node &N) {
    std::optional<std::string> Word = word(N, "opens");
    if (!Word)
      return std::nullopt;
    auto Known = llvm::StringSwitch<std::optional<ApiType::Opening>>(*Word)
                     .Case("once", ApiType::Once)
                     .Case("rounds", ApiType::Rounds)
                     .Case("unknown", ApiType::Unknown)
                     .Default(std::nullopt);
    if (!Known)
      mistake(N, "expected opens: once, rounds or unknown, got '" + *Word + "'");
    return Known;
  }

  std::optional<Operand> operand(yaml::Node &N) {
    std::optional<std::string> Word = word(N, "on");
    if (!Word)
      return std::nullopt;
    unsigned Index;
    if (*Word == "this")
      return Operand{Operand::This};
    if (*Word == "result")
      return Operand{Operand::Result};
    if (!StringRef(*Word).getAsInteger(10, Index))
      return Operand{Operand::Argument, Index};
    mistake(N, "expected on: this, result or the index of an argument, got '" + *Word + "'");
    return std::nullopt;
  }

  std::optional<unsigned> index(yaml::Node &N, const char *Expected) {
    std::string Got;
    if (auto *Scalar = llvm::dyn_cast<yaml::ScalarNode>(&N)) {
      Got = text(*Scalar);
      unsigned Value;
      if (!StringRef(Got).getAsInteger(10, Value))
        return Value;
    }
    mistake(N, Twine("expected ") + Expected + (Got.empty() ? "" : ", got '" + Got + "'"));
    return std::nullopt;
  }

  std::optional<bool> boolean(yaml::Node &N, StringRef Key) {
    std::optional<std::string> Word = word(N, Key);
    if (!Word)
      return std::nullopt;
    if (*Word == "true" || *Word == "false")
      return *Word == "true";
    mistake(N, "expected " + Key + ": true or false, got '" + *Word + "'");
    return std::nullopt;
  }

  bool linkage(yaml::Node &N) {
    std::optional<std::string> Word = word(N, "linkage");
    if (Word && *Word != "C" && *Word != "C++")
      mistake(N, "expected linkage: C or C++, got '" + *Word + "'");
    return Word == "C";
  }

  std::optional<std::string> wakes(yaml::Node &N) {
    std::optional<std::string> Word = word(N, "wakes");
    if (!Word || *Word == "all" || *Word == "one" || *Word == "none")
      return Word;
    mistake(N, "expected wakes: all, one or none, got '" + *Word + "'");
    return std::nullopt;
  }

  int64_t unit(yaml::Node &N) {
    std::optional<std::string> Word = word(N, "unit");
    int64_t Unit = Word ? llvm::StringSwitch<int64_t>(*Word)
                              .Case("s", 1'000'000'000)
                              .Case("ms", 1'000'000)
                              .Case("us", 1'000)
                              .Case("ns", 1)
                              .Default(0)
                        : 0;
    if (Word && !Unit)
      mistake(N, "expected unit: s, ms, us or ns, got '" + *Word + "'");
    return Unit;
  }

  static std::string unknown(const char *What, StringRef Word, llvm::ArrayRef<StringRef> Known) {
    std::string Message = ("unknown " + Twine(What) + " '" + Word + "', ").str();
    StringRef Nearest;
    unsigned Best = 3; // more letters wrong than this is another word
    for (StringRef K : Known) {
      unsigned Distance = Word.edit_distance(K, /*AllowReplacements=*/true, Best);
      if (Distance < Best)
        Best = Distance, Nearest = K;
    }
    if (!Nearest.empty())
      return Message + ("did you mean '" + Nearest + "'?").str();
    return Message + "expected one of: " + llvm::join(Known, ", ");
  }

  std::string where(const yaml::Node &Entry) const {
    return file() + ":" + llvm::utostr(line(Entry));
  }

  const ApiTable &Base;
  std::vector<Likeness> Alike;
  std::vector<std::pair<std::string, std::string>> Given; ///< keys of the last entry, with places
  llvm::SourceMgr Sources;
  yaml::Stream Stream;
  TableEntries Out;
  bool ExternC = false;
  std::vector<std::string> Mistakes, SyntaxErrors;
  std::map<std::tuple<std::string, std::optional<unsigned>, std::vector<std::string>>, std::string>
      Seen;
  std::map<std::string, std::string> SeenTypes;
};

} // namespace

llvm::Expected<TableEntries> tether::readTable(llvm::MemoryBufferRef Text, const ApiTable &Base) {
  return Reader(Text, Base).read();
}

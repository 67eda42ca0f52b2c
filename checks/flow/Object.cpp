#include "flow/Object.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"

namespace tether {

static unsigned idOf(const Symbol *S) { return S ? S->Id : 0; }

Object::Object(const Symbol *Root) {
  if (!Root)
    return;
  if (!Root->AsObject)
    Root->AsObject = std::make_unique<ObjectName>(Root);
  Is = Root->AsObject.get();
}

Object Object::field(const Symbol *F) const {
  if (!Is)
    return {};
  auto Known = llvm::find_if(Is->Fields, [&](const auto &N) { return N->Path.back() == F; });
  if (Known != Is->Fields.end())
    return Object(Known->get());
  auto New = std::make_unique<ObjectName>(Is->Root);
  New->Whole = Is;
  New->Path.reserve(Is->Path.size() + 1);
  New->Path = Is->Path;
  New->Path.push_back(F);
  return Object(Is->Fields.emplace_back(std::move(New)).get());
}

bool Object::operator<(const Object &O) const {
  if (Is == O.Is)
    return false;
  if (root() != O.root())
    return idOf(root()) < idOf(O.root());
  return std::lexicographical_compare(
      Is->Path.begin(), Is->Path.end(), O.Is->Path.begin(), O.Is->Path.end(),
      [](const Symbol *A, const Symbol *B) { return A->Id < B->Id; });
}

bool Object::isWithin(const Object &O) const {
  for (const ObjectName *N = Is; N; N = N->Whole)
    if (N == O.Is)
      return true;
  return false;
}

Object Object::rebased(const Object &From, const Object &To) const {
  Object Result = To;
  for (const Symbol *F : path().drop_front(From.path().size()))
    Result = Result.field(F);
  return Result;
}

std::string quoted(const Object &O) {
  if (!O)
    return "an object";
  llvm::StringRef Name = O.leaf()->Name;
  if (!Name.empty())
    return ("'" + Name + "'").str();
  return ("temporary " + (O.kind() == TypeKind::None ? "object" : spelling(O.kind()))).str();
}

std::string spelled(const Object &O) {
  if (!O)
    return "";
  std::string Text = O.root()->Where == Symbol::This ? "" : O.root()->Name;
  for (const Symbol *F : O.path())
    Text += (Text.empty() ? "" : ".") + F->Name;
  return Text;
}

std::string describe(const Object &O) {
  if (!O || O.leaf()->Name.empty() || O.kind() == TypeKind::None)
    return quoted(O);
  return (spelling(O.kind()) + " " + quoted(O)).str();
}

std::string dump(const Object &O) {
  if (!O)
    return "?";
  auto One = [](const Symbol *S) -> std::string {
    if (S->Where == Symbol::This)
      return "this";
    return S->Name.empty() ? "temporary" : S->Name;
  };
  std::string Text = One(O.root());
  for (const Symbol *F : O.path())
    Text += "." + One(F);
  return Text;
}

} // namespace tether

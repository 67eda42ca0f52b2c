#include "flow/Object.h"
#include "llvm/ADT/Twine.h"

namespace tether {

static unsigned idOf(const Symbol *S) { return S ? S->Id : 0; }

bool Object::operator<(const Object &O) const {
  if (Root != O.Root)
    return idOf(Root) < idOf(O.Root);
  return std::lexicographical_compare(
      Path.begin(), Path.end(), O.Path.begin(), O.Path.end(),
      [](const Symbol *A, const Symbol *B) { return A->Id < B->Id; });
}

bool Object::isWithin(const Object &O) const {
  return Root && Root == O.Root && Path.size() >= O.Path.size() &&
         llvm::ArrayRef<const Symbol *>(Path).take_front(O.Path.size()) == O.path();
}

Object Object::rebased(const Object &From, const Object &To) const {
  Object Result = To;
  for (const Symbol *F : llvm::ArrayRef<const Symbol *>(Path).drop_front(From.Path.size()))
    Result.Path.push_back(F);
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

// flags: -std=c++20
#include <array>
#include <deque>
#include <forward_list>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <set>
#include <span>
#include <stack>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

void wrappers(std::unique_ptr<int> Unique, std::shared_ptr<int> Shared, std::weak_ptr<int> Weak,
              std::optional<int> Optional, int &Value, std::function<void()> Function) {
  std::reference_wrapper<int> Reference = std::ref(Value);
  std::cref(Value);
  std::as_const(Value);
  std::addressof(Value);
  std::bind([](int) {}, Value);
  std::forward<int &>(Value);
  auto Moved = std::move(Unique);
  std::make_unique<int>(1);
  std::make_shared<int>(1);
  std::make_optional<int>(1);
  Optional.emplace(1);
  Moved.get();
  Moved.release();
  Shared.get();
  Weak.lock();
  Optional.value();
  Reference.get();
  Function();
}

void sequences(std::vector<int> Vector, std::deque<int> Deque, std::list<int> List,
               std::list<int> Other, std::queue<int> Queue, std::stack<int> Stack) {
  Vector.begin(), Vector.end(), Vector.cbegin(), Vector.cend(), Vector.rbegin(), Vector.rend();
  Vector.front();
  Vector.back();
  Vector.at(0);
  Vector.data();
  Stack.top();
  Deque.pop_front();
  Vector.pop_back();
  Vector.emplace_back(1);
  Deque.emplace_back(1), Deque.emplace_front(1);
  List.emplace_back(1), List.emplace_front(1);
  Queue.emplace(1);
  Queue.pop();
  Vector.erase(Vector.begin());
  Vector.clear();
  Vector.swap(Vector);
  List.remove(1);
  List.remove_if([](int) { return true; });
}

void maps(std::map<int, int> Map) {
  Map.find(1);
  Map.extract(1);
}

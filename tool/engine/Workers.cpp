#include "tool/engine/Workers.h"
#include "tool/engine/Project.h"
#include "clang/Basic/Stack.h"
#include "llvm/Support/Errno.h"
#include "llvm/Support/thread.h"
#include <chrono>
#include <csignal>
#include <cstring>
#include <list>
#include <optional>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tether::tool {
namespace {

using Clock = std::chrono::steady_clock;

// Messages are a number, and behind an answer's number as many bytes.

bool sendAll(int Socket, const char *Data, size_t Size) {
  while (Size) {
    ssize_t N = llvm::sys::RetryAfterSignal(-1, ::send, Socket, Data, Size, MSG_NOSIGNAL);
    if (N <= 0)
      return false;
    Data += N;
    Size -= N;
  }
  return true;
}

bool sendNumber(int Socket, uint64_t N) {
  return sendAll(Socket, reinterpret_cast<const char *>(&N), sizeof N);
}

[[noreturn]] void serve(int Socket, llvm::function_ref<std::string(size_t)> Work) {
  // Clang recurses as deep as the source is nested, and counts on 8 MB at least.
  constexpr unsigned StackSize = 64u << 20;
  llvm::thread Main(std::optional<unsigned>(StackSize), [&] {
    clang::noteBottomOfStack();
    uint64_t Piece = 0;
    while (llvm::sys::RetryAfterSignal(-1, ::recv, Socket, &Piece, sizeof Piece, MSG_WAITALL) ==
           static_cast<ssize_t>(sizeof Piece)) {
      std::string Text = Work(Piece);
      if (!sendNumber(Socket, Text.size()) || !sendAll(Socket, Text.data(), Text.size()))
        break;
    }
    _exit(0); // what is registered to happen at exit is the parent's
  });
  Main.join();
  _exit(0);
}

struct Worker {
  pid_t Pid = 0;
  int Socket = -1;
  int Errors = -1; ///< what it prints to stderr
  std::optional<size_t> Piece;
  Clock::time_point Deadline = Clock::time_point::max();
  std::string Answer;
};

class Pool {
public:
  Pool(llvm::ArrayRef<size_t> Pieces, unsigned Seconds,
       llvm::function_ref<std::string(size_t)> Work,
       llvm::function_ref<void(size_t, llvm::Expected<std::string>)> Done)
      : Pieces(Pieces), Seconds(Seconds), Work(Work), Done(Done) {}

  void run(unsigned Count) {
    for (unsigned I = 0; I != Count && !Pieces.empty(); ++I)
      start();
    while (!Workers.empty())
      listen();
    while (!Pieces.empty())
      Done(takePiece(), inputError("cannot start a process: " + WhyNone));
  }

private:
  size_t takePiece() {
    size_t Piece = Pieces.front();
    Pieces = Pieces.drop_front();
    return Piece;
  }

  void start() {
    Worker W;
    int Ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, Ends)) {
      WhyNone = llvm::sys::StrError();
      return;
    }
    W.Errors = memfd_create("tether-worker", MFD_CLOEXEC);
    const pid_t Parent = getpid();
    W.Pid = fork();
    if (W.Pid == 0) {
      close(Ends[0]);
      for (const Worker &Other : Workers)
        close(Other.Socket);
      become(W, Ends[1], Parent);
    }
    close(Ends[1]);
    W.Socket = Ends[0];
    if (W.Pid < 0) {
      WhyNone = llvm::sys::StrError();
      close(W.Socket);
      close(W.Errors);
      return;
    }
    Workers.push_back(std::move(W));
    give(Workers.back());
  }

  [[noreturn]] void become(const Worker &W, int Socket, pid_t Parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != Parent)
      _exit(1); // it was killed before this one could be told
    for (int Signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGINT, SIGTERM})
      std::signal(Signal, SIG_DFL);
    const rlimit NoCore = {0, 0};
    setrlimit(RLIMIT_CORE, &NoCore);
    dup2(W.Errors, STDERR_FILENO);
    serve(Socket, Work);
  }

  /// The next piece for a worker that has none.
  void give(Worker &W) {
    W.Piece = takePiece();
    W.Answer.clear();
    if (Seconds)
      W.Deadline = Clock::now() + std::chrono::seconds(Seconds);
    sendNumber(W.Socket, *W.Piece); // should it be dead, listening finds out
  }

  void listen() {
    std::vector<pollfd> Waiting;
    auto Next = Clock::time_point::max();
    for (const Worker &W : Workers) {
      Waiting.push_back({W.Socket, POLLIN, 0});
      Next = std::min(Next, W.Deadline);
    }
    int Timeout = -1;
    if (Next != Clock::time_point::max())
      Timeout = std::max<int64_t>(
          0, std::chrono::ceil<std::chrono::milliseconds>(Next - Clock::now()).count());
    ::poll(Waiting.data(), Waiting.size(), Timeout);
    size_t I = 0;
    for (auto It = Workers.begin(); It != Workers.end() && I != Waiting.size(); ++I) {
      auto This = It++;
      if (Waiting[I].revents)
        hear(This);
      else if (This->Deadline <= Clock::now())
        lose(This, "the analysis took more than " + std::to_string(Seconds) + " seconds");
    }
  }

  void hear(std::list<Worker>::iterator This) {
    Worker &W = *This;
    char Buffer[1 << 16];
    ssize_t N = llvm::sys::RetryAfterSignal(-1, ::recv, W.Socket, static_cast<void *>(Buffer),
                                            sizeof Buffer, 0);
    if (N <= 0)
      return lose(This, "the analysis crashed on this file" + lastWords(W));
    W.Answer.append(Buffer, N);
    uint64_t Size = 0;
    if (W.Answer.size() < sizeof Size)
      return;
    std::memcpy(&Size, W.Answer.data(), sizeof Size);
    if (W.Answer.size() - sizeof Size < Size)
      return;
    Done(*W.Piece, W.Answer.substr(sizeof Size));
    W.Deadline = Clock::time_point::max();
    W.Piece.reset();
    if (Pieces.empty())
      end(This);
    else
      give(W);
  }

  /// An assertion or a fatal error says what it was.
  static std::string lastWords(const Worker &W) {
    std::string Text(4096, '\0');
    ssize_t N = pread(W.Errors, Text.data(), Text.size(), 0);
    llvm::StringRef Rest(Text.data(), std::max<ssize_t>(0, N));
    while (!Rest.empty()) {
      llvm::StringRef Line;
      std::tie(Line, Rest) = Rest.split('\n');
      if (Line.contains("Assertion") || Line.starts_with("LLVM ERROR"))
        return (": " + Line).str();
    }
    return "";
  }

  void lose(std::list<Worker>::iterator This, std::string Why) {
    Done(*This->Piece, inputError(Why));
    kill(This->Pid, SIGKILL);
    end(This);
    if (!Pieces.empty())
      start();
  }

  void end(std::list<Worker>::iterator This) {
    close(This->Socket); // it reads that nothing more will come
    close(This->Errors);
    llvm::sys::RetryAfterSignal(-1, ::waitpid, This->Pid, nullptr, 0);
    Workers.erase(This);
  }

  llvm::ArrayRef<size_t> Pieces; ///< not given to a worker yet
  const unsigned Seconds;
  llvm::function_ref<std::string(size_t)> Work;
  llvm::function_ref<void(size_t, llvm::Expected<std::string>)> Done;
  std::list<Worker> Workers;
  std::string WhyNone; ///< the last one that could not be started
};

} // namespace

void runInWorkers(llvm::ArrayRef<size_t> Pieces, unsigned Workers, unsigned Seconds,
                  llvm::function_ref<std::string(size_t)> Work,
                  llvm::function_ref<void(size_t, llvm::Expected<std::string>)> Done) {
  Pool(Pieces, Seconds, Work, Done).run(Workers);
}

} // namespace tether::tool

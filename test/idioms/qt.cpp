// REQUIRES: qt6
// RUN: %check_tether %s '*' -- -std=c++20 -pthread -fPIC -DQT_NO_KEYWORDS -isystem /usr/include/x86_64-linux-gnu/qt6 -isystem /usr/include/x86_64-linux-gnu/qt6/QtCore
#include <QMutex>
#include <QObject>
#include <QQueue>
#include <QReadWriteLock>
#include <QSemaphore>
#include <QString>
#include <QThread>
#include <QThreadPool>
#include <QWaitCondition>
#include <atomic>
#include <functional>
#include <memory>

// ---- a thread with a run() of its own: mutex, condition, flag ---------------------------------------------------------

class RenderThread_ok : public QThread {
public:
  explicit RenderThread_ok(QObject *Parent = nullptr) : QThread(Parent) {}
  ~RenderThread_ok() override {
    Mutex.lock();
    Abort = true;
    Condition.wakeOne();
    Mutex.unlock();
    wait();
  }
  void render(double Scale) {
    QMutexLocker Locker(&Mutex);
    this->Scale = Scale;
    if (!isRunning()) {
      start(LowPriority);
    } else {
      Restart = true;
      Condition.wakeOne();
    }
  }

protected:
  void run() override {
    for (;;) {
      Mutex.lock();
      const double Current = Scale;
      Mutex.unlock();

      double Image = 0;
      for (int Row = 0; Row < 100; ++Row) {
        if (Restart.load())
          break;
        if (Abort.load())
          return;
        Image += Row * Current;
      }
      Result.store(Image);

      Mutex.lock();
      while (!Restart && !Abort)
        Condition.wait(&Mutex);
      Restart = false;
      Mutex.unlock();
      if (Abort)
        return;
    }
  }

private:
  QMutex Mutex;
  QWaitCondition Condition;
  double Scale = 1;
  std::atomic<bool> Restart{false};
  std::atomic<bool> Abort{false};
  std::atomic<double> Result{0};
};

// ---- requestInterruption and a bounded pause ----------------------------------------------------------------------------

class PollThread_ok : public QThread {
public:
  ~PollThread_ok() override {
    requestInterruption();
    wait();
  }

protected:
  void run() override {
    while (!isInterruptionRequested()) {
      ++Rounds;
      msleep(50);
    }
  }

private:
  std::atomic<int> Rounds{0};
};

// ---- a worker object in a thread with an event loop ------------------------------------------------------------------------

class Controller_ok : public QObject {
public:
  Controller_ok() : Worker(new QObject) {
    Worker->moveToThread(&Thread);
    connect(&Thread, &QThread::finished, Worker, &QObject::deleteLater);
    Thread.start();
  }
  ~Controller_ok() override {
    Thread.quit();
    Thread.wait();
  }
  void post(std::function<void()> Fn) {
    QMetaObject::invokeMethod(Worker, std::move(Fn), Qt::QueuedConnection);
  }

private:
  QThread Thread;
  QObject *Worker;
};

// ---- a bounded queue ------------------------------------------------------------------------------------------------------

class QtQueue_ok {
public:
  bool put(int Value) {
    QMutexLocker Lock(&Mutex);
    while (Items.size() >= 16 && !Closed)
      NotFull.wait(&Mutex);
    if (Closed)
      return false;
    Items.enqueue(Value);
    NotEmpty.wakeOne();
    return true;
  }
  bool take(int *Value) {
    QMutexLocker Lock(&Mutex);
    while (Items.isEmpty() && !Closed)
      NotEmpty.wait(&Mutex);
    if (Items.isEmpty())
      return false;
    *Value = Items.dequeue();
    NotFull.wakeOne();
    return true;
  }
  void close() {
    QMutexLocker Lock(&Mutex);
    Closed = true;
    NotEmpty.wakeAll();
    NotFull.wakeAll();
  }

private:
  QMutex Mutex;
  QWaitCondition NotEmpty;
  QWaitCondition NotFull;
  QQueue<int> Items;
  bool Closed = false;
};

class QtConsumer_ok {
public:
  QtConsumer_ok() : Thread(QThread::create([this] {
    int Value;
    while (Queue.take(&Value))
      Sum += Value;
  })) {
    Thread->start();
  }
  ~QtConsumer_ok() {
    Queue.close();
    Thread->wait();
  }
  bool put(int Value) { return Queue.put(Value); }

private:
  QtQueue_ok Queue;
  long Sum = 0;
  std::unique_ptr<QThread> Thread;
};

// ---- the example of two semaphores ----------------------------------------------------------------------------------------

constexpr int DataSize = 1000;
constexpr int BufferSize = 64;
static char Buffer[BufferSize];
static QSemaphore FreeBytes(BufferSize);
static QSemaphore UsedBytes;

class Producer_ok : public QThread {
public:
  void run() override {
    for (int I = 0; I < DataSize; ++I) {
      FreeBytes.acquire();
      Buffer[I % BufferSize] = "ACGT"[I % 4];
      UsedBytes.release();
    }
  }
};

class Consumer_ok : public QThread {
public:
  void run() override {
    for (int I = 0; I < DataSize; ++I) {
      UsedBytes.acquire();
      Count += Buffer[I % BufferSize] == 'A';
      FreeBytes.release();
    }
  }
  int Count = 0;
};

int semaphores_ok() {
  Producer_ok Producer;
  Consumer_ok Consumer;
  Producer.start();
  Consumer.start();
  Producer.wait();
  Consumer.wait();
  return Consumer.Count;
}

// ---- jobs for the pool ------------------------------------------------------------------------------------------------------

int qtPool_ok() {
  QThreadPool Pool;
  std::atomic<int> Sum{0};
  for (int I = 0; I < 10; ++I)
    Pool.start([&Sum, I] { Sum += I; });
  Pool.waitForDone();
  return Sum;
}

// ---- settings under a read-write lock -----------------------------------------------------------------------------------------

class Settings_ok {
public:
  QString name() const {
    QReadLocker Lock(&Guard);
    return Name;
  }
  void setName(const QString &New) {
    QWriteLocker Lock(&Guard);
    Name = New;
  }

private:
  mutable QReadWriteLock Guard;
  QString Name;
};

// ---- threads that delete themselves, and threads whose owner knows how to end them ------------------------------------------

void loadInBackground_ok() {
  auto *Loader = QThread::create([] { QThread::msleep(1); });
  QObject::connect(Loader, &QThread::finished, Loader, &QObject::deleteLater);
  Loader->start();
}

struct QuitAndWait {
  void operator()(QThread *T) const {
    T->quit();
    T->wait();
    delete T;
  }
};

class Storage_ok : public QObject {
public:
  explicit Storage_ok(bool Opened) : Io(new QThread) {
    Io->start();
    if (!Opened)
      throw 1;
  }

private:
  std::unique_ptr<QThread, QuitAndWait> Io;
};

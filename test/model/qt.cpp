// flags: -std=c++20 -fPIC -I/usr/include/x86_64-linux-gnu/qt6 -I/usr/include/x86_64-linux-gnu/qt6/QtNetwork
// flags: -I/usr/include/x86_64-linux-gnu/qt6/QtCore
// flags: -I/usr/include/x86_64-linux-gnu/qt6/QtConcurrent
// needs: /usr/include/x86_64-linux-gnu/qt6/QtCore/QThread
// needs: /usr/include/x86_64-linux-gnu/qt6/QtConcurrent/QtConcurrent
#include <QDeadlineTimer>
#include <QEventLoop>
#include <QFuture>
#include <QFutureSynchronizer>
#include <QMutex>
#include <QProcess>
#include <QPromise>
#include <QReadWriteLock>
#include <QSemaphore>
#include <QSystemSemaphore>
#include <QTcpServer>
#include <QTcpSocket>
#include <QThread>
#include <QThreadPool>
#include <QWaitCondition>
#include <QtConcurrent>

struct Worker : QThread {
  void run() override { exec(); }
};

void threads(Worker &Thread, QThreadPool &Pool) {
  QThread *Created = QThread::create([] {});
  Thread.start();
  Thread.setPriority(QThread::LowPriority);
  Thread.requestInterruption();
  Thread.isInterruptionRequested();
  Thread.quit();
  Thread.exit();
  Thread.terminate();
  Thread.isRunning();
  Thread.isFinished();
  Thread.wait();
  Created->wait(100);
  QThread::sleep(1);
  QThread::msleep(1);
  QThread::usleep(1);
  Pool.start([] {});
  Pool.tryStart([] {});
  Pool.waitForDone();
  Pool.waitForDone(-1);
}

void futures(QPromise<int> &Promise, std::exception_ptr Error, QThreadPool *Pool,
             QFutureSynchronizer<int> &All) {
  QFuture<int> Future = Promise.future();
  Promise.addResult(1);
  Promise.setException(Error);
  Promise.finish();
  Promise.isCanceled();
  Future.cancel();
  Future.isCanceled();
  Future.isFinished();
  Future.isRunning();
  Future.waitForFinished();
  Future.result();
  Future.resultAt(0);
  Future.results();
  Future.takeResult();
  auto First = QtConcurrent::run([] { return 1; });
  auto Second = QtConcurrent::run(Pool, [] { return 1; });
  All.addFuture(First);
  All.waitForFinished();
}

void waiting(QSemaphore &Slots, QWaitCondition &Condition, QMutex &Mutex) {
  Slots.acquire();
  Slots.tryAcquire();
  Slots.tryAcquire(1, -1);
  Slots.available();
  Slots.release();
  Condition.wait(&Mutex);
  Condition.wait(&Mutex, QDeadlineTimer(10));
  Condition.wakeOne();
  Condition.wakeAll();
}

void locks(QMutex &Mutex, QRecursiveMutex &Recursive, QReadWriteLock &Shared) {
  Mutex.lock();
  Mutex.tryLock();
  Mutex.tryLock(10);
  Mutex.unlock();
  Recursive.lock();
  Recursive.tryLock();
  Recursive.unlock();
  Shared.lockForRead();
  Shared.lockForWrite();
  Shared.tryLockForRead();
  Shared.tryLockForWrite();
  Shared.unlock();
  QMutexLocker Locker(&Mutex);
  Locker.unlock();
  Locker.relock();
  Locker.mutex();
  QReadLocker Reader(&Shared);
  Reader.unlock();
  Reader.relock();
  QWriteLocker Writer(&Shared);
  Writer.unlock();
  Writer.relock();
}

void loops(QEventLoop &Loop, QProcess &Process, QIODevice &Device) {
  Loop.exec();
  Loop.quit();
  Loop.exit();
  Loop.wakeUp();
  Process.waitForStarted();
  Process.waitForFinished(-1);
  Device.waitForReadyRead(-1);
}

void others(QSystemSemaphore &Slots, QTcpServer &Server, QTcpSocket &Socket) {
  Slots.acquire();
  Slots.release();
  Server.waitForNewConnection(-1);
  Socket.waitForConnected(-1);
}

void objects(QObject &Object) { Object.deleteLater(); }

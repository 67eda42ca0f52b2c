// flags: -std=c++17 -I/usr/include/wx-3.2 -I/usr/lib/x86_64-linux-gnu/wx/include/gtk3-unicode-3.2 -D_FILE_OFFSET_BITS=64 -DWXUSINGDLL -D__WXGTK__ -pthread
// needs: /usr/include/wx-3.2/wx/thread.h
// needs: /usr/lib/x86_64-linux-gnu/wx/include/gtk3-unicode-3.2/wx/setup.h
#include <wx/msgqueue.h>
#include <wx/thread.h>
#include <wx/utils.h>

void threads(wxThread &Thread) {
  Thread.Create();
  Thread.Run();
  Thread.TestDestroy();
  Thread.IsRunning();
  Thread.Kill();
  Thread.Delete();
  Thread.Wait();
  wxThread::Sleep(1);
  wxMilliSleep(1);
}

void waits(wxCondition &Condition, wxSemaphore &Slots, wxMessageQueue<int> &Queue) {
  int Value;
  Condition.Wait();
  Condition.WaitTimeout(1);
  Condition.Signal();
  Condition.Broadcast();
  Slots.Wait();
  Slots.WaitTimeout(1);
  Slots.TryWait();
  Slots.Post();
  Queue.Receive(Value);
  Queue.ReceiveTimeout(1, Value);
  Queue.Post(1);
}

void locks(wxMutex &Mutex, wxCriticalSection &Section) {
  wxMutexLocker Guard(Mutex);
  wxCriticalSectionLocker Other(Section);
  Mutex.Lock();
  Mutex.LockTimeout(1);
  Mutex.TryLock();
  Mutex.Unlock();
  Section.Enter();
  Section.TryEnter();
  Section.Leave();
}

// RUN: %check_tether %s '*'
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <threads.h>
#include <time.h>

// ---- a mailbox with room for one, and its thread -----------------------------------------------------------------

struct mailbox_ok {
  mtx_t lock;
  cnd_t changed;
  bool full;
  bool closed;
  int value;
};

static bool mailbox_ok_put(struct mailbox_ok *box, int value) {
  mtx_lock(&box->lock);
  while (box->full && !box->closed)
    cnd_wait(&box->changed, &box->lock);
  bool open = !box->closed;
  if (open) {
    box->value = value;
    box->full = true;
    cnd_broadcast(&box->changed);
  }
  mtx_unlock(&box->lock);
  return open;
}

static bool mailbox_ok_get(struct mailbox_ok *box, int *value) {
  bool got = false;
  mtx_lock(&box->lock);
  while (!box->full && !box->closed)
    cnd_wait(&box->changed, &box->lock);
  if (box->full) {
    *value = box->value;
    box->full = false;
    got = true;
    cnd_broadcast(&box->changed);
  }
  mtx_unlock(&box->lock);
  return got;
}

static void mailbox_ok_close(struct mailbox_ok *box) {
  mtx_lock(&box->lock);
  box->closed = true;
  cnd_broadcast(&box->changed);
  mtx_unlock(&box->lock);
}

static int mailbox_ok_reader(void *arg) {
  struct mailbox_ok *box = arg;
  int sum = 0;
  int value;
  while (mailbox_ok_get(box, &value))
    sum += value;
  return sum;
}

int mailbox_ok_run(const int *values, int count) {
  struct mailbox_ok box = {0};
  thrd_t reader;
  int sum = -1;
  if (mtx_init(&box.lock, mtx_plain) != thrd_success)
    return -1;
  if (cnd_init(&box.changed) != thrd_success) {
    mtx_destroy(&box.lock);
    return -1;
  }
  if (thrd_create(&reader, mailbox_ok_reader, &box) == thrd_success) {
    for (int i = 0; i < count; i++)
      mailbox_ok_put(&box, values[i]);
    mailbox_ok_close(&box);
    thrd_join(reader, &sum);
  }
  cnd_destroy(&box.changed);
  mtx_destroy(&box.lock);
  return sum;
}

// ---- sleeping in slices with an atomic flag --------------------------------------------------------------------

struct poller_ok {
  thrd_t thread;
  atomic_bool stop;
  atomic_long rounds;
};

static int poller_ok_main(void *arg) {
  struct poller_ok *p = arg;
  while (!atomic_load(&p->stop)) {
    atomic_fetch_add(&p->rounds, 1);
    thrd_sleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
  }
  return 0;
}

struct poller_ok *poller_ok_new(void) {
  struct poller_ok *p = calloc(1, sizeof *p);
  if (p == NULL)
    return NULL;
  if (thrd_create(&p->thread, poller_ok_main, p) != thrd_success) {
    free(p);
    return NULL;
  }
  return p;
}

void poller_ok_free(struct poller_ok *p) {
  if (p == NULL)
    return;
  atomic_store(&p->stop, true);
  thrd_join(p->thread, NULL);
  free(p);
}

// ---- once -----------------------------------------------------------------------------------------------------

static once_flag table_once = ONCE_FLAG_INIT;
static int table[256];

static void table_ok_init(void) {
  for (int i = 0; i < 256; i++)
    table[i] = i * i;
}

int table_ok_get(unsigned char i) {
  call_once(&table_once, table_ok_init);
  return table[i];
}

// flags: -std=c11 -D_GNU_SOURCE
// needs: /usr/include/hiredis/hiredis.h
#include <hiredis/hiredis.h>

void published(redisContext *Context) {
  void *Reply;
  redisGetReply(Context, &Reply);
  redisBufferRead(Context);
}

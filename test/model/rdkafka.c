// flags: -std=c11
// needs: /usr/include/librdkafka/rdkafka.h
#include <librdkafka/rdkafka.h>

static void consume(rd_kafka_message_t *Message, void *Data) {}

void consuming(rd_kafka_t *Client, rd_kafka_topic_t *Topic, rd_kafka_queue_t *Queue) {
  rd_kafka_message_t *Messages[1];
  rd_kafka_poll(Client, -1);
  rd_kafka_consumer_poll(Client, -1);
  rd_kafka_queue_poll(Queue, -1);
  rd_kafka_consume(Topic, 0, -1);
  rd_kafka_consume_batch(Topic, 0, -1, Messages, 1);
  rd_kafka_consume_callback(Topic, 0, -1, consume, 0);
  rd_kafka_consume_queue(Queue, -1);
  rd_kafka_consume_batch_queue(Queue, -1, Messages, 1);
  rd_kafka_yield(Client);
  rd_kafka_queue_yield(Queue);
  rd_kafka_seek(Topic, 0, 0, -1);
  rd_kafka_consumer_close(Client);
}

void asking(rd_kafka_t *Client, rd_kafka_topic_partition_list_t *List) {
  const struct rd_kafka_metadata *Metadata;
  const struct rd_kafka_group_list *Groups;
  int64_t Low, High;
  rd_kafka_metadata(Client, 1, 0, &Metadata, -1);
  rd_kafka_list_groups(Client, 0, &Groups, -1);
  rd_kafka_committed(Client, List, -1);
  rd_kafka_offsets_for_times(Client, List, -1);
  rd_kafka_query_watermark_offsets(Client, "topic", 0, &Low, &High, -1);
  rd_kafka_flush(Client, -1);
  rd_kafka_init_transactions(Client, -1);
  rd_kafka_commit_transaction(Client, -1);
  rd_kafka_abort_transaction(Client, -1);
  rd_kafka_wait_destroyed(-1);
}

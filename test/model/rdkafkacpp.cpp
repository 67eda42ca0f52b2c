// flags: -std=c++20
// needs: /usr/include/librdkafka/rdkafkacpp.h
#include <librdkafka/rdkafkacpp.h>

void consuming(RdKafka::KafkaConsumer *Consumer, RdKafka::Consumer *Old, RdKafka::Topic *Topic,
               RdKafka::Queue *Queue, std::vector<RdKafka::TopicPartition *> &List) {
  Consumer->consume(-1);
  Consumer->committed(List, -1);
  Consumer->seek(*List[0], -1);
  Consumer->close();
  Old->consume(Topic, 0, -1);
  Old->consume(Queue, -1);
  Old->stop(Topic, 0);
  Queue->consume(-1);
  Queue->poll(-1);
}

void asking(RdKafka::Handle *Handle, RdKafka::Metadata *Metadata,
            std::vector<RdKafka::TopicPartition *> &List) {
  int64_t Low, High;
  Handle->poll(-1);
  Handle->metadata(true, nullptr, &Metadata, -1);
  Handle->query_watermark_offsets("topic", 0, &Low, &High, -1);
  Handle->offsetsForTimes(List, -1);
  Handle->yield();
}

void producing(RdKafka::Producer *Producer) {
  Producer->flush(-1);
  Producer->init_transactions(-1);
  Producer->commit_transaction(-1);
  Producer->abort_transaction(-1);
  RdKafka::wait_destroyed(-1);
}

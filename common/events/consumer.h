// The other end of a feed: applies each event of a source once, in order, in our own transactions.
//
// One transaction locks the source's cursor row (which alone elects the one active replica), looks the event IDs up in
// the inbox and notes them there, applies the effects and moves the cursor. A lease in that row keeps the other
// replicas from holding a stream for nothing. An event that fails again and again is parked with its error, its
// resource's later events are parked behind it, the others flow on.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "common/events/consumer_options.h"
#include "grpcpp/support/sync_stream.h"

namespace masthead::events {

// Follows one source on a thread of its own until destroyed; reconnects with back-off. The functions of its options run
// on one thread at a time.
class Consumer {
 public:
  Consumer(db::Database& database, ConsumerOptions options);
  ~Consumer();

  void Start();
  // Ends the stream, lets the transaction under way finish or be rolled back, and hands over to another replica.
  // Start() only once.
  void Stop();

  // For operators: applies parked events again, each resource's in their order until one fails. Returns how many were
  // applied.
  absl::StatusOr<int> RetryParked(const Scope& scope);

  // The time of the last batch or heartbeat; infinitely past before the first, and on a replica that waits its turn.
  absl::Time last_contact() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// Adapts a generated reader; Response has events and cursor.
template <typename Response>
class ReaderStream final : public SourceStream {
 public:
  explicit ReaderStream(std::unique_ptr<grpc::ClientReader<Response>> reader) : reader_(std::move(reader)) {}

  bool Read(SourceBatch& batch) override {
    Response response;
    if (!reader_->Read(&response)) return false;
    batch = {};
    for (const auto& event : response.events()) {
      batch.records.push_back(
          {.event_id = event.event_id(),
           .type = event.type(),
           .resource = event.resource(),
           .revision = event.revision(),
           .time = absl::FromUnixMicros(event.event_time().seconds() * 1000000 + event.event_time().nanos() / 1000),
           .traceparent = event.traceparent(),
           .payload = event.SerializeAsString(),
           .cursor = event.cursor()});
    }
    batch.cursor = response.cursor();
    return true;
  }

  absl::Status Finish() override;

 private:
  std::unique_ptr<grpc::ClientReader<Response>> reader_;
};

// What a finished stream tells, details included.
absl::Status StreamStatus(const grpc::Status& status);

template <typename Response>
absl::Status ReaderStream<Response>::Finish() {
  return StreamStatus(reader_->Finish());
}

}  // namespace masthead::events

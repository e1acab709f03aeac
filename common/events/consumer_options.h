// What a consumer is told of its source: how to open it, and what to do with what comes.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "grpcpp/client_context.h"

namespace masthead::events {

// A batch of a source, freed of its proto types. Record::payload is the whole serialised Event.
using SourceBatch = Batch;

// One open WatchEvents call. Read() blocks for the next batch; false at the end, then Finish() says why.
class SourceStream {
 public:
  virtual ~SourceStream() = default;
  virtual bool Read(SourceBatch& batch) = 0;
  virtual absl::Status Finish() = 0;
};

struct ConsumerOptions {
  std::string source;  // `articles`, `memberships`: the name of the cursor row.
  // Opens WatchEvents after `cursor`, with our credentials; `context` lets Stop() end it.
  std::function<std::unique_ptr<SourceStream>(grpc::ClientContext& context, const std::string& cursor)> open;
  // Applies one event in `tx`. May run again if `tx` is rolled back. An error rolls back; after `max_attempts` the
  // event is parked, and so is one that ended the process as often. UNAVAILABLE and CANCELLED are not held against the
  // event: it is tried again, without end. Events of a type it does not know are OK and do nothing.
  std::function<absl::Status(db::Transaction& tx, const Record& event)> apply;
  // Work that an event needs before its transaction, for example asking the owner for what the event does not carry;
  // once per batch, outside any transaction. May be null. An error ends the connection and is tried again.
  std::function<absl::Status(const Scope& scope, const SourceBatch& batch)> prepare;
  // Rebuilds our projection from the owner's export after OUT_OF_RANGE (CURSOR_EXPIRED, EPOCH_CHANGED,
  // TIMELINE_CHANGED) or CURSOR_INVALID, and gives the cursor to go on from. Empty (the function or the cursor): from
  // the oldest event kept, the inbox dropping what was applied.
  std::function<absl::StatusOr<std::string>()> rebuild;
  int max_attempts = 8;
};

}  // namespace masthead::events

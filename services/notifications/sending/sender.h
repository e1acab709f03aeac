// Takes a chunk of deliveries under a lease and sends it, window by window.
//
// Of each window the intent is committed before any of its letters can reach its final dot, and the outcomes after:
// whatever happens in between, at most one window is uncertain. A chunk that a stopped sender left is taken over when
// its lease ends.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/rpc/stream.h"
#include "services/notifications/sending/channel.h"
#include "services/notifications/sending/chunk_store.h"

namespace masthead::notifications {

struct SenderOptions {
  int window = 64;
  LaneRange lanes = kEveryLane;  // For what its time and its connections are kept.
  // A sender renews its lease with every window. Longer than a window may take to be sent and recorded.
  absl::Duration lease = absl::Minutes(3);
  absl::Duration window_patience = absl::Seconds(90);
  // How long a chunk rests after the mail server could not be had.
  absl::Duration route_pause = absl::Seconds(2);
};

// The ways of reaching endpoints that a sender has.
using ChannelMap = std::map<Channels, std::unique_ptr<Channel>>;

// Used by one thread. Each sender has channels of its own, whose connections they keep.
class Sender {
 public:
  // `database`, `feed` and `progress`, rung after each window, outlive this.
  Sender(db::Database& database, events::Feed& feed, rpc::Bell& progress, ChannelMap channels,
         SenderOptions options = {});

  // Sends what is due of one chunk; false if no chunk was due. Between windows it heeds `stopping`.
  absl::StatusOr<bool> Step(const Cancellation& stopping);

 private:
  struct Window {
    bool lease_lost = false;
    bool done = false;  // Nothing is due.
    std::vector<Due> intended;
  };

  // What is due first, by whose turn it is.
  absl::StatusOr<std::optional<Lease>> TakeNextLease();
  absl::StatusOr<Window> OpenWindow(const Lease& lease, const Message& message);
  // Decides what became of each; sets `route_down` if none of them could be handed over to anybody.
  std::vector<Decision> SendWindow(const Lease& lease, const Message& message, const std::vector<Due>& window,
                                   bool& route_down);
  absl::Status CloseWindow(const Lease& lease, const Message& message, const std::vector<Decision>& decisions);
  // Holds the message if too much of it goes wrong.
  absl::Status ApplyBrake(const Message& message);
  absl::Status Return(const Lease& lease, absl::Duration pause);

  db::Database& database_;
  events::Feed& feed_;
  rpc::Bell& progress_;
  const ChannelMap channels_;
  const SenderOptions options_;
  uint64_t turn_ = 0;
  uint64_t windows_ = 0;
};

}  // namespace masthead::notifications

// A call that watches one thing: what it is now, then whenever it has changed, at most once a second.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/status_macros.h"
#include "common/rpc/stream.h"

namespace masthead::notifications {

inline constexpr absl::Duration kWatchInterval = absl::Seconds(1);

template <typename Response>
class Watcher final : public rpc::Stream<Response> {
 public:
  using Next = rpc::Next<Response>;

  struct Seen {
    Response response;
    bool settled = false;  // Nothing will change any more.
  };
  using Look = std::function<absl::StatusOr<Seen>(const Scope&)>;

  explicit Watcher(Look look) : look_(std::move(look)) {}

  absl::StatusOr<Next> Ask(const Scope& scope) override {
    if (settled_) return Next::End();
    const absl::Duration since = absl::Now() - last_look_;
    if (since < kWatchInterval) return Next::Wait(kWatchInterval - since);
    last_look_ = absl::Now();
    ASSIGN_OR_RETURN(Seen seen, look_(scope));
    settled_ = seen.settled;
    std::string bytes = seen.response.SerializeAsString();
    if (bytes == last_sent_) return settled_ ? Next::End() : Next::Wait(kWatchInterval);
    last_sent_ = std::move(bytes);
    return Next::Message(std::move(seen.response));
  }

 private:
  const Look look_;
  absl::Time last_look_ = absl::InfinitePast();
  std::string last_sent_;
  bool settled_ = false;
};

}  // namespace masthead::notifications

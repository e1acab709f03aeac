// EventsService of any service: ListEvents and WatchEvents over its Feed.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "common/base/status_macros.h"
#include "common/events/feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/service.h"

namespace masthead::events {

inline constexpr absl::Duration kPollInterval = absl::Milliseconds(100);  // For commits of other replicas.
// Consumers' leases (consumer_store.h) are renewed by it.
inline constexpr absl::Duration kHeartbeat = absl::Seconds(1);
inline constexpr int kMaxBatch = 1000;

// `Proto` names the service's messages:
//   struct Proto { using Event, ListRequest, ListResponse, WatchRequest, WatchResponse; }
// All services' EventsService have the same fields: after_cursor and max_batch_size in the requests; events and cursor
// in the responses.
template <typename Proto>
class FeedService {
 public:
  using Call = rpc::Call;

  explicit FeedService(Feed& feed) : feed_(feed) {}

  // Binds ListEvents and WatchEvents.
  void Register(rpc::Service& service) {
    service.Unary("ListEvents", this, &FeedService::List);
    service.ServerStream("WatchEvents", this, &FeedService::Watch, &feed_.bell());
  }

 private:
  absl::StatusOr<typename Proto::ListResponse> List(const Call& call, const typename Proto::ListRequest& request) {
    ASSIGN_OR_RETURN(const int limit, paging::PageSize(request.max_batch_size(), 100, kMaxBatch));
    ASSIGN_OR_RETURN(Batch batch, feed_.Read(call.scope, request.after_cursor(), limit));
    return ToProto<typename Proto::ListResponse>(std::move(batch));
  }

  absl::StatusOr<std::unique_ptr<rpc::Stream<typename Proto::WatchResponse>>> Watch(
      const Call&, const typename Proto::WatchRequest& request) {
    ASSIGN_OR_RETURN(const int limit, paging::PageSize(request.max_batch_size(), 100, kMaxBatch));
    return std::make_unique<Watcher>(feed_, request.after_cursor(), limit);
  }

  template <typename Response>
  static Response ToProto(Batch batch) {
    Response response;
    for (const Record& record : batch.records) {
      auto& event = *response.add_events();
      event.ParseFromString(record.payload);
      event.set_cursor(record.cursor);
    }
    response.set_cursor(std::move(batch.cursor));
    return response;
  }

  // Sends what there is; then a heartbeat (an empty batch with the cursor) whenever kHeartbeat has passed without an
  // event.
  class Watcher final : public rpc::Stream<typename Proto::WatchResponse> {
   public:
    using Next = rpc::Next<typename Proto::WatchResponse>;

    Watcher(Feed& feed, std::string cursor, int limit) : feed_(feed), cursor_(std::move(cursor)), limit_(limit) {}

    absl::StatusOr<Next> Ask(const Scope& scope) override {
      ASSIGN_OR_RETURN(Batch batch, feed_.Read(scope, cursor_, limit_));
      cursor_ = batch.cursor;
      const absl::Time now = absl::Now();
      if (batch.records.empty() && now - last_sent_ < kHeartbeat) return Next::Wait(kPollInterval);
      last_sent_ = now;
      return Next::Message(ToProto<typename Proto::WatchResponse>(std::move(batch)));
    }

   private:
    Feed& feed_;
    std::string cursor_;
    const int limit_;
    absl::Time last_sent_ =
        absl::InfinitePast();  // So that the first answer comes at once, and proves the cursor good.
  };

  Feed& feed_;
};

}  // namespace masthead::events

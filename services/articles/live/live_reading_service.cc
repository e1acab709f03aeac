#include "services/articles/live/live_reading_service.h"

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "services/articles/article/article.h"
#include "services/articles/errors.h"
#include "services/articles/live/live_proto.h"
#include "services/articles/live/live_store.h"
#include "services/articles/reading/reading_store.h"

namespace masthead::articles {
namespace {

constexpr int kDefaultPage = 20;
constexpr int kMaxPage = 100;
constexpr int kDefaultBatch = 100;
constexpr int kMaxBatch = 500;

// A change made on another replica is seen so late at most.
constexpr absl::Duration kPollInterval = absl::Milliseconds(500);
constexpr absl::Duration kHeartbeat = absl::Seconds(15);

// Takes out of the updates the names of articles that are not public. The newsroom is still told which drafts were made
// of updates.
void HideUnpublished(db::Transaction& tx, bool to_newsroom, std::vector<LiveUpdate>& updates) {
  std::vector<std::vector<Block>*> bodies;
  std::vector<std::string> breakout_ids;
  for (LiveUpdate& update : updates) {
    bodies.push_back(&update.body);
    if (!update.breakout_article_id.empty()) breakout_ids.push_back(update.breakout_article_id);
  }
  HideUnpublished(tx, bodies);
  if (to_newsroom) return;
  const std::set<std::string> known = LoadPublic(tx, breakout_ids);
  for (LiveUpdate& update : updates) {
    if (known.count(update.breakout_article_id) == 0) update.breakout_article_id.clear();
  }
}

// What changed, and whether that is all there will be.
struct Changes {
  std::vector<LiveUpdate> updates;
  int64_t last_seq = 0;
  bool closed = false;
};

bool IsNewsroom(const auth::Caller& caller) {
  using Kind = auth::Caller::Kind;
  return caller.kind == Kind::kStaff || caller.kind == Kind::kBackend;
}

// Coverage and updates are two statements. The updates come second and may hold more than the coverage's `last_seq`; a
// coverage that is closed has no more.
absl::StatusOr<Changes> LoadChanges(db::Transaction& tx, const std::string& id, int64_t after_seq, int limit,
                                    bool to_newsroom) {
  const std::optional<LiveCoverage> coverage = LoadLiveCoverage(tx, id);
  if (!coverage.has_value()) return CoverageNotFound(LiveCoverageName(id));
  Changes changes;
  changes.last_seq = after_seq;
  if (coverage->last_seq > after_seq) changes.updates = LoadChangedUpdates(tx, id, after_seq, limit);
  if (!changes.updates.empty()) changes.last_seq = changes.updates.back().seq;
  HideUnpublished(tx, to_newsroom, changes.updates);
  changes.closed = coverage->close_time.has_value() && changes.last_seq >= coverage->last_seq;
  return changes;
}

template <typename Response>
Response ToProto(const Changes& changes) {
  Response response;
  for (const LiveUpdate& update : changes.updates) *response.add_live_updates() = articles::ToProto(update);
  response.set_last_seq(changes.last_seq);
  response.set_closed(changes.closed);
  return response;
}

absl::Status CheckSeq(int64_t after_seq) {
  FieldViolations violations;
  if (after_seq < 0) violations.Add("after_seq", "is negative");
  return violations.ToStatus();
}

// One call of WatchCoverage.
class Watcher final : public rpc::Stream<v1::WatchCoverageResponse> {
 public:
  using Next = rpc::Next<v1::WatchCoverageResponse>;

  Watcher(db::Database& database, std::string id, int64_t after_seq, bool to_newsroom)
      : database_(database), id_(std::move(id)), to_newsroom_(to_newsroom), seq_(after_seq) {}

  absl::StatusOr<Next> Ask(const Scope& scope) override {
    if (closed_) return Next::End();
    ASSIGN_OR_RETURN(const Changes changes, database_.Read(scope, [&](db::Transaction& tx) {
      return LoadChanges(tx, id_, seq_, kDefaultBatch, to_newsroom_);
    }));
    seq_ = changes.last_seq;
    closed_ = changes.closed;
    const absl::Time now = absl::Now();
    if (changes.updates.empty() && !closed_ && now - last_sent_ < kHeartbeat) return Next::Wait(kPollInterval);
    last_sent_ = now;
    return Next::Message(ToProto<v1::WatchCoverageResponse>(changes));
  }

 private:
  db::Database& database_;
  const std::string id_;
  const bool to_newsroom_;
  int64_t seq_;
  bool closed_ = false;
  absl::Time last_sent_ = absl::InfinitePast();  // The first answer comes at once, and proves that there is a coverage.
};

std::optional<LiveCoveragePosition> ReadCoveragePosition(const std::vector<std::string>& keys) {
  int64_t micros = 0;
  if (keys.size() != 2 || !absl::SimpleAtoi(keys[0], &micros)) return std::nullopt;
  return LiveCoveragePosition{absl::FromUnixMicros(micros), keys[1]};
}

std::optional<LiveUpdatePosition> ReadUpdatePosition(const std::vector<std::string>& keys) {
  int64_t micros = 0;
  if (keys.size() != 3 || !absl::SimpleAtoi(keys[1], &micros)) return std::nullopt;
  return LiveUpdatePosition{keys[0] == "pinned", absl::FromUnixMicros(micros), keys[2]};
}

std::string Micros(absl::Time time) { return absl::StrCat(absl::ToUnixMicros(time)); }

}  // namespace

void LiveReadingService::Register(rpc::Service& live_coverage_service, rpc::Bell& changed) {
  live_coverage_service.Unary("GetLiveCoverage", this, &LiveReadingService::Get);
  live_coverage_service.Unary("ListLiveCoverages", this, &LiveReadingService::List);
  live_coverage_service.Unary("ReadLiveCoverage", this, &LiveReadingService::Read);
  live_coverage_service.Unary("ListLiveUpdates", this, &LiveReadingService::ListUpdates);
  live_coverage_service.ServerStream("WatchCoverage", this, &LiveReadingService::Watch, &changed);
}

absl::StatusOr<v1::LiveCoverage> LiveReadingService::Get(const Call& call, const v1::GetLiveCoverageRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseLiveCoverageId("name", request.name()));
  ASSIGN_OR_RETURN(const std::optional<LiveCoverage> coverage,
                   database_.Read(call.scope, [&](db::Transaction& tx) { return LoadLiveCoverage(tx, id); }));
  if (!coverage.has_value()) return CoverageNotFound(request.name());
  return articles::ToProto(*coverage);
}

absl::StatusOr<v1::ListLiveCoveragesResponse> LiveReadingService::List(const Call& call,
                                                                       const v1::ListLiveCoveragesRequest& request) {
  ASSIGN_OR_RETURN(const int limit, paging::PageSize(request.page_size(), kDefaultPage, kMaxPage));
  ASSIGN_OR_RETURN(const std::vector<std::string> keys, page_tokens_.Read(call.caller->principal(), request));
  ASSIGN_OR_RETURN(std::vector<LiveCoverage> page, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadLiveCoverages(tx, ReadCoveragePosition(keys), limit + 1);
  }));
  v1::ListLiveCoveragesResponse response;
  if (static_cast<int>(page.size()) > limit) {
    page.resize(limit);
    response.set_next_page_token(
        page_tokens_.Make(call.caller->principal(), request, {Micros(page.back().create_time), page.back().id}));
  }
  for (const LiveCoverage& coverage : page) *response.add_live_coverages() = articles::ToProto(coverage);
  return response;
}

absl::StatusOr<v1::ReadLiveCoverageResponse> LiveReadingService::Read(const Call& call,
                                                                      const v1::ReadLiveCoverageRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseLiveCoverageId("name", request.name()));
  ASSIGN_OR_RETURN(const int limit, paging::PageSize(request.page_size(), kDefaultPage, kMaxPage));
  ASSIGN_OR_RETURN(const std::vector<std::string> keys, page_tokens_.Read(call.caller->principal(), request));
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::ReadLiveCoverageResponse> {
    // First the number, then the updates: what changes in between is told again to those who watch, and not missed.
    const std::optional<LiveCoverage> coverage = LoadLiveCoverage(tx, id);
    if (!coverage.has_value()) return CoverageNotFound(request.name());
    std::vector<LiveUpdate> page = LoadShownUpdates(tx, id, ReadUpdatePosition(keys), limit + 1);
    v1::ReadLiveCoverageResponse response;
    if (static_cast<int>(page.size()) > limit) {
      page.resize(limit);
      const LiveUpdate& last = page.back();
      response.set_next_page_token(page_tokens_.Make(call.caller->principal(), request,
                                                     {last.pinned ? "pinned" : "", Micros(last.create_time), last.id}));
    }
    HideUnpublished(tx, IsNewsroom(*call.caller), page);
    *response.mutable_live_coverage() = articles::ToProto(*coverage);
    for (const LiveUpdate& update : page) *response.add_live_updates() = articles::ToProto(update);
    return response;
  });
}

absl::StatusOr<v1::ListLiveUpdatesResponse> LiveReadingService::ListUpdates(const Call& call,
                                                                            const v1::ListLiveUpdatesRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseLiveCoverageId("parent", request.parent()));
  ASSIGN_OR_RETURN(const int limit, paging::PageSize(request.max_batch_size(), kDefaultBatch, kMaxBatch));
  RETURN_IF_ERROR(CheckSeq(request.after_seq()));
  ASSIGN_OR_RETURN(const Changes changes, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadChanges(tx, id, request.after_seq(), limit, IsNewsroom(*call.caller));
  }));
  return ToProto<v1::ListLiveUpdatesResponse>(changes);
}

absl::StatusOr<std::unique_ptr<rpc::Stream<v1::WatchCoverageResponse>>> LiveReadingService::Watch(
    const Call& call, const v1::WatchCoverageRequest& request) {
  ASSIGN_OR_RETURN(std::string id, ParseLiveCoverageId("name", request.name()));
  RETURN_IF_ERROR(CheckSeq(request.after_seq()));
  return std::make_unique<Watcher>(database_, std::move(id), request.after_seq(), IsNewsroom(*call.caller));
}

}  // namespace masthead::articles

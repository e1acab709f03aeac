#include "services/articles/history/article_events_service.h"

#include <limits>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/resource/timestamp.h"
#include "services/articles/article/article_lookup.h"
#include "services/articles/article/workflow_proto.h"
#include "services/articles/errors.h"
#include "services/articles/history/article_event_store.h"

namespace masthead::articles {
namespace {

constexpr int kDefaultPage = 20;
constexpr int kMaxPage = 100;

v1::ArticleEvent ToProto(const ArticleEvent& event) {
  v1::ArticleEvent proto;
  *proto.mutable_event_time() = resource::ToTimestamp(event.time);
  proto.set_actor(event.actor);
  proto.set_method(event.method);
  proto.set_request_id(event.request_id);
  proto.set_traceparent(event.traceparent);
  if (event.before.has_value()) {
    proto.set_state_before(articles::ToProto(event.before->state));
    proto.set_revision_before(event.before->revision);
    proto.set_published_revision_before(event.before->published_revision);
  }
  proto.set_state_after(articles::ToProto(event.after.state));
  proto.set_revision_after(event.after.revision);
  proto.set_published_revision_after(event.after.published_revision);
  proto.set_deleted(event.deleted);
  return proto;
}

}  // namespace

void ArticleEventsService::Register(rpc::Service& articles_service) {
  articles_service.Unary("ListArticleEvents", this, &ArticleEventsService::List);
}

absl::StatusOr<v1::ListArticleEventsResponse> ArticleEventsService::List(const Call& call,
                                                                         const v1::ListArticleEventsRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseArticleId("parent", request.parent()));
  ASSIGN_OR_RETURN(const int limit, paging::PageSize(request.page_size(), kDefaultPage, kMaxPage));
  ASSIGN_OR_RETURN(const std::vector<std::string> keys, page_tokens_.Read(call.caller->principal(), request));
  int64_t before = std::numeric_limits<int64_t>::max();
  if (!keys.empty() && !absl::SimpleAtoi(keys[0], &before)) before = 0;
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::ListArticleEventsResponse> {
    if (!WasThereArticle(tx, id)) return ArticleNotFound(ArticleName(id));
    std::vector<ArticleEvent> events = LoadArticleEvents(tx, id, before, limit + 1);
    v1::ListArticleEventsResponse response;
    if (static_cast<int>(events.size()) > limit) {
      events.resize(limit);
      response.set_next_page_token(
          page_tokens_.Make(call.caller->principal(), request, {absl::StrCat(events.back().version)}));
    }
    for (const ArticleEvent& event : events) *response.add_article_events() = ToProto(event);
    return response;
  });
}

}  // namespace masthead::articles

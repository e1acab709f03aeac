#include "services/notifications/issues/issue_source.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/rpc/channel.h"

namespace masthead::notifications {
namespace {

constexpr absl::Duration kCallPatience = absl::Seconds(10);

}  // namespace

IssueSource::IssueSource(const std::shared_ptr<grpc::Channel>& articles)
    : reading_(articles::v1::ReadingService::NewStub(articles)) {}

absl::StatusOr<std::vector<articles::v1::NewsletterContent>> IssueSource::Ask(
    const Scope& scope, const std::vector<std::string>& articles) const {
  std::vector<articles::v1::NewsletterContent> contents;
  if (articles.empty()) return contents;
  articles::v1::BatchGetNewsletterContentRequest request;
  for (const std::string& article : articles) request.add_names(article);
  articles::v1::BatchGetNewsletterContentResponse response;
  grpc::ClientContext context;
  rpc::Prepare(context, std::min(scope.deadline, absl::Now() + kCallPatience));
  RETURN_IF_ERROR(rpc::FromGrpcStatus(reading_->BatchGetNewsletterContent(&context, request, &response)));
  return std::vector<articles::v1::NewsletterContent>(response.contents().begin(), response.contents().end());
}

}  // namespace masthead::notifications

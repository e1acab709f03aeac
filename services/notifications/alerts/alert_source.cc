#include "services/notifications/alerts/alert_source.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/rpc/channel.h"

namespace masthead::notifications {
namespace {

constexpr absl::Duration kCallPatience = absl::Seconds(10);

}  // namespace

AlertSource::AlertSource(const std::shared_ptr<grpc::Channel>& articles, std::string site_url)
    : reading_(articles::v1::ReadingService::NewStub(articles)), site_url_(std::move(site_url)) {}

absl::StatusOr<std::vector<articles::v1::AlertContent>> AlertSource::Ask(
    const Scope& scope, const std::vector<std::string>& articles) const {
  articles::v1::BatchGetAlertContentRequest request;
  for (const std::string& article : articles) request.add_names(article);
  articles::v1::BatchGetAlertContentResponse response;
  grpc::ClientContext context;
  rpc::Prepare(context, std::min(scope.deadline, absl::Now() + kCallPatience));
  RETURN_IF_ERROR(rpc::FromGrpcStatus(reading_->BatchGetAlertContent(&context, request, &response)));
  return std::vector<articles::v1::AlertContent>(response.contents().begin(), response.contents().end());
}

AlertText AlertSource::TextOf(const articles::v1::AlertContent& content) const {
  return {.article = content.article(),
          .headline = content.headline(),
          .dek = content.dek(),
          .byline = absl::StrJoin(content.byline_names(), ", "),
          .url = absl::StrCat(site_url_, content.url_path()),
          .contact_address = content.contact_email(),
          .language_code = content.language_code()};
}

}  // namespace masthead::notifications

#include "services/notifications/desks/desk_source.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/rpc/channel.h"
#include "common/text/text.h"
#include "services/notifications/desks/desk_errors.h"

namespace masthead::notifications {
namespace {

constexpr absl::Duration kCallPatience = absl::Seconds(5);

}  // namespace

DeskSource::DeskSource(const std::shared_ptr<grpc::Channel>& articles)
    : taxonomy_(articles::v1::TaxonomyService::NewStub(articles)) {}

absl::StatusOr<Desk> DeskSource::Ask(const Scope& scope, const std::string& name) const {
  articles::v1::GetContributorRequest request;
  request.set_name(name);
  articles::v1::Contributor contributor;
  grpc::ClientContext context;
  rpc::Prepare(context, std::min(scope.deadline, absl::Now() + kCallPatience));
  const absl::Status status = rpc::FromGrpcStatus(taxonomy_->GetContributor(&context, request, &contributor));
  if (absl::IsNotFound(status)) return DeskNotFound(name);
  RETURN_IF_ERROR(status);
  const absl::StatusOr<std::string> mailbox = text::MailboxAddress(contributor.contact_email());
  if (contributor.kind() != articles::v1::Contributor::DESK || !mailbox.ok()) return DeskNotFound(name);
  return Desk{.display_name = contributor.display_name(), .mailbox = *mailbox};
}

}  // namespace masthead::notifications

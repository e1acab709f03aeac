#include "services/notifications/errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"

namespace masthead::notifications {
namespace {

using absl::StatusCode;

absl::Status NotFound(absl::string_view kind, absl::string_view reason, absl::string_view name) {
  return WithResource(MakeError(StatusCode::kNotFound, absl::StrCat("there is no ", name),
                                {kErrorDomain, std::string(reason), {{"name", std::string(name)}}}),
                      absl::StrCat("notifications.masthead.dev/", kind), name);
}

}  // namespace

absl::Status TopicNotFound(absl::string_view name) { return NotFound("Topic", "TOPIC_NOT_FOUND", name); }

absl::Status TopicExists(absl::string_view name) {
  return MakeError(StatusCode::kAlreadyExists, absl::StrCat(name, " exists already; update it instead"),
                   {kErrorDomain, "TOPIC_EXISTS", {{"name", std::string(name)}}});
}

absl::Status TopicArchived(absl::string_view name) {
  return MakeError(StatusCode::kFailedPrecondition, absl::StrCat(name, " is deleted; undelete it first"),
                   {kErrorDomain, "TOPIC_ARCHIVED", {{"name", std::string(name)}}});
}

absl::Status TopicBuiltIn(absl::string_view name) {
  return MakeError(StatusCode::kFailedPrecondition, absl::StrCat(name, " belongs to Masthead and cannot be deleted"),
                   {kErrorDomain, "TOPIC_BUILT_IN", {{"name", std::string(name)}}});
}

absl::Status RecipientNotFound(absl::string_view name) { return NotFound("Recipient", "RECIPIENT_NOT_FOUND", name); }

absl::Status SubscriptionNotFound(absl::string_view name) {
  return NotFound("Subscription", "SUBSCRIPTION_NOT_FOUND", name);
}

absl::Status TooManySubscriptions(int limit) {
  return MakeError(StatusCode::kResourceExhausted, absl::StrCat("a recipient chooses about at most ", limit, " topics"),
                   {kErrorDomain, "TOO_MANY_SUBSCRIPTIONS", {{"limit", absl::StrCat(limit)}}});
}

absl::Status TokenInvalid() {
  return MakeError(StatusCode::kPermissionDenied, "the unsubscribe token is not valid",
                   {kErrorDomain, "TOKEN_INVALID"});
}

absl::Status MessageNotFound(absl::string_view name) { return NotFound("Message", "MESSAGE_NOT_FOUND", name); }

absl::Status MessageAlreadyEnded(absl::string_view name, absl::string_view state) {
  return MakeError(
      StatusCode::kFailedPrecondition, absl::StrCat(name, " is ", state, " already"),
      {kErrorDomain, "MESSAGE_ALREADY_ENDED", {{"name", std::string(name)}, {"state", std::string(state)}}});
}

absl::Status DeliveryNotFound(absl::string_view name) { return NotFound("Delivery", "DELIVERY_NOT_FOUND", name); }

absl::Status TemplateNotFound(absl::string_view name) { return NotFound("Template", "TEMPLATE_NOT_FOUND", name); }

absl::Status TemplateVariableMissing(absl::string_view variable) {
  return MakeError(StatusCode::kFailedPrecondition,
                   absl::StrCat("the template asks for {{", variable, "}}, which has no value"),
                   {kErrorDomain, "TEMPLATE_VARIABLE_MISSING", {{"variable", std::string(variable)}}});
}

absl::Status WebhookEndpointNotFound(absl::string_view name) {
  return NotFound("WebhookEndpoint", "WEBHOOK_ENDPOINT_NOT_FOUND", name);
}

}  // namespace masthead::notifications

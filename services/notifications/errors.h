// Every error this service reports on purpose: the twin of protos/masthead/notifications/v1/error_reason.proto. Those
// of letters stand in mail/mail_errors.h.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace masthead::notifications {

inline constexpr char kErrorDomain[] = "notifications.masthead";

absl::Status TopicNotFound(absl::string_view name);
absl::Status TopicExists(absl::string_view name);
absl::Status TopicArchived(absl::string_view name);
absl::Status TopicBuiltIn(absl::string_view name);
absl::Status RecipientNotFound(absl::string_view name);
absl::Status SubscriptionNotFound(absl::string_view name);
absl::Status TooManySubscriptions(int limit);
absl::Status TokenInvalid();
absl::Status MessageNotFound(absl::string_view name);
absl::Status MessageAlreadyEnded(absl::string_view name, absl::string_view state);
absl::Status DeliveryNotFound(absl::string_view name);
absl::Status TemplateNotFound(absl::string_view name);
absl::Status TemplateVariableMissing(absl::string_view variable);
absl::Status WebhookEndpointNotFound(absl::string_view name);

}  // namespace masthead::notifications

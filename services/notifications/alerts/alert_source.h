// Asks articles what alerts may say. Never within a transaction.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/scope.h"
#include "grpcpp/channel.h"
#include "masthead/articles/v1/reading_service.grpc.pb.h"
#include "services/notifications/messages/message.h"

namespace masthead::notifications {

class AlertSource {
 public:
  // `site_url` stands before articles' paths.
  AlertSource(const std::shared_ptr<grpc::Channel>& articles, std::string site_url);

  // Of the articles, `articles/{article}`, at most 100, those that readers can have.
  absl::StatusOr<std::vector<articles::v1::AlertContent>> Ask(const Scope& scope,
                                                              const std::vector<std::string>& articles) const;

  AlertText TextOf(const articles::v1::AlertContent& content) const;

 private:
  const std::unique_ptr<articles::v1::ReadingService::Stub> reading_;
  const std::string site_url_;
};

}  // namespace masthead::notifications

// Asks articles what a newsletter issue says. Never within a transaction.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/scope.h"
#include "grpcpp/channel.h"
#include "masthead/articles/v1/reading_service.grpc.pb.h"

namespace masthead::notifications {

class IssueSource {
 public:
  explicit IssueSource(const std::shared_ptr<grpc::Channel>& articles);

  // Of the articles, `articles/{article}`, at most 20, those that are public, in the same order: one that was retracted
  // or withdrawn is not told of.
  absl::StatusOr<std::vector<articles::v1::NewsletterContent>> Ask(const Scope& scope,
                                                                   const std::vector<std::string>& articles) const;

 private:
  const std::unique_ptr<articles::v1::ReadingService::Stub> reading_;
};

}  // namespace masthead::notifications

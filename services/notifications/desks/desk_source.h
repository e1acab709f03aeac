// Asks articles where a desk is written to. Never within a transaction.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/scope.h"
#include "grpcpp/channel.h"
#include "masthead/articles/v1/taxonomy_service.grpc.pb.h"

namespace masthead::notifications {

struct Desk {
  std::string display_name;
  std::string mailbox;
};

class DeskSource {
 public:
  explicit DeskSource(const std::shared_ptr<grpc::Channel>& articles);

  // `name` is `contributors/{contributor}`. NOT_FOUND (DESK_NOT_FOUND) if it is no desk, or has no address.
  absl::StatusOr<Desk> Ask(const Scope& scope, const std::string& name) const;

 private:
  const std::unique_ptr<articles::v1::TaxonomyService::Stub> taxonomy_;
};

}  // namespace masthead::notifications

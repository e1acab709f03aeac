// The gRPC face of curated lists for readers, and for editors who want to see what readers will get.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/rpc/service.h"
#include "masthead/articles/v1/curated_lists_service.pb.h"
#include "services/articles/curation/front_page.h"

namespace masthead::articles {

class FrontPageService {
 public:
  explicit FrontPageService(db::Database& database) : database_(database) {}

  void Register(rpc::Service& curated_lists_service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::GetResolvedListResponse> GetResolvedList(const Call&, const v1::GetResolvedListRequest&);
  absl::StatusOr<v1::PreviewFrontPageResponse> Preview(const Call&, const v1::PreviewFrontPageRequest&);
  absl::StatusOr<v1::ReadCuratedListResponse> ReadList(const Call&, const v1::ReadCuratedListRequest&);
  absl::StatusOr<v1::ReadFrontPageResponse> Read(const Call&, const v1::ReadFrontPageRequest&);

  absl::StatusOr<FrontPage> Load(const Call& call, const std::vector<std::string>& ids,
                                 std::optional<absl::Time> as_of);

  db::Database& database_;
};

}  // namespace masthead::articles

// The gRPC face of feeds, sitemaps and structured data: each RPC one method. Everything is made from what came through
// the gate, for somebody of whom nothing is known.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/rpc/service.h"
#include "masthead/articles/v1/feeds_service.pb.h"
#include "services/articles/feeds/feed.h"
#include "services/articles/feeds/feeds_proto.h"

namespace masthead::articles {

class FeedsService {
 public:
  // A `site` without a URL or a name: every call is refused.
  FeedsService(db::Database& database, Site site);

  const rpc::Service& service() const { return service_; }

 private:
  using Call = rpc::Call;
  using Answer = absl::StatusOr<v1::RenderedDocument>;

  Answer RenderFeed(const Call&, const v1::RenderFeedRequest&);
  Answer RenderSitemap(const Call&, const v1::RenderSitemapRequest&);
  Answer RenderNewsSitemap(const Call&, const v1::RenderNewsSitemapRequest&);
  Answer RenderJsonLd(const Call&, const v1::RenderJsonLdRequest&);

  absl::StatusOr<Rendered> RenderSitemapPage(db::Transaction& tx, const std::string& name) const;
  absl::StatusOr<Rendered> RenderArticle(db::Transaction& tx, const std::string& id) const;
  absl::StatusOr<Rendered> RenderLiveCoverage(db::Transaction& tx, const std::string& id) const;

  db::Database& database_;
  const Site site_;
  rpc::Service service_;
};

}  // namespace masthead::articles

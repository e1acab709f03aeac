// masthead-articles [serve|migrate] [--flags]
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/time/clock.h"
#include "common/auth/key_set.h"
#include "common/base/status_macros.h"
#include "common/rpc/channel.h"
#include "common/service/service_main.h"
#include "masthead/memberships/v1/tokens_service.grpc.pb.h"
#include "services/articles/articles.h"
#include "services/articles/history/retention_store.h"
#include "services/articles/publishing/wall_clock.h"

ABSL_FLAG(int, reading_cache_mib, 256, "Memory for answers to readers, in MiB.");
ABSL_FLAG(std::string, site_url, "", "Where readers find articles: https, no slash at the end.");
ABSL_FLAG(std::string, publication_name, "", "What the newspaper is called, in feeds and to search engines.");
ABSL_FLAG(bool, require_review, false,
          "Readers get only revisions that somebody else than who submitted them approved.");
ABSL_FLAG(absl::Duration, revision_retention, absl::InfiniteDuration(),
          "How long revisions that readers never had are kept, at least 720h.");

namespace masthead::articles {
namespace {

constexpr absl::Duration kKeyPatience = absl::Seconds(5);

// Readers' and editors' tokens are signed by memberships.
absl::StatusOr<std::unique_ptr<auth::KeySet>> KeysOfMemberships(service::Platform& platform) {
  std::shared_ptr<memberships::v1::TokensService::Stub> stub =
      memberships::v1::TokensService::NewStub(platform.ChannelTo("memberships"));
  return auth::FetchedKeySet(
      [stub = std::move(stub)]() -> absl::StatusOr<std::string> {
        grpc::ClientContext context;
        rpc::Prepare(context, absl::Now() + kKeyPatience);
        memberships::v1::JsonWebKeySet keys;
        RETURN_IF_ERROR(rpc::FromGrpcStatus(stub->GetJsonWebKeySet(&context, {}, &keys)));
        return keys.jwks_json();
      },
      platform.clock());
}

Site SiteOfFlags() { return {.url = absl::GetFlag(FLAGS_site_url), .name = absl::GetFlag(FLAGS_publication_name)}; }

class ArticlesParts final : public service::Parts {
 public:
  explicit ArticlesParts(service::Platform& platform)
      : database_(platform.database()),
        articles_(platform.database(), platform.clock(), platform.mac_key(),
                  {.cache_bytes = static_cast<size_t>(absl::GetFlag(FLAGS_reading_cache_mib)) << 20,
                   .rules = {.require_review = absl::GetFlag(FLAGS_require_review)},
                   .site = SiteOfFlags(),
                   .memberships = platform.ChannelTo("memberships")}) {}

  std::vector<const rpc::Service*> services() override { return articles_.services(); }
  void StartWorkers() override { articles_.StartWorkers(); }
  void StopWorkers() override { articles_.StopWorkers(); }
  absl::StatusOr<bool> ClearAway(const Scope& scope, absl::Duration audit_kept) override {
    return ClearAwayHistory(database_, scope,
                            {.revisions = absl::GetFlag(FLAGS_revision_retention), .events = audit_kept});
  }

 private:
  db::Database& database_;
  Articles articles_;
};

absl::StatusOr<std::unique_ptr<service::Parts>> Build(service::Platform& platform) {
  // Schedules are meant in desks' zones: better no process than one without its time zones.
  RETURN_IF_ERROR(FindTimeZone("Europe/Kyiv").status());
  if (absl::GetFlag(FLAGS_revision_retention) < kLeastRevisionRetention) {
    return absl::InvalidArgumentError("--revision_retention must be 720h or more");
  }
  RETURN_IF_ERROR(CheckSite(SiteOfFlags()));
  return std::make_unique<ArticlesParts>(platform);
}

}  // namespace
}  // namespace masthead::articles

int main(int argc, char** argv) {
  using namespace masthead;
  return service::Main(argc, argv,
                       {.name = "articles",
                        .schema = articles::Schema(),
                        .keys = articles::KeysOfMemberships,
                        .build = articles::Build});
}

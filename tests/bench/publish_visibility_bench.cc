// How soon readers have what an editor published: on the replica that the editor called, and on another one that hears
// of it by the feed. Both keep the article in memory, so that what is measured is how it is dropped.
//
//   publish_visibility_bench [--publications=200]
//
// Both replicas run in this process, with their workers; readers ask each of them without pause. Exits with 1 above the
// bar.
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/clock/clock.h"
#include "common/crypto/mac.h"
#include "masthead/articles/v1/articles_service.grpc.pb.h"
#include "masthead/articles/v1/reading_service.grpc.pb.h"
#include "masthead/articles/v1/taxonomy_service.grpc.pb.h"
#include "services/articles/articles.h"
#include "tests/bench/call_load.h"
#include "tests/support/test_database.h"
#include "tests/support/test_server.h"

ABSL_FLAG(int, publications, 200, "How many times to publish.");

namespace masthead::articles {
namespace {

constexpr absl::Duration kBar = absl::Milliseconds(250);  // p99, on every replica.
constexpr absl::Duration kPatience = absl::Seconds(10);

template <typename Stub, typename Request, typename Response>
Response Ask(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
             const Request& request, const std::string& token) {
  grpc::ClientContext context;
  if (!token.empty()) testing::Authorize(context, token);
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) {
    std::cerr << status.error_message() << std::endl;
    std::exit(2);
  }
  return response;
}

class Replica {
 public:
  Replica(db::Database& database, const crypto::MacKey& key)
      : articles_(database, Clock::System(), key), server_(articles_.services()) {
    articles_.StartWorkers();
    reading_ = v1::ReadingService::NewStub(server_.Channel());
  }
  ~Replica() { articles_.StopWorkers(); }

  std::string Headline(const std::string& name) {
    v1::ReadArticleRequest request;
    request.set_name(name);
    return Ask(*reading_, &v1::ReadingService::Stub::ReadArticle, request, "").article().headline();
  }

  testing::TestServer& server() { return server_; }

 private:
  Articles articles_;
  testing::TestServer server_;
  std::unique_ptr<v1::ReadingService::Stub> reading_;
};

// The editor's side, on one replica.
class Desk {
 public:
  explicit Desk(testing::TestServer& server)
      : editor_(server.StaffToken({"editor"})),
        editing_(v1::ArticlesService::NewStub(server.Channel())),
        taxonomy_(v1::TaxonomyService::NewStub(server.Channel())) {}

  std::string Create() {
    v1::CreateSectionRequest section;
    section.set_section_id("national");
    section.mutable_section()->set_display_name("National");
    Ask(*taxonomy_, &v1::TaxonomyService::Stub::CreateSection, section, editor_);
    v1::CreateContributorRequest desk;
    desk.set_contributor_id("news-desk");
    desk.mutable_contributor()->set_kind(v1::Contributor::DESK);
    desk.mutable_contributor()->set_display_name("The news desk");
    Ask(*taxonomy_, &v1::TaxonomyService::Stub::CreateContributor, desk, editor_);
    v1::CreateArticleRequest create;
    create.mutable_article()->set_headline("Revision 0");
    create.mutable_article()->set_language_code("en");
    create.mutable_article()->set_section("sections/national");
    create.mutable_article()->add_bylines()->set_contributor("contributors/news-desk");
    return Ask(*editing_, &v1::ArticlesService::Stub::CreateArticle, create, editor_).name();
  }

  void Publish(const std::string& name, const std::string& headline) {
    v1::UpdateArticleRequest update;
    update.mutable_article()->set_name(name);
    update.mutable_article()->set_etag("*");
    update.mutable_article()->set_headline(headline);
    update.mutable_update_mask()->add_paths("headline");
    Ask(*editing_, &v1::ArticlesService::Stub::UpdateArticle, update, editor_);
    v1::PublishArticleRequest publish;
    publish.set_name(name);
    publish.set_etag("*");
    Ask(*editing_, &v1::ArticlesService::Stub::PublishArticle, publish, editor_);
  }

 private:
  const std::string editor_;
  const std::unique_ptr<v1::ArticlesService::Stub> editing_;
  const std::unique_ptr<v1::TaxonomyService::Stub> taxonomy_;
};

absl::Duration UntilSeen(Replica& replica, const std::string& name, const std::string& headline) {
  const absl::Time start = absl::Now();
  while (replica.Headline(name) != headline) {
    if (absl::Now() - start > kPatience) {
      std::cerr << "readers never had " << headline << std::endl;
      std::exit(2);
    }
  }
  return absl::Now() - start;
}

int Run() {
  testing::TestDatabase postgres(Schema());
  const crypto::MacKey key = crypto::MacKey::Random();
  Replica own(postgres.database(), key);
  Replica other(postgres.database(), key);
  Desk desk(own.server());
  const std::string name = desk.Create();
  desk.Publish(name, "Revision 1");

  int stale = 0;
  std::vector<absl::Duration> elsewhere;
  for (int i = 2; i < absl::GetFlag(FLAGS_publications) + 2; ++i) {
    const std::string headline = absl::StrCat("Revision ", i);
    desk.Publish(name, headline);
    stale += own.Headline(name) == headline ? 0 : 1;
    elsewhere.push_back(UntilSeen(other, name, headline));
  }
  const absl::Duration p99 = bench::Percentile(elsewhere, 0.99);
  std::printf(
      "%d publications: %d not visible at once on their own replica (bar 0); on another p50 %.0f ms, p99 %.0f ms (bar "
      "250)\n",
      static_cast<int>(elsewhere.size()), stale, absl::ToDoubleMilliseconds(bench::Percentile(elsewhere, 0.5)),
      absl::ToDoubleMilliseconds(p99));
  return stale == 0 && p99 <= kBar ? 0 : 1;
}

}  // namespace
}  // namespace masthead::articles

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  return masthead::articles::Run();
}

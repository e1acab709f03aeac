#include "tests/articles/exchange/archives.h"

#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/rpc/channel.h"
#include "google/protobuf/util/json_util.h"
#include "nlohmann/json.hpp"

namespace masthead::articles {

using ::masthead::testing::IsOk;

std::vector<std::string> Imported::Outcomes() const {
  std::vector<std::string> outcomes;
  for (const v1::ImportedItem& item : items) outcomes.push_back(v1::ImportedItem::Outcome_Name(item.outcome()));
  return outcomes;
}

Imported ImportFile(const std::shared_ptr<grpc::Channel>& channel, const std::string& token,
                    v1::ImportArticlesRequest settings, absl::string_view file, size_t part) {
  const auto stub = v1::ExchangeService::NewStub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
  testing::Authorize(context, token);
  const auto stream = stub->ImportArticles(&context);
  std::thread writer([&] {
    settings.set_data(std::string(file.substr(0, part)));
    bool open = stream->Write(settings);
    for (size_t i = part; i < file.size() && open; i += part) {
      v1::ImportArticlesRequest next;
      next.set_data(std::string(file.substr(i, part)));
      open = stream->Write(next);
    }
    stream->WritesDone();
  });
  Imported imported;
  v1::ImportArticlesResponse response;
  while (stream->Read(&response)) {
    if (response.has_item()) imported.items.push_back(response.item());
    if (response.has_summary()) {
      imported.summary = response.summary();
      imported.complete = true;
    }
  }
  writer.join();
  imported.status = rpc::FromGrpcStatus(stream->Finish());
  return imported;
}

v1::ImportArticlesRequest Archives::GhostSettings() {
  v1::ImportArticlesRequest settings;
  settings.set_format(v1::ImportArticlesRequest::GHOST);
  settings.set_language_code("en");
  settings.set_section("sections/national");
  settings.set_contributor("contributors/news-desk");
  settings.set_site_uri("https://www.old.example");
  settings.set_target_site_uri("https://news.example/");
  return settings;
}

std::vector<v1::ExportArticlesResponse> ExportFrom(const std::shared_ptr<grpc::Channel>& channel,
                                                   const std::string& token, const v1::ExportArticlesRequest& request) {
  const auto stub = v1::ExchangeService::NewStub(channel);
  grpc::ClientContext context;
  testing::Authorize(context, token);
  const auto stream = stub->ExportArticles(&context, request);
  std::vector<v1::ExportArticlesResponse> archive;
  v1::ExportArticlesResponse response;
  while (stream->Read(&response)) archive.push_back(response);
  EXPECT_THAT(stream->Finish(), IsOk());
  return archive;
}

v1::Article Archives::Find(const std::string& scheme, const std::string& alt_id) {
  v1::ListArticlesRequest request;
  request.set_filter(absl::StrCat("alt_ids.", scheme, " = \"", alt_id, "\""));
  request.set_view(v1::ARTICLE_VIEW_FULL);
  v1::ListArticlesResponse response;
  EXPECT_THAT(Edit(&v1::ArticlesService::Stub::ListArticles, request, &response), IsOk());
  EXPECT_EQ(response.articles_size(), 1) << request.filter();
  return response.articles_size() == 1 ? response.articles(0) : v1::Article();
}

std::string ToJson(const std::vector<v1::ExportArticlesResponse>& archive) {
  std::string json;
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  for (const v1::ExportArticlesResponse& message : archive) {
    EXPECT_TRUE(google::protobuf::util::MessageToJsonString(message, &json, options).ok());
  }
  return json;
}

std::string GhostFile(const std::vector<std::string>& posts) {
  std::vector<std::string> authors;
  for (const std::string& post : posts) {
    const std::string id = nlohmann::json::parse(post)["id"].get<std::string>();
    authors.push_back(absl::StrCat(R"({"post_id":")", id, R"(","author_id":"1","sort_order":0})"));
  }
  return absl::StrCat(R"({"db":[{"data":{"posts":[)", absl::StrJoin(posts, ","), R"(],"posts_authors":[)",
                      absl::StrJoin(authors, ","), R"(],"users":[{"id":"1","name":"Ada","slug":"ada"}]}}]})");
}

std::string GhostPost(const std::string& id, const std::string& title, const std::string& slug, const std::string& html,
                      const std::string& more) {
  nlohmann::json post = {{"id", id},
                         {"uuid", absl::StrCat("u-", id)},
                         {"title", title},
                         {"slug", slug},
                         {"html", html},
                         {"status", "published"},
                         {"type", "post"},
                         {"visibility", "public"},
                         {"created_at", "2023-05-01T08:00:00.000Z"},
                         {"published_at", "2023-05-02T09:30:00.000Z"}};
  if (!more.empty()) post.update(nlohmann::json::parse(more));
  return post.dump();
}

}  // namespace masthead::articles

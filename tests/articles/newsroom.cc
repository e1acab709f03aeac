#include "tests/articles/newsroom.h"

namespace masthead::articles {

using ::masthead::testing::IsOk;

Newsroom::Newsroom() {
  v1::CreateSectionRequest section;
  section.set_section_id("national");
  section.mutable_section()->set_display_name("National");
  v1::Section created_section;
  EXPECT_THAT(Call(*taxonomy_, &v1::TaxonomyService::Stub::CreateSection, section, &created_section, editor_), IsOk());

  v1::CreateContributorRequest desk;
  desk.set_contributor_id("news-desk");
  desk.mutable_contributor()->set_kind(v1::Contributor::DESK);
  desk.mutable_contributor()->set_display_name("The news desk");
  desk.mutable_contributor()->set_biography("We are the news team.");
  desk.mutable_contributor()->set_contact_email("desk@example.org");
  v1::Contributor created_desk;
  EXPECT_THAT(Call(*taxonomy_, &v1::TaxonomyService::Stub::CreateContributor, desk, &created_desk, editor_), IsOk());
}

v1::Article Newsroom::Draft(const std::string& headline) {
  v1::Article article;
  article.set_headline(headline);
  article.set_dek("What happened.");
  article.set_language_code("en");
  article.set_section("sections/national");
  article.add_bylines()->set_contributor("contributors/news-desk");
  article.add_body()->mutable_paragraph()->mutable_text()->set_text("First paragraph.");
  return article;
}

v1::Article Newsroom::Create(const v1::Article& article, const std::string& id) {
  v1::CreateArticleRequest request;
  *request.mutable_article() = article;
  request.set_article_id(id);
  v1::Article created;
  EXPECT_THAT(Edit(&v1::ArticlesService::Stub::CreateArticle, request, &created), IsOk());
  return created;
}

grpc::Status Newsroom::TryCreate(const v1::Article& article) {
  v1::CreateArticleRequest request;
  *request.mutable_article() = article;
  v1::Article created;
  return Edit(&v1::ArticlesService::Stub::CreateArticle, request, &created);
}

v1::Article Newsroom::Get(const std::string& name) {
  v1::GetArticleRequest request;
  request.set_name(name);
  v1::Article article;
  EXPECT_THAT(Edit(&v1::ArticlesService::Stub::GetArticle, request, &article), IsOk());
  return article;
}

v1::Article Newsroom::Publish(const v1::Article& article, bool substantive) {
  v1::PublishArticleRequest request;
  request.set_name(article.name());
  request.set_etag("*");
  request.set_substantive(substantive);
  v1::Article published;
  EXPECT_THAT(Edit(&v1::ArticlesService::Stub::PublishArticle, request, &published), IsOk());
  return published;
}

grpc::Status Newsroom::TryPublish(const std::string& name, const std::string& etag, const std::string& request_id,
                                  v1::Article* published) {
  v1::PublishArticleRequest request;
  request.set_name(name);
  request.set_etag(etag);
  request.set_request_id(request_id);
  v1::Article ignored;
  return Edit(&v1::ArticlesService::Stub::PublishArticle, request, published != nullptr ? published : &ignored);
}

v1::Article Newsroom::Update(const v1::Article& article, const std::vector<std::string>& mask) {
  v1::Article updated;
  EXPECT_THAT(TryUpdate(article, mask, &updated), IsOk());
  return updated;
}

grpc::Status Newsroom::TryUpdate(const v1::Article& article, const std::vector<std::string>& mask,
                                 v1::Article* updated) {
  v1::UpdateArticleRequest request;
  *request.mutable_article() = article;
  for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
  v1::Article ignored;
  return Edit(&v1::ArticlesService::Stub::UpdateArticle, request, updated != nullptr ? updated : &ignored);
}

grpc::Status Newsroom::TryUnpublish(const std::string& name) {
  v1::UnpublishArticleRequest request;
  request.set_name(name);
  request.set_etag("*");
  v1::Article article;
  return Edit(&v1::ArticlesService::Stub::UnpublishArticle, request, &article);
}

grpc::Status Newsroom::TrySchedule(const std::string& name, absl::Time time, v1::Article* scheduled) {
  v1::ScheduleArticleRequest request;
  request.set_name(name);
  request.set_etag("*");
  request.mutable_publish_time()->set_seconds(absl::ToUnixSeconds(time));
  request.set_time_zone("Europe/Kyiv");
  v1::Article ignored;
  return Edit(&v1::ArticlesService::Stub::ScheduleArticle, request, scheduled != nullptr ? scheduled : &ignored);
}

grpc::Status Newsroom::Read(const std::string& name_or_path, v1::ReadArticleResponse* response,
                            const std::string& token) {
  v1::ReadArticleRequest request;
  if (!name_or_path.empty() && name_or_path.front() == '/') {
    request.set_url_path(name_or_path);
  } else {
    request.set_name(name_or_path);
  }
  return Call(*reading_, &v1::ReadingService::Stub::ReadArticle, request, response, token);
}

std::vector<v1::Event> Newsroom::Events() {
  const auto stub = v1::EventsService::NewStub(server_.ChannelAs("notifications"));
  v1::ListEventsRequest request;
  request.set_max_batch_size(1000);
  v1::ListEventsResponse response;
  EXPECT_THAT(Call(*stub, &v1::EventsService::Stub::ListEvents, request, &response, ""), IsOk());
  return {response.events().begin(), response.events().end()};
}

std::vector<std::string> Newsroom::EventTypes() {
  std::vector<std::string> types;
  for (const v1::Event& event : Events()) types.push_back(event.type());
  return types;
}

std::vector<std::string> Newsroom::ArticleEvents() {
  std::vector<std::string> types;
  for (const v1::Event& event : Events()) {
    if (event.type().rfind("article.", 0) == 0) types.push_back(event.type());
  }
  return types;
}

absl::Time TimeOf(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

}  // namespace masthead::articles

#include "tests/notifications/support/articles_stand_in.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/ids/uuid.h"
#include "google/protobuf/util/time_util.h"
#include "grpcpp/server_builder.h"

namespace masthead::notifications {

ArticlesStandIn::ArticlesStandIn() {
  grpc::ServerBuilder builder;
  builder.RegisterService(static_cast<articles::v1::EventsService::Service*>(this));
  builder.RegisterService(static_cast<articles::v1::ReadingService::Service*>(this));
  builder.RegisterService(static_cast<articles::v1::TaxonomyService::Service*>(this));
  builder.RegisterService(static_cast<articles::v1::CorrectionsService::Service*>(this));
  server_ = builder.BuildAndStart();
  channel_ = server_->InProcessChannel({});
}

ArticlesStandIn::~ArticlesStandIn() {
  stopping_ = true;
  server_->Shutdown(std::chrono::system_clock::now());
}

std::string ArticlesStandIn::Publish(const StandInArticle& article, absl::Time when) {
  articles::v1::Event event;
  event.set_event_id(ids::NewUuid());
  *event.mutable_event_time() = google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(when));
  event.set_type("article.published");
  event.set_resource(absl::StrCat("articles/", article.id));
  articles::v1::ArticlePublished& published = *event.mutable_article_published();
  published.set_first_publication(article.first_publication);
  published.set_imported(article.imported);
  published.mutable_facts()->set_article(event.resource());
  published.mutable_facts()->set_breaking(article.breaking);

  articles::v1::AlertContent content;
  content.set_article(event.resource());
  content.set_headline(article.headline);
  content.set_dek(article.dek);
  content.set_url_path(absl::StrCat("/en/", article.id));
  content.set_contact_email(article.contact_email);
  content.set_language_code("en");
  if (!article.section.empty()) content.set_section(absl::StrCat("sections/", article.section));

  MutexLock lock(mutex_);
  for (const std::string& desk : article.desks) {
    desks_.insert(absl::StrCat("contributors/", desk));
    content.add_contributors(absl::StrCat("contributors/", desk));
    content.add_byline_names(desk);
  }
  for (const std::string& person : article.persons) {
    content.add_contributors(absl::StrCat("contributors/", person));
    content.add_byline_names(person);
  }
  contents_[event.resource()] = content;
  event.set_revision(static_cast<int64_t>(events_.size()) + 1);
  events_.push_back(event);
  return event.event_id();
}

void ArticlesStandIn::RepeatLastEvent() {
  MutexLock lock(mutex_);
  events_.push_back(events_.back());
}

void ArticlesStandIn::Withdraw(const std::string& id) {
  MutexLock lock(mutex_);
  contents_.erase(absl::StrCat("articles/", id));
  newsletter_contents_.erase(absl::StrCat("articles/", id));
}

articles::v1::Event& ArticlesStandIn::AddEvent(const std::string& type, const std::string& article) {
  articles::v1::Event& event = events_.emplace_back();
  event.set_event_id(ids::NewUuid());
  *event.mutable_event_time() =
      google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(absl::Now()));
  event.set_type(type);
  event.set_resource(article);
  event.set_revision(static_cast<int64_t>(events_.size()));
  return event;
}

void ArticlesStandIn::Correct(const std::string& id, const std::string& correction, const std::string& text,
                              articles::v1::Correction::Kind kind) {
  const std::string article = absl::StrCat("articles/", id);
  const std::string name = absl::StrCat(article, "/corrections/", correction);
  MutexLock lock(mutex_);
  corrections_[name].mutable_text()->set_text(text);
  articles::v1::ArticleCorrected& corrected = *AddEvent("article.corrected", article).mutable_article_corrected();
  corrected.mutable_facts()->set_article(article);
  corrected.set_correction(name);
  corrected.set_kind(kind);
}

void ArticlesStandIn::WithdrawCorrection(const std::string& id, const std::string& correction) {
  const std::string article = absl::StrCat("articles/", id);
  MutexLock lock(mutex_);
  articles::v1::ArticleCorrected& corrected = *AddEvent("article.corrected", article).mutable_article_corrected();
  corrected.mutable_facts()->set_article(article);
  corrected.set_correction(absl::StrCat(article, "/corrections/", correction));
  corrected.set_kind(articles::v1::Correction::CORRECTION);
  corrected.set_withdrawn(true);
  corrections_[corrected.correction()].mutable_withdraw_time();
}

void ArticlesStandIn::Retract(const std::string& id) {
  Withdraw(id);
  const std::string article = absl::StrCat("articles/", id);
  MutexLock lock(mutex_);
  AddEvent("article.retracted", article).mutable_article_retracted()->mutable_facts()->set_article(article);
}

grpc::Status ArticlesStandIn::GetCorrection(grpc::ServerContext*, const articles::v1::GetCorrectionRequest* request,
                                            articles::v1::Correction* response) {
  MutexLock lock(mutex_);
  const auto found = corrections_.find(request->name());
  if (found == corrections_.end()) return {grpc::StatusCode::NOT_FOUND, "there is no such correction"};
  *response = found->second;
  response->set_name(request->name());
  return grpc::Status::OK;
}

void ArticlesStandIn::Offer(const articles::v1::NewsletterContent& content) {
  MutexLock lock(mutex_);
  newsletter_contents_[content.article()] = content;
}

grpc::Status ArticlesStandIn::BatchGetNewsletterContent(grpc::ServerContext*,
                                                        const articles::v1::BatchGetNewsletterContentRequest* request,
                                                        articles::v1::BatchGetNewsletterContentResponse* response) {
  MutexLock lock(mutex_);
  for (const std::string& name : request->names()) {
    const auto found = newsletter_contents_.find(name);
    if (found == newsletter_contents_.end()) {
      response->add_not_public(name);
    } else {
      *response->add_contents() = found->second;
    }
  }
  return grpc::Status::OK;
}

grpc::Status ArticlesStandIn::WatchEvents(grpc::ServerContext* context, const articles::v1::WatchEventsRequest* request,
                                          grpc::ServerWriter<articles::v1::WatchEventsResponse>* writer) {
  size_t next = 0;
  if (!request->after_cursor().empty() && !absl::SimpleAtoi(request->after_cursor(), &next))
    return grpc::Status::CANCELLED;
  while (!stopping_ && !context->IsCancelled()) {
    articles::v1::WatchEventsResponse response;
    {
      MutexLock lock(mutex_);
      for (; next < events_.size(); ++next) {
        *response.add_events() = events_[next];
        response.mutable_events()->rbegin()->set_cursor(absl::StrCat(next + 1));
      }
    }
    response.set_cursor(absl::StrCat(next));
    if (response.events_size() > 0 && !writer->Write(response)) break;
    absl::SleepFor(absl::Milliseconds(5));
  }
  return grpc::Status::OK;
}

grpc::Status ArticlesStandIn::BatchGetAlertContent(grpc::ServerContext*,
                                                   const articles::v1::BatchGetAlertContentRequest* request,
                                                   articles::v1::BatchGetAlertContentResponse* response) {
  MutexLock lock(mutex_);
  for (const std::string& name : request->names()) {
    const auto found = contents_.find(name);
    if (found == contents_.end()) {
      response->add_not_public(name);
    } else {
      *response->add_contents() = found->second;
    }
  }
  return grpc::Status::OK;
}

grpc::Status ArticlesStandIn::GetContributor(grpc::ServerContext*, const articles::v1::GetContributorRequest* request,
                                             articles::v1::Contributor* response) {
  MutexLock lock(mutex_);
  response->set_name(request->name());
  const bool is_desk = desks_.contains(request->name());
  response->set_kind(is_desk ? articles::v1::Contributor::DESK : articles::v1::Contributor::PERSON);
  response->set_display_name(is_desk ? "News desk" : "Somebody");
  response->set_contact_email("desk@news.example");
  return grpc::Status::OK;
}

}  // namespace masthead::notifications

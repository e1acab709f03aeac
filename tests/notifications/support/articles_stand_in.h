// Speaks the protos of articles as far as notifications asks, from memory. The real one is met in tests/e2e.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/base/mutex.h"
#include "grpcpp/channel.h"
#include "grpcpp/server.h"
#include "masthead/articles/v1/corrections_service.grpc.pb.h"
#include "masthead/articles/v1/events_service.grpc.pb.h"
#include "masthead/articles/v1/reading_service.grpc.pb.h"
#include "masthead/articles/v1/taxonomy_service.grpc.pb.h"

namespace masthead::notifications {

// An article as it goes public.
struct StandInArticle {
  std::string id;
  std::string headline = "Ceasefire talks resume";
  std::string dek = "Delegations meet for the third time";
  std::string section = "war";
  std::vector<std::string> desks = {"news-desk"};
  std::vector<std::string> persons = {};
  bool breaking = false;
  bool first_publication = true;
  bool imported = false;
  std::string contact_email = "desk@news.example";
};

class ArticlesStandIn final : public articles::v1::EventsService::Service,
                              public articles::v1::ReadingService::Service,
                              public articles::v1::TaxonomyService::Service,
                              public articles::v1::CorrectionsService::Service {
 public:
  ArticlesStandIn();
  ~ArticlesStandIn() override;

  std::shared_ptr<grpc::Channel> channel() const { return channel_; }

  // Makes the article public and tells of it. Returns the event's ID.
  std::string Publish(const StandInArticle& article, absl::Time when = absl::Now());
  // Tells of the last event again, with the same ID.
  void RepeatLastEvent();
  // What newsletters may say of the article; public from now on.
  void Offer(const articles::v1::NewsletterContent& content);
  // The article is not public any more.
  void Withdraw(const std::string& id);
  // Tells of a note beside the article.
  void Correct(const std::string& id, const std::string& correction, const std::string& text,
               articles::v1::Correction::Kind kind = articles::v1::Correction::CORRECTION);
  // Tells that the note was withdrawn.
  void WithdrawCorrection(const std::string& id, const std::string& correction);
  // Withdraws the article, and tells that it was retracted.
  void Retract(const std::string& id);

 private:
  grpc::Status WatchEvents(grpc::ServerContext* context, const articles::v1::WatchEventsRequest* request,
                           grpc::ServerWriter<articles::v1::WatchEventsResponse>* writer) override;
  grpc::Status BatchGetAlertContent(grpc::ServerContext* context,
                                    const articles::v1::BatchGetAlertContentRequest* request,
                                    articles::v1::BatchGetAlertContentResponse* response) override;
  grpc::Status BatchGetNewsletterContent(grpc::ServerContext* context,
                                         const articles::v1::BatchGetNewsletterContentRequest* request,
                                         articles::v1::BatchGetNewsletterContentResponse* response) override;
  grpc::Status GetCorrection(grpc::ServerContext* context, const articles::v1::GetCorrectionRequest* request,
                             articles::v1::Correction* response) override;
  // Adds an event about the article, now.
  articles::v1::Event& AddEvent(const std::string& type, const std::string& article)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  grpc::Status GetContributor(grpc::ServerContext* context, const articles::v1::GetContributorRequest* request,
                              articles::v1::Contributor* response) override;

  std::atomic<bool> stopping_ = false;
  Mutex mutex_;
  std::vector<articles::v1::Event> events_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, articles::v1::AlertContent> contents_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, articles::v1::NewsletterContent> newsletter_contents_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, articles::v1::Correction> corrections_ ABSL_GUARDED_BY(mutex_);
  std::set<std::string> desks_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace masthead::notifications

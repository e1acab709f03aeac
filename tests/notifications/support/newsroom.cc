#include "tests/notifications/support/newsroom.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/rpc/call_runner.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(20);

NotificationsOptions OptionsFor(const mail::SmtpSink& sink, const std::function<void(NotificationsOptions&)>& adjust) {
  NotificationsOptions options;
  options.alerts.site_url = "https://news.example";
  options.letters = {.from = "alerts@news.example",
                     .from_name = "The Example",
                     .return_path = "bounces@news.example",
                     .domain = "news.example",
                     .public_base_url = "https://news.example"};
  options.route.smtp.host = "127.0.0.1";
  options.route.smtp.port = sink.port();
  options.route.smtp.tls = mail::SmtpTls::kNone;
  options.sender.route_pause = absl::Milliseconds(100);
  if (adjust) adjust(options);
  return options;
}

}  // namespace

NewsroomTest::NewsroomTest(const std::function<void(NotificationsOptions&)>& adjust, bool workers) {
  notifications_ = std::make_unique<Notifications>(postgres_.database(), crypto::MacKey::Random(), articles_.channel(),
                                                   memberships_.channel(), OptionsFor(sink_, adjust));
  server_ = std::make_unique<::masthead::testing::TestServer>(notifications_->services());
  subscriptions_ = v1::SubscriptionService::NewStub(server_->Channel());
  messages_ = v1::MessageService::NewStub(server_->Channel());
  deliveries_ = v1::DeliveryService::NewStub(server_->Channel());
  events_ = v1::EventsService::NewStub(server_->Channel());
  notifications_->StartConsumers();
  if (workers) notifications_->StartSending();
}

NewsroomTest::~NewsroomTest() { notifications_->StopWorkers(); }

void NewsroomTest::Until(const char* what, const std::function<bool()>& condition) {
  const absl::Time deadline = absl::Now() + kPatience;
  while (!condition()) {
    if (absl::Now() > deadline) {
      ADD_FAILURE() << "waited in vain until " << what;
      return;
    }
    absl::SleepFor(absl::Milliseconds(10));
  }
}

void NewsroomTest::AddReader(const std::string& id, const std::vector<std::string>& topics, const std::string& locale,
                             const std::vector<std::string>& tiers) {
  memberships_.Register(id, absl::StrCat(id, "@readers.example"), locale, tiers);
  for (const std::string& topic : topics) memberships_.Consent(id, topic, true);
  Until("the reader is known", [&] {
    return postgres_.QueryValue(
               absl::StrCat("SELECT count(*) FROM subscriptions s JOIN recipients r ON r.number = s.recipient_number "
                            "WHERE r.id = '",
                            id, "'")) == absl::StrCat(topics.size()) &&
           !postgres_.QueryValue(absl::StrCat("SELECT 1 FROM recipients WHERE id = '", id, "'")).empty();
  });
}

void NewsroomTest::UntilRecipientsAre(int64_t count) {
  Until("the recipients are known", [&] {
    return postgres_.QueryValue("SELECT count(*) FROM recipients WHERE state = 'ACTIVE'") == absl::StrCat(count);
  });
}

void NewsroomTest::UntilSubscribed(const std::string& reader, const std::string& topic, const std::string& state) {
  Until("the choice is known", [&] {
    return postgres_.QueryValue(
               absl::StrCat("SELECT s.state FROM subscriptions s JOIN recipients r ON r.number = s.recipient_number "
                            "JOIN topics t ON t.number = s.topic_number WHERE r.id = '",
                            reader, "' AND t.id = '", topic, "'")) == state;
  });
}

v1::Message NewsroomTest::MessageAbout(const std::string& article) {
  v1::ListMessagesResponse response;
  Until("there is a message", [&] {
    v1::ListMessagesRequest request;
    request.set_article(absl::StrCat("articles/", article));
    EXPECT_THAT(messages_->ListMessages(AsBackend().get(), request, &response), ::masthead::testing::IsOk());
    return response.messages_size() > 0;
  });
  return response.messages_size() > 0 ? response.messages(0) : v1::Message();
}

v1::Message NewsroomTest::GetMessage(const std::string& name) {
  v1::GetMessageRequest request;
  request.set_name(name);
  v1::Message message;
  EXPECT_THAT(messages_->GetMessage(AsBackend().get(), request, &message), ::masthead::testing::IsOk());
  return message;
}

int64_t NewsroomTest::CountMessages() { return std::stoll(postgres_.QueryValue("SELECT count(*) FROM messages")); }

v1::Message NewsroomTest::UntilEnded(const std::string& name) {
  v1::WatchMessageRequest request;
  request.set_name(name);
  const auto context = AsBackend();
  auto reader = messages_->WatchMessage(context.get(), request);
  v1::WatchMessageResponse response;
  while (reader->Read(&response)) {
  }
  EXPECT_THAT(reader->Finish(), ::masthead::testing::IsOk());
  return response.message();
}

std::vector<v1::Delivery> NewsroomTest::Deliveries(const std::string& message) {
  v1::ListDeliveriesRequest request;
  request.set_parent(message);
  request.set_page_size(1000);
  v1::ListDeliveriesResponse response;
  EXPECT_THAT(deliveries_->ListDeliveries(AsBackend().get(), request, &response), ::masthead::testing::IsOk());
  return {response.deliveries().begin(), response.deliveries().end()};
}

v1::Delivery NewsroomTest::DeliveryTo(const std::string& message, const std::string& reader) {
  v1::ListDeliveriesRequest list;
  list.set_parent(message);
  list.set_recipient(absl::StrCat("recipients/", reader));
  v1::ListDeliveriesResponse response;
  EXPECT_THAT(deliveries_->ListDeliveries(AsBackend().get(), list, &response), ::masthead::testing::IsOk());
  EXPECT_EQ(response.deliveries_size(), 1) << reader;
  if (response.deliveries_size() == 0) return {};
  v1::GetDeliveryRequest request;
  request.set_name(response.deliveries(0).name());
  v1::Delivery delivery;
  EXPECT_THAT(deliveries_->GetDelivery(AsBackend().get(), request, &delivery), ::masthead::testing::IsOk());
  return delivery;
}

std::vector<std::string> NewsroomTest::Exclusions(const std::string& message) {
  v1::ListExclusionsRequest request;
  request.set_parent(message);
  request.set_page_size(1000);
  v1::ListExclusionsResponse response;
  EXPECT_THAT(deliveries_->ListExclusions(AsBackend().get(), request, &response), ::masthead::testing::IsOk());
  std::vector<std::string> exclusions;
  for (const v1::Exclusion& exclusion : response.exclusions()) {
    exclusions.push_back(absl::StrCat(exclusion.recipient(), ": ", v1::Exclusion::Reason_Name(exclusion.reason())));
  }
  return exclusions;
}

std::vector<mail::SmtpSink::Message> NewsroomTest::LettersTo(const std::string& reader) {
  std::vector<mail::SmtpSink::Message> letters;
  for (const mail::SmtpSink::Message& letter : sink_.messages()) {
    if (letter.rcpt_to == absl::StrCat(reader, "@readers.example")) letters.push_back(letter);
  }
  return letters;
}

absl::Status NewsroomTest::FanOutStep() {
  const Cancellation never;
  return rpc::Firewall("fan-out", [&] { return notifications_->fan_out().Step(never); }).status();
}

absl::Status NewsroomTest::FanOutAll() {
  const Cancellation never;
  for (;;) {
    const absl::StatusOr<bool> more = rpc::Firewall("fan-out", [&] { return notifications_->fan_out().Step(never); });
    if (!more.ok() || !*more) return more.status();
  }
}

absl::Status NewsroomTest::SendStep() {
  const Cancellation never;
  return rpc::Firewall("sender", [&] { return notifications_->sender().Step(never); }).status();
}

absl::Status NewsroomTest::SendAll() {
  const Cancellation never;
  for (;;) {
    const absl::StatusOr<bool> more = rpc::Firewall("sender", [&] { return notifications_->sender().Step(never); });
    if (!more.ok() || !*more) return more.status();
  }
}

std::unique_ptr<grpc::ClientContext> NewsroomTest::Anonymous() {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(absl::ToChronoTime(absl::Now() + kPatience));
  return context;
}

std::unique_ptr<grpc::ClientContext> NewsroomTest::As(const std::string& token) const {
  auto context = Anonymous();
  ::masthead::testing::Authorize(*context, token);
  return context;
}

std::unique_ptr<grpc::ClientContext> NewsroomTest::AsBackend() const {
  return As(server_->BackendToken({"notifications.read", "notifications.write"}));
}

std::string NewsroomTest::UnsubscribeToken(const std::string& reader, const std::string& topic, uint8_t scope) {
  const std::string recipient =
      postgres_.QueryValue(absl::StrCat("SELECT number FROM recipients WHERE id = '", reader, "'"));
  const std::string number = postgres_.QueryValue(absl::StrCat("SELECT number FROM topics WHERE id = '", topic, "'"));
  return notifications_->unsubscribe_tokens().Issue(
      {.recipient = std::stoull(recipient), .topic = static_cast<uint32_t>(std::stoul(number)), .scope = scope});
}

}  // namespace masthead::notifications

#include "services/notifications/choices/confirm_page.h"

#include <string>

#include "absl/strings/strip.h"
#include "absl/strings/substitute.h"
#include "absl/time/clock.h"
#include "services/notifications/choices/page.h"
#include "services/notifications/following/topic.h"
#include "services/notifications/recipients/confirmation_letters.h"

namespace masthead::notifications {
namespace {

constexpr char kConfirmSubscription[] = "masthead.notifications.v1.SubscriptionService.ConfirmSubscription";

constexpr char kForm[] = R"html(<form method="post"><button name="confirm" value="1">$0</button></form>
)html";

struct Words {
  const char* title;
  const char* asks_topic;  // $0: the topic.
  const char* asks_address;
  const char* button;
  const char* confirmed_topic;
  const char* confirmed_address;
};

constexpr Words kEnglish = {"Please confirm",        "Do you want to follow “$0”?",
                            "Is this your address?", "Yes",
                            "You follow “$0” now.",  "Thank you: your address is confirmed."};
constexpr Words kUkrainian = {
    "Підтвердьте, будь ласка",         "Ви хочете стежити за темою «$0»?",  "Це ваша адреса?", "Так",
    "Тепер ви стежите за темою «$0».", "Дякуємо: вашу адресу підтверджено."};

http::Response Page(const v1::ConfirmSubscriptionResponse& answer, bool confirmed) {
  const bool ukrainian = LanguageOf(answer.locale()) == "uk";
  const Words& words = ukrainian ? kUkrainian : kEnglish;
  const char* about_topic = confirmed ? words.confirmed_topic : words.asks_topic;
  const char* about_address = confirmed ? words.confirmed_address : words.asks_address;
  return HtmlPage(ukrainian ? "uk" : "en", words.title,
                  answer.topic().empty() ? std::string(about_address)
                                         : absl::Substitute(about_topic, EscapeHtml(answer.display_name())),
                  confirmed ? "" : absl::Substitute(kForm, words.button));
}

}  // namespace

http::Handler ConfirmPageHandler(Confirming& confirming) {
  return [&confirming](const http::Request& request) -> http::Response {
    const std::string token(absl::StripPrefix(request.path, kConfirmPath));
    if (request.method != "GET" && request.method != "HEAD" && request.method != "POST") {
      return {.status = 405, .headers = {{"Allow", "GET, HEAD, POST"}}};
    }
    const bool confirms = request.method == "POST";
    v1::ConfirmSubscriptionRequest confirm;
    confirm.set_token(token);
    const absl::StatusOr<v1::ConfirmSubscriptionResponse> answer =
        confirms ? confirming.Confirm(AnonymousCall(kConfirmSubscription), confirm)
                 : confirming.Look({.deadline = absl::Now() + kPagePatience}, token);
    return answer.ok() ? Page(*answer, confirms) : Refusal(answer.status());
  };
}

}  // namespace masthead::notifications

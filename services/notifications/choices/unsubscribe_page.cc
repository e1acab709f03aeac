#include "services/notifications/choices/unsubscribe_page.h"

#include <algorithm>
#include <array>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/strings/substitute.h"
#include "absl/time/clock.h"
#include "services/notifications/choices/page.h"
#include "services/notifications/following/topic.h"

namespace masthead::notifications {
namespace {

constexpr char kUnsubscribe[] = "masthead.notifications.v1.SubscriptionService.Unsubscribe";
constexpr char kChooseByLink[] = "masthead.notifications.v1.SubscriptionService.ChooseByLink";
constexpr char kOneClickField[] = "List-Unsubscribe";
constexpr char kOneClickValue[] = "One-Click";

// $0: the words of the button.
constexpr char kForm[] = R"html(<form method="post"><button name="List-Unsubscribe" value="One-Click">$0</button></form>
)html";

// $0: heading, $1: a line for each topic, $2: heading, $3: a line for each category, $4: save, $5: leave all.
constexpr char kChoicesForm[] = R"html(<form method="post">
<h2 style="font-size:1.1em">$0</h2>
$1<h2 style="font-size:1.1em">$2</h2>
$3<p><button name="choose" value="save">$4</button> <button name="choose" value="none">$5</button></p>
</form>
)html";

// $0: field, $1: ` checked` or nothing, $2: the words, $3: the field that says it was there to be chosen.
constexpr char kChoiceLine[] =
    R"html(<p><label><input type="checkbox" name="$0" value="1"$1> $2</label><input type="hidden" name="$3" value="1"></p>
)html";

constexpr char kFollow[] = "follow.";
constexpr char kShown[] = "shown.";
constexpr char kMute[] = "mute.";

struct Words {
  const char* title;
  const char* follows;  // $0: the topic.
  const char* left;
  const char* button;
  const char* topics;
  const char* muted;
  const char* save;
  const char* leave_all;
  // In the order of kCategories.
  std::array<const char*, 4> categories;
};

constexpr std::array<v1::Topic::Category, 4> kCategories = {v1::Topic::ALERT, v1::Topic::DIGEST,
                                                            v1::Topic::NEWSLETTER_ISSUE, v1::Topic::CAMPAIGN};

constexpr Words kEnglish = {"Unsubscribe",
                            "You follow “$0”.",
                            "You no longer follow “$0”.",
                            "Unsubscribe",
                            "What you follow",
                            "Send me none of these",
                            "Save",
                            "Unsubscribe from everything",
                            {"News as it happens", "Digests", "Newsletters", "Appeals for support"}};
constexpr Words kUkrainian = {
    "Відписатися", "Ви стежите за темою «$0».", "Ви більше не стежите за темою «$0».",
    "Відписатися", "За чим ви стежите",         "Не надсилати мені",
    "Зберегти",    "Відписатися від усього",    {"Новини одразу", "Дайджести", "Розсилки", "Прохання про підтримку"}};

std::string Line(absl::string_view field, bool checked, absl::string_view words, absl::string_view shown) {
  return absl::Substitute(kChoiceLine, EscapeHtml(field), checked ? " checked" : "", EscapeHtml(words),
                          EscapeHtml(shown));
}

std::string ChoicesForm(const v1::UnsubscribePage& page, const Words& words) {
  std::string topics;
  for (const v1::UnsubscribePage::Choice& choice : page.choices()) {
    const std::string id = TopicIdOf(choice.topic());
    topics += Line(absl::StrCat(kFollow, id), choice.subscribed(), choice.display_name(), absl::StrCat(kShown, id));
  }
  std::string categories;
  for (size_t i = 0; i < kCategories.size(); ++i) {
    const std::string& name = v1::Topic::Category_Name(kCategories[i]);
    const bool muted = std::find(page.muted_categories().begin(), page.muted_categories().end(), kCategories[i]) !=
                       page.muted_categories().end();
    categories += Line(absl::StrCat(kMute, name), muted, words.categories[i], absl::StrCat(kShown, name));
  }
  return absl::Substitute(kChoicesForm, words.topics, topics, words.muted, categories, words.save, words.leave_all);
}

http::Response Page(const v1::UnsubscribePage& page) {
  const bool ukrainian = LanguageOf(page.locale()) == "uk";
  const Words& words = ukrainian ? kUkrainian : kEnglish;
  const std::string text =
      absl::Substitute(page.subscribed() ? words.follows : words.left, EscapeHtml(page.display_name()));
  return HtmlPage(
      ukrainian ? "uk" : "en", words.title, text,
      absl::StrCat(page.subscribed() ? absl::Substitute(kForm, words.button) : "", ChoicesForm(page, words)));
}

// What the page's own form says: of each topic and category that was shown, whether it is ticked. "none" leaves every
// topic.
v1::ChooseByLinkRequest FormOf(const http::Request& request, absl::string_view token, bool none) {
  v1::ChooseByLinkRequest choose;
  choose.set_token(std::string(token));
  for (const auto& [name, value] : request.parameters) {
    absl::string_view shown = name;
    if (!absl::ConsumePrefix(&shown, kShown)) continue;
    v1::Topic::Category category = v1::Topic::CATEGORY_UNSPECIFIED;
    if (v1::Topic::Category_Parse(std::string(shown), &category)) {
      const bool muted = request.parameters.contains(absl::StrCat(kMute, shown));
      (muted ? choose.mutable_muted_categories() : choose.mutable_unmuted_categories())->Add(category);
    } else {
      const bool follows = !none && request.parameters.contains(absl::StrCat(kFollow, shown));
      *(follows ? choose.mutable_followed_topics() : choose.mutable_left_topics())->Add() = TopicName(shown);
    }
  }
  return choose;
}

}  // namespace

bool SaysOneClick(const http::Request& request) {
  const auto content_type = request.headers.find("content-type");
  if (content_type != request.headers.end() &&
      absl::StartsWithIgnoreCase(content_type->second, "multipart/form-data")) {
    const auto field = request.parameters.find(kOneClickField);
    return field != request.parameters.end() && field->second == kOneClickValue;
  }
  // The body itself: what the query says does not count.
  for (const absl::string_view pair : absl::StrSplit(absl::StripAsciiWhitespace(request.body), '&')) {
    if (pair == absl::StrCat(kOneClickField, "=", kOneClickValue)) return true;
  }
  return false;
}

http::Handler UnsubscribePageHandler(Unsubscribing& unsubscribing) {
  return [&unsubscribing](const http::Request& request) -> http::Response {
    const std::string token(absl::StripPrefix(request.path, kUnsubscribePath));
    if (request.method != "GET" && request.method != "HEAD" && request.method != "POST") {
      return {.status = 405, .headers = {{"Allow", "GET, HEAD, POST"}}};
    }
    if (request.method == "POST" && SaysOneClick(request)) {
      v1::UnsubscribeRequest leave;
      leave.set_token(token);
      const absl::Status status = unsubscribing.Leave(AnonymousCall(kUnsubscribe), leave).status();
      if (!status.ok()) return Refusal(status);
    }
    const auto choose = request.parameters.find("choose");
    if (request.method == "POST" && choose != request.parameters.end()) {
      const absl::StatusOr<v1::UnsubscribePage> page =
          unsubscribing.Choose(AnonymousCall(kChooseByLink), FormOf(request, token, /*none=*/choose->second == "none"));
      return page.ok() ? Page(*page) : Refusal(page.status());
    }
    const absl::StatusOr<v1::UnsubscribePage> page =
        unsubscribing.Look({.deadline = absl::Now() + kPagePatience}, token);
    return page.ok() ? Page(*page) : Refusal(page.status());
  };
}

}  // namespace masthead::notifications

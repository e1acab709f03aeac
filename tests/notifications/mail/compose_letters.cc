// Writes letters as files into the folder given, for a MIME parser that is not ours: parse_letters.py knows what must
// be in each.
#include <cstdio>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/notifications/mail/letter.h"

namespace masthead::notifications::mail {
namespace {

Letter Ukrainian() {
  Letter letter;
  letter.from = "alerts@news.example";
  letter.from_name = "Київ Незалежний";
  letter.reply_to = "desk@news.example";
  letter.subject = "Росія завдала масованого удару по Києву: 12 загиблих, десятки поранених";
  letter.text = absl::StrCat("Росія завдала масованого удару по Києву.\n.\nЗагинули 12 людей.  \n\nВідписатися: ",
                             kUnsubscribeUrlSlot, "\nКінець\n");
  letter.html =
      absl::StrCat("<p>Росія завдала удару.</p>\n<p><a href=\"", kUnsubscribeUrlSlot, "\">Відписатися</a></p>");
  letter.date = absl::FromUnixSeconds(1700000000);
  letter.language = "uk";
  letter.list_id = "breaking.news.example";
  letter.list_name = "Термінові новини";
  letter.feedback_id = "breaking:alert:masthead";
  letter.to = "olha@example.com";
  letter.to_name = "Іваненко, Ольга \"О\"";
  letter.message_id = "<l2y3m6b6b5oplgoboosf5xlrrq@mail.kyiv.example>";
  letter.unsubscribe_url = "https://news.example/u/AQcAAAEfcfsEywAAACoCORb0OXETXbym9-GJomJjmQ?a=1&b=2";
  letter.unsubscribe_mailto = "unsubscribe+AQc@news.example";
  return letter;
}

Letter English() {
  Letter letter = Ukrainian();
  letter.from_name = "The Desk, Kyiv";
  letter.subject = "Breaking: Kyiv";
  for (int i = 0; i < 30; ++i) absl::StrAppend(&letter.subject, " and ", i);
  letter.text = absl::StrCat(std::string(3000, 'x'), "\n.\n..two = 2\ntrailing \t \n", kUnsubscribeUrlSlot, "\n");
  letter.html = absl::StrCat("<p>", std::string(3000, 'y'), "</p><a href=\"", kUnsubscribeUrlSlot, "\">Leave</a>");
  letter.language = "en";
  letter.list_name = "";
  letter.to_name = "";
  return letter;
}

Letter Receipt() {
  Letter letter;
  letter.from = "receipts@news.example";
  letter.subject = "=?UTF-8?B?typed by an editor?=";
  letter.text = "Thank you.\r\nYour code: 123456";
  letter.transactional = true;
  letter.to = "olha@example.com";
  letter.message_id = "<receipt@mail.kyiv.example>";
  return letter;
}

int Write(const std::string& folder) {
  const std::pair<const char*, Letter> letters[] = {
      {"ukrainian", Ukrainian()}, {"english", English()}, {"receipt", Receipt()}};
  for (const auto& [name, letter] : letters) {
    const absl::StatusOr<std::string> bytes = Compose(letter);
    if (!bytes.ok()) {
      fprintf(stderr, "%s: %s\n", name, bytes.status().ToString().c_str());
      return 1;
    }
    std::ofstream(absl::StrCat(folder, "/", name, ".eml"), std::ios::binary) << *bytes;
  }
  return 0;
}

}  // namespace
}  // namespace masthead::notifications::mail

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  return masthead::notifications::mail::Write(argv[1]);
}

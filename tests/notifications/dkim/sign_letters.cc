// sign_letters FOLDER FILE...: letters of many kinds, each signed with all the keys FILE
// (SELECTOR._domainkey.DOMAIN.pem in FOLDER), to FOLDER/N.eml for a verifier that is not ours.
#include <cstdio>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/notifications/dkim/key_ring.h"
#include "services/notifications/mail/letter.h"
#include "services/notifications/mail/message_id.h"

namespace masthead::notifications {
namespace {

mail::Letter LetterOf(int kind) {
  mail::Letter letter;
  letter.from = "desk@news.example";
  letter.from_name = kind % 2 == 0 ? "Київ Незалежний" : "The Desk, Kyiv";
  letter.to = absl::StrCat("reader", kind, "@example.com");
  letter.subject = kind % 3 == 0
                       ? "Росія завдала масованого удару по Києву: 12 загиблих, десятки поранених"
                       : "Two  spaces, and a word for each of the twelve months of the year that has gone by so far";
  letter.date = absl::FromUnixSeconds(1700000000 + kind);
  letter.message_id = mail::MessageId("messages/1", absl::StrCat("endpoints/", kind), "news.example");
  letter.text = kind % 4 == 0 ? ".\r\n..dots at the start\n  two  spaces \t\nend   \n\n\n" : "Газета\n.\n\nкінець\n";
  if (kind % 3 != 0) letter.html = "<p>  wide\tspace  </p>\n\n";
  letter.transactional = kind % 5 == 0;
  if (!letter.transactional) {
    letter.list_id = "breaking.news.example";
    letter.list_name = "Новини";
    letter.feedback_id = "alert:breaking:1:news";
    letter.unsubscribe_url = "https://news.example/u/AQcAAAEfcfsEywAAACoCORb0OXETXbym9-GJomJjmQ";
    letter.unsubscribe_mailto = "unsubscribe+AQcAAA@news.example";
  }
  return letter;
}

int Run(const std::string& folder, const std::vector<std::string>& files) {
  dkim::KeyRing ring(folder);
  std::vector<dkim::Identity> identities;
  for (const std::string& file : files) {
    const std::vector<std::string> parts = absl::StrSplit(file.substr(0, file.size() - 4), "._domainkey.");
    identities.push_back({.domain = parts[1], .selector = parts[0], .key = ring.Find(parts[1], parts[0])});
    if (identities.back().key == nullptr) return 1;
  }
  dkim::BodyHashes hashes;
  for (int kind = 0; kind < 30; ++kind) {
    const mail::Letter letter = LetterOf(kind);
    std::ofstream(absl::StrCat(folder, "/", kind, ".eml"), std::ios::binary)
        << *dkim::Sign(*mail::Compose(letter), identities, letter.date, hashes);
  }
  return 0;
}

}  // namespace
}  // namespace masthead::notifications

int main(int argc, char** argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: sign_letters FOLDER FILE...\n");
    return 2;
  }
  return masthead::notifications::Run(argv[1], {argv + 2, argv + argc});
}

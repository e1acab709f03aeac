// Letters to desks in Postgres: their words sealed, and of who sent them only what they can be counted by.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/db/database.h"
#include "services/notifications/desks/desk_letter.h"

namespace masthead::notifications {

// What letters are counted by: MACs, since a hash of an address is soon undone.
struct LetterMarks {
  std::string network;
  std::string sender;  // Empty for one without an address.
  std::string words;
};

// What came within the windows before now.
struct RecentLetters {
  bool same_words = false;
  int of_network = 0;
  int of_sender = 0;
  int to_desk = 0;
  absl::Time oldest;  // Of those counted: when it leaves the window one more may come.
};

// Whoever else counts for one of these waits until the transaction ends.
RecentLetters CountRecentLetters(db::Transaction& tx, absl::string_view desk_id, const LetterMarks& marks);

// Sets the number and the time.
void InsertDeskLetter(db::Transaction& tx, DeskLetter& letter, const LetterMarks& marks);

std::optional<DeskLetter> LoadDeskLetter(db::Transaction& tx, absl::string_view id);

// The newest first, those before `before` if that is not 0; of the desk and about the article, where these are not
// empty.
std::vector<DeskLetter> LoadDeskLetters(db::Transaction& tx, absl::string_view desk_id, absl::string_view article_id,
                                        int64_t before, int limit);

// Whether it was there.
bool RemoveDeskLetter(db::Transaction& tx, absl::string_view id);

// Those past their time, at most `limit`; how many.
int64_t RemoveOldDeskLetters(db::Transaction& tx, int limit);

}  // namespace masthead::notifications

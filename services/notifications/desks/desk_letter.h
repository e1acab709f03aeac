// A reader's letter to a desk, and what keeps desks from being flooded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace masthead::notifications {

// How long one is kept: long enough to ask about it, not longer than it is needed.
inline constexpr absl::Duration kDeskLettersKept = absl::Hours(24 * 90);

// Whoever is over one of these waits: letters taken within the last hour.
inline constexpr absl::Duration kDeskLetterWindow = absl::Hours(1);
inline constexpr int kLettersOfANetwork = 5;
inline constexpr int kLettersOfASender = 5;
inline constexpr int kLettersToADesk = 200;

// Within this, the same words are not taken again, whoever sends them and whichever the desk.
inline constexpr absl::Duration kSameWordsWindow = absl::Hours(24);

// What a reader wrote: sealed at rest.
struct DeskLetterWords {
  std::string sender_name;
  std::string sender_address;  // As it is written to; may be empty.
  std::string subject;
  std::string text;
};

struct DeskLetter {
  int64_t number = 0;
  std::string id;
  std::string desk_id;
  std::string kind;        // Of v1::DeskLetter::Kind.
  std::string article_id;  // May be empty.
  std::string sealed_words;
  std::string message_id;  // Of the message that relays it.
  absl::Time create_time;
};

std::string DeskLetterName(absl::string_view id);

// Why the words look like spam: `TOO_MANY_LINKS` or `MARKUP`. Forms write plain text; what advertises writes links.
std::optional<std::string> CauseOfRefusal(const DeskLetterWords& words);

// Equal for texts that differ in case, white space and punctuation only: SHA-256 of what is left.
std::string WordsHash(absl::string_view text);

}  // namespace masthead::notifications

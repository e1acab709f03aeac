// Two entries of one person: what the one that stays takes from the one that goes. Pure rules.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "services/memberships/members/consent.h"
#include "services/memberships/members/member.h"

namespace masthead::memberships {

// All of `kept`, and of `merged` what it lacks, in the order of the keys, as far as there is room for `limit`.
std::map<std::string, std::string> Union(std::map<std::string, std::string> kept,
                                         const std::map<std::string, std::string>& merged, size_t limit);

// `kept` with what it lacks and `merged` has: labels, custom fields, note, display name, language, time zone. Both are
// open.
void TakeFrom(const Member& merged, Member& kept);

// Which of `merged` are the last word of the person: the most recent on a topic; of two at one moment the withdrawal;
// in doubt what was said already to `kept`. Both have one word at most on each topic.
std::vector<Consent> LaterWords(const std::vector<Consent>& kept, const std::vector<Consent>& merged);

}  // namespace masthead::memberships

// Members, consents and the audience, to and from the wire.
#pragma once

#include <set>
#include <string>

#include "masthead/memberships/v1/audience.pb.h"
#include "masthead/memberships/v1/consent.pb.h"
#include "masthead/memberships/v1/member.pb.h"
#include "services/memberships/members/audience.h"
#include "services/memberships/members/consent.h"
#include "services/memberships/members/member.h"

namespace masthead::memberships {

enum class EmailView { kFull, kMasked };
enum class NoteView { kShown, kHidden };

// Of a member whose personal fields are open. Without tiers, which hang on the time of the answer.
v1::Member ToProto(const Member& member, EmailView email, NoteView note);

// What is kept of a member in an answer to be given again: nothing personal.
v1::Member ToImpersonalProto(const Member& member);

v1::Consent ToProto(const Consent& consent);

v1::AudienceMember ToProto(const AudienceEntry& entry);

// Writes `fields` of `proto` into `member`, checked and normalised. A field that may not stand adds a violation.
void ParseFields(const v1::Member& proto, const std::set<std::string>& fields, Member& member,
                 FieldViolations& violations);

}  // namespace masthead::memberships

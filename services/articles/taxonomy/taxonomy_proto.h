// Contributors, sections, tags and places to and from the wire.
#pragma once

#include <set>
#include <string>

#include "common/base/errors.h"
#include "masthead/articles/v1/contributor.pb.h"
#include "masthead/articles/v1/place.pb.h"
#include "masthead/articles/v1/section.pb.h"
#include "masthead/articles/v1/tag.pb.h"
#include "services/articles/taxonomy/contributor.h"
#include "services/articles/taxonomy/place.h"
#include "services/articles/taxonomy/section.h"
#include "services/articles/taxonomy/tag.h"

namespace masthead::articles {

v1::Contributor::Kind ToProto(Contributor::Kind kind);
v1::Contributor ToProto(const Contributor& contributor);
v1::Section ToProto(const Section& section);
v1::Tag ToProto(const Tag& tag);
v1::Place ToProto(const Place& place);

// A violation for a kind that is missing or unknown.
Contributor::Kind ParseKind(v1::Contributor::Kind kind, FieldViolations& violations);

// Write those of `fields` from the wire.
void ParseFields(const v1::Contributor& proto, const std::set<std::string>& fields, Contributor& contributor);
void ParseFields(const v1::Section& proto, const std::set<std::string>& fields, Section& section);
void ParseFields(const v1::Tag& proto, const std::set<std::string>& fields, Tag& tag);
void ParseFields(const v1::Place& proto, const std::set<std::string>& fields, Place& place);

}  // namespace masthead::articles
